"""The supervisor of `akrab up`: keeps the database, the web process and the worker alive, and stops them together."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from typing import IO, TextIO

import structlog

from akrab.platform.database.binaries import DatabaseUnavailable
from akrab.platform.database.lease import Lease

SUPERVISED = "AKRAB_SUPERVISED"
LOOK_EVERY = 0.25
ASK_DATABASE_EVERY = 2.0
GRACE = 12.0
STEADY_AFTER = 30.0
LONGEST_PAUSE = 15.0
PORT_WAIT = 6.0
LONG_LOG = 20 << 20
MEASURE_LOG_EVERY = 10.0
CLAIM_WAIT = 0.5  # a status command looks at the lock for an instant

log = structlog.get_logger("akrab.supervisor")


class CannotStart(Exception):
    """The supervisor cannot begin; not a `Refusal`, whose translation needs all of Django in memory."""


class Home:
    """The claim of one supervisor on a home folder, and the note about what runs there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock: IO[str] | None = None

    @property
    def note(self) -> Path:
        return self.folder / "up.json"

    @property
    def log(self) -> Path:
        return self.folder / "logs" / "akrab.log"

    def open_log(self) -> TextIO:
        """The log to go on with; a long one is put aside, in the place of the one put aside before."""
        self.log.parent.mkdir(exist_ok=True, mode=0o700)
        if self.log.exists() and self.log.stat().st_size > LONG_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        return self.log.open("a", encoding="utf-8", buffering=1)

    def trim_log(self) -> None:
        """Put a log aside that grew long while it is written to: a copy, because every process goes on with the same file."""
        if self.log.exists() and self.log.stat().st_size > LONG_LOG:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)

    def claim(self) -> None:
        """Be the only supervisor of this home; the kernel gives the claim back when we die."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.lock = (self.folder / "up.lock").open("w")
        deadline = time.monotonic() + CLAIM_WAIT
        while True:
            try:
                flock(self.lock, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.05)
            else:
                return
        running = self.read()
        raise CannotStart(
            f"Akrab already runs on {self.folder} (process {running.get('pid', '?')}, {running.get('address', '?')}). "
            "Stop it first, or choose another home with AKRAB_HOME."
        )

    def write(self, state: Mapping[str, object]) -> None:
        draft = self.note.with_suffix(".new")
        draft.write_text(json.dumps(state))
        draft.replace(self.note)

    def read(self) -> dict[str, object]:
        try:
            return dict(json.loads(self.note.read_text()))
        except (OSError, ValueError):
            return {}

    def running(self) -> dict[str, object]:
        """What runs on this home now; empty when nothing does."""
        try:
            with (self.folder / "up.lock").open() as lock:
                flock(lock, LOCK_SH | LOCK_NB)
        except BlockingIOError:
            return self.read()
        except OSError:
            return {}
        return {}

    def release(self) -> None:
        self.note.unlink(missing_ok=True)
        if self.lock:
            self.lock.close()


@dataclass
class Child:
    """One program that must always run; a dead one comes back after a pause that grows while it keeps dying."""

    name: str
    command: Sequence[str]
    files: tuple[int, ...] = ()
    log: TextIO | None = None
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    began: float = 0.0
    again_at: float = 0.0
    restarts: int = 0

    def start(self) -> None:
        self.began = time.monotonic()
        # its standard input is the cord: when we die it ends, and the child leaves (see follow_parent)
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            pass_fds=self.files,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
            env={**os.environ, SUPERVISED: "1"},
        )

    def look(self) -> bool:
        """Start it if it is time to; True when a new process was started."""
        now = time.monotonic()
        if self.process is not None:
            if self.process.poll() is None:
                return False
            self.bury(now)
        if now < self.again_at:
            return False
        self.start()
        return True

    def bury(self, now: float) -> None:
        assert self.process is not None
        self.deaths = 1 if now - self.began > STEADY_AFTER else self.deaths + 1
        pause = min(0.1 * 2**self.deaths, LONGEST_PAUSE)
        self.again_at = now + pause
        self.restarts += 1
        log.error("child died", child=self.name, code=self.process.returncode, pause=pause, lived=round(now - self.began, 1))
        if self.process.stdin:
            self.process.stdin.close()
        self.process = None

    def ask_to_leave(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def make_leave(self) -> None:
        if self.process and self.process.poll() is None:
            log.warning("child did not stop in time", child=self.name)
            self.process.kill()
            self.process.wait()


@dataclass
class Supervisor:
    """Runs the children until it is told to stop; also brings an embedded database back."""

    home: Home
    address: str
    children: Sequence[Child]
    lease: Lease | None = None
    stopping: bool = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.on_signal)
        try:
            self.watch()
        finally:
            self.stop()

    def on_signal(self, number: int, frame: object) -> None:
        if self.stopping:
            for child in self.children:
                child.make_leave()
        self.stopping = True

    def watch(self) -> None:
        ask_database_at = time.monotonic() + ASK_DATABASE_EVERY
        measure_log_at = time.monotonic() + MEASURE_LOG_EVERY
        while not self.stopping:
            started = [child.look() for child in self.children]
            if any(started):
                self.home.write(self.state())
            if self.lease and time.monotonic() > ask_database_at:
                self.revive_database(self.lease)
                ask_database_at = time.monotonic() + ASK_DATABASE_EVERY
            if time.monotonic() > measure_log_at:
                self.trim_log()
                measure_log_at = time.monotonic() + MEASURE_LOG_EVERY
            time.sleep(LOOK_EVERY)

    def trim_log(self) -> None:
        try:
            self.home.trim_log()
        except OSError as problem:  # a full disk must not end what runs
            log.warning("the log was not put aside", problem=str(problem))

    def revive_database(self, lease: Lease) -> None:
        if lease.cluster.running():
            return
        log.error("database died")
        try:
            lease.renew()
        except DatabaseUnavailable as problem:
            log.exception("database did not come back", problem=str(problem))
        else:
            log.info("database is back")

    def state(self) -> dict[str, object]:
        return {
            "pid": os.getpid(),
            "address": self.address,
            "children": {child.name: child.process.pid for child in self.children if child.process},
            "restarts": {child.name: child.restarts for child in self.children},
        }

    def stop(self) -> None:
        for child in self.children:
            child.ask_to_leave()
        deadline = time.monotonic() + GRACE
        for child in self.children:
            try:
                if child.process:
                    child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.make_leave()
        self.home.release()


def listen(host: str, port: int) -> socket.socket:
    """The socket that web processes inherit, so that clients only wait while one is replaced.

    A web process whose supervisor was killed may hold the port for a moment; that is waited for.
    """
    family, kind, _protocol, _name, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    deadline = time.monotonic() + PORT_WAIT
    while True:
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(where)
        except OSError as problem:
            listener.close()
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"Cannot listen on {host} port {port}: {problem.strerror}. Choose another port with --port."
                ) from problem
            time.sleep(0.2)
        else:
            listener.listen(256)
            return listener


def on_termination(number: int, frame: object) -> None:
    """SIGTERM while preparing ends like Ctrl-C: with the clean-up of everything that is open."""
    raise KeyboardInterrupt


def is_supervised() -> bool:
    return os.environ.get(SUPERVISED) == "1"


def follow_parent() -> None:
    """Leave when the supervisor is gone, even if it was killed; does nothing for a process that runs alone."""
    if is_supervised():
        threading.Thread(target=_wait_for_end, daemon=True, name="follow-parent").start()


def _wait_for_end() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)
    os._exit(1)
