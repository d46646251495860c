"""Memory at rest of a web process and a worker, beside an empty Python process that imported Django."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

import psutil

from akrab.cli.benches.measure import Result, Row, ratio
from akrab.platform.ports import free_port

AKRAB = (sys.executable, "-m", "akrab.cli.main")
FLOOR = "a Python process that only imported Django"
REST = 5.0
WITHIN = 60.0
PAGES = ("/healthz", "/sign-in/", "/sign-in/?next=/customers/", "/api/v1/customers")


def memory() -> Result:
    """Proportional set size after some requests and a few seconds of rest."""
    floor = _rest((sys.executable, "-c", "import django, time; time.sleep(60)"))
    web = _web()
    worker = _rest((*AKRAB, "worker"))
    return Result(
        "memory",
        FLOOR,
        [
            Row("Python with Django", {"PSS MiB": round(floor)}, 1.0),
            Row("web", {"PSS MiB": round(web)}, ratio(web, floor)),
            Row("worker", {"PSS MiB": round(worker)}, ratio(worker, floor)),
            Row("web and worker", {"PSS MiB": round(web + worker)}, None, "≤ 250 MiB"),
        ],
    )


def _web() -> float:
    port = free_port()
    return _rest((*AKRAB, "web", "--port", str(port)), port=port)


def _rest(command: Sequence[str], *, port: int = 0) -> float:
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "AKRAB_LOG_LEVEL": "ERROR"}
    )
    try:
        if port:
            _visit(port)
        time.sleep(REST)
        return _pss(psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(20)


def _visit(port: int) -> None:
    opener = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        try:
            opener.open(f"http://127.0.0.1:{port}/healthz", timeout=5).read()
            break
        except (URLError, OSError):
            time.sleep(0.2)
    for address in PAGES * 5:
        try:
            opener.open(f"http://127.0.0.1:{port}{address}", timeout=60).read()
        except HTTPError:
            continue


def _pss(process: psutil.Process) -> float:
    return float(sum(one.memory_full_info().pss for one in (process, *process.children(recursive=True))) / 2**20)
