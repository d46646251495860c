"""A running Akrab on a home of its own, for tests that kill parts of it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from akrab.platform.database.cluster import of_home
from akrab.platform.supervision import Home

AKRAB = (sys.executable, "-m", "akrab.cli.main")
PATIENCE = 120.0


def environment(home: Path) -> dict[str, str]:
    """Ours without the settings of a test run, and the home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AKRAB_")}
    return {**kept, "AKRAB_HOME": str(home), "AKRAB_LOG_LEVEL": "WARNING"}


def akrab(home: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*AKRAB, *arguments], env=environment(home), capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 0 or not check, done.stderr
    return done


def status(home: Path, *options: str) -> dict[str, Any]:
    return dict(json.loads(akrab(home, "status", "--json", *options).stdout))


def wait_until(true: Callable[[], object], what: str) -> None:
    """Ask again and again; programs that come back cannot be waited for in any other way."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.1)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


class Site:
    """`akrab up` as a child process."""

    def __init__(self, home: Path, port: int = 0) -> None:
        self.home = home
        self.port = port
        self.process = self.begin()

    def begin(self) -> subprocess.Popen[bytes]:
        log = (self.home / "up.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [*AKRAB, "up", "--port", str(self.port)],
                env=environment(self.home), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        wait_until(lambda: self.answers("/readyz") or self.process.poll() is not None, "Akrab is ready")
        assert self.process.poll() is None, (self.home / "up.log").read_text()
        return self.process

    def note(self) -> dict[str, Any]:
        return Home(self.home).running()

    def pid_of(self, part: str) -> int:
        """The process of web, worker, database or supervisor; 0 while there is none."""
        if part == "supervisor":
            return self.process.pid
        if part == "database":
            return of_home(self.home).pid or 0
        return int(self.note().get("children", {}).get(part, 0))

    def kill(self, part: str) -> int:
        pid = self.pid_of(part)
        if pid and alive(pid):
            os.kill(pid, signal.SIGKILL)
            return pid
        return 0

    def answers(self, path: str) -> bool:
        return bool(self.read(path))

    def read(self, path: str) -> str:
        """The answer of a page, or nothing while there is none."""
        address = self.note().get("address")
        try:
            with build_opener(ProxyHandler({})).open(f"{address}{path}", timeout=5) as answer:
                return str(answer.read().decode())
        except (URLError, OSError, ValueError):
            return ""

    def figure(self, name: str) -> float:
        found = re.search(rf"^{name} (\S+)$", self.read("/metrics"), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def come_back(self) -> None:
        if self.process.poll() is not None:
            self.begin()
        wait_until(lambda: self.answers("/readyz"), "Akrab is ready again")

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)
