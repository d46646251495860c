"""Where the tests that kill keep their homes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.site import alive

MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
NAME = "akrab-kill-"


def in_memory() -> Path | None:
    """A folder in memory with room for some homes. A killed program, unlike a lost machine, loses nothing that it had
    written, on a disk or in memory; a disk only makes every test wait for it."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """An empty folder for homes, gone afterwards, as what killed test runs left there."""
    place = in_memory()
    for left in MEMORY.glob(f"{NAME}*") if place else ():
        if not alive(int(left.name.split("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{NAME}{os.getpid()}-", dir=place, ignore_cleanup_errors=True) as name:
        yield Path(name)
