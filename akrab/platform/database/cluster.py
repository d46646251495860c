"""One private PostgreSQL server on a data folder: make it, start it, stop it, tell whether it lives."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from akrab.platform.database import account, configuration
from akrab.platform.database.binaries import Binaries, DatabaseUnavailable, find

OWNER = "akrab"
PORT = 5432
RECOVERY_SECONDS = 30
PATIENCE_WITH_ORPHANS = 3


@dataclass(frozen=True)
class Cluster:
    """A data folder and the server on it; `disposable` clusters lose data on a crash and are for tests."""

    data: Path
    disposable: bool = False

    @cached_property
    def binaries(self) -> Binaries:
        return find()

    @cached_property
    def socket_folder(self) -> Path:
        # short and in the temporary folder: a socket's path is limited to about 107 bytes
        digest = hashlib.sha256(str(self.data.resolve()).encode()).hexdigest()[:12]
        temporary = Path("/tmp")  # noqa: S108 - the same for every process, whatever its TMPDIR
        folder = temporary if temporary.is_dir() else Path(tempfile.gettempdir())
        return folder / f"akrab-pg-{os.getuid()}-{digest}"

    def url(self, name: str) -> str:
        return f"postgresql://{OWNER}@/{name}?host={quote(str(self.socket_folder), safe='/')}&port={PORT}"

    def running(self) -> bool:
        """Whether the server answers; the pid file is not asked, it outlives a killed server."""
        asked = [self.binaries["pg_isready"], "-q", "-h", str(self.socket_folder), "-p", str(PORT), "-t", "3"]
        return subprocess.run(asked, check=False, stdin=subprocess.DEVNULL).returncode == 0

    def start(self) -> bool:
        """Start the server unless it runs; after a crash keep trying until recovery lets it. True if started."""
        with self.locked():
            if self.running():
                return False
            self.create()
            self.open_socket_folder()
            self.configure()
            deadline = time.monotonic() + RECOVERY_SECONDS
            while True:
                begun = self.run("pg_ctl", "-D", str(self.data), "-w", "-t", "120", "-l", str(self.log), "start")
                if begun.returncode == 0 or self.running():
                    return True
                if time.monotonic() > deadline:
                    raise DatabaseUnavailable(f"The embedded database did not start: {self.last_words()}")
                self.clear_after_crash(patient=deadline - time.monotonic() > RECOVERY_SECONDS - PATIENCE_WITH_ORPHANS)
                time.sleep(0.2)

    def stop(self, mode: str = "fast") -> None:
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-m", mode, "stop")

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def pid(self) -> int | None:
        """The main server process, for supervision and kill tests."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    @contextmanager
    def locked(self) -> Iterator[None]:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with Path(f"{self.data}.lock").open("w") as handle:
            flock(handle, LOCK_EX)
            yield

    def create(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        if self.data.exists():  # an initdb that was killed half-way
            shutil.rmtree(self.data)
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        account.current().own(draft)
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
            if self.binaries.major >= 17
            else ["--locale=C.UTF-8"]
        )
        made = self.run(
            "initdb", "-D", str(draft), "-U", OWNER, "-E", "UTF8", *locale,
            "--auth-local=trust", "--auth-host=scram-sha-256", *(["--no-sync"] if self.disposable else []),
        )  # fmt: skip
        if made.returncode != 0:
            raise DatabaseUnavailable(f"The embedded database could not be made: {made.stdout.strip()[-600:]}")
        with (draft / "postgresql.conf").open("a") as main:
            main.write("\ninclude = 'akrab.conf'\n")
        draft.rename(self.data)

    def configure(self) -> None:
        chosen = configuration.settings(disposable=self.disposable)
        chosen |= {"unix_socket_directories": f"'{self.socket_folder}'", "port": str(PORT)}
        place = self.data / "akrab.conf"
        place.write_text(configuration.written(chosen))
        account.current().own(place)

    def open_socket_folder(self) -> None:
        """Clients trust whoever listens there, so the folder must be ours alone."""
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        owner = self.socket_folder.stat().st_uid
        if owner not in {os.geteuid(), account.current().owner}:
            raise DatabaseUnavailable(f"{self.socket_folder} belongs to another account; remove it and try again.")
        self.socket_folder.chmod(0o700)
        account.current().own(self.socket_folder)

    def clear_after_crash(self, *, patient: bool) -> None:
        """Hurry what a killed server left: its orphans, then a pid file that names a dead or foreign process."""
        orphans = self.processes()
        if self.pid in orphans:
            return
        if orphans:
            for orphan in () if patient else orphans:
                os.kill(orphan, signal.SIGQUIT)
        elif Path("/proc").is_dir():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def processes(self) -> set[int]:
        """Live processes of this cluster, known by their working folder (Linux)."""
        return {
            int(folder.parent.name)
            for folder in Path("/proc").glob("[0-9]*/cwd")
            if is_link_to(folder, self.data) and "postgres" in name_of(folder.parent)
        }

    def last_words(self) -> str:
        if not self.log.exists():
            return "no log was written."
        lines = re.split(r"\n", self.log.read_text(errors="replace").strip())
        return " ".join(lines[-3:])

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*account.current().prefix, self.binaries[program], *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            cwd="/",
        )  # fmt: skip


def of_home(home: Path) -> Cluster:
    """The cluster of a home; its folder carries PostgreSQL's major version, which cannot read another's."""
    return Cluster(home / f"postgres-{find().major}")


def is_link_to(link: Path, target: Path) -> bool:
    try:
        return link.readlink() == target.resolve()
    except OSError:
        return False


def name_of(process: Path) -> str:
    try:
        return (process / "comm").read_text()
    except OSError:
        return ""
