"""What `akrab up` says while it starts, and where its log goes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from akrab.cli import up
from akrab.cli.steps import Steps
from akrab.platform import supervision
from akrab.platform.supervision import Home


def test_the_way_in_is_the_last_thing_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(up, "answers", lambda _url: True)

    up.welcome("http://127.0.0.1:8000", {"email": "admin@localhost", "path": "/sign-in/abc/"}, Path("/home/sari/logs/akrab.log"))

    said = capsys.readouterr().out.splitlines()
    assert said == [
        "",
        "Akrab runs at http://127.0.0.1:8000/ until you press Ctrl-C.",
        "Its log is /home/sari/logs/akrab.log",
        "",
        "Sign in as admin@localhost (works once, for 24 hours):",
        "http://127.0.0.1:8000/sign-in/abc/",
        "",
    ]


def test_a_long_log_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path)
    with home.open_log() as log:
        log.write("first\n")
    with home.open_log() as log:
        log.write("second\n")
    monkeypatch.setattr(supervision, "LONG_LOG", 5)

    home.open_log().close()

    assert (home.log.read_text(), home.log.with_suffix(".log.1").read_text()) == ("", "first\nsecond\n")


def test_a_log_that_grows_long_while_running_is_put_aside_and_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    monkeypatch.setattr(supervision, "LONG_LOG", 5)

    with home.open_log() as log:
        log.write("long enough\n")
        home.trim_log()
        log.write("on\n")
        home.trim_log()

    assert (home.log.read_text(), home.log.with_suffix(".log.1").read_text()) == ("on\n", "long enough\n")


def test_without_a_terminal_each_tenth_is_one_line() -> None:
    out = io.StringIO()

    with Steps(Console(file=out)) as steps:
        step = steps.begin("Receipts", 40)
        for day in range(1, 41):
            steps.reach(step, day, f"{day} receipts")

    assert out.getvalue().splitlines() == ["Receipts: 0 %", *(f"{day} receipts: {day * 10 // 4} %" for day in range(4, 41, 4))]
