"""Writing a backup while people work: the database in one snapshot, the lake and the files beside it, keys apart."""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from akrab.platform.actor import Actor
from akrab.platform.archiving.archive import DUMP, Writer, sha256_of, writing
from akrab.platform.database import embedded
from akrab.platform.database.binaries import DatabaseUnavailable, find
from akrab.platform.lake.location import lake_root
from akrab.platform.lake.manifest import CURRENT, read_current
from akrab.platform.operations.backups import note_backup

KEYS_SUFFIX = ".keys"


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written."""

    file: Path
    keys: Path | None
    size: int
    sha256: str


def back_up(*, by: Actor, target: Path, at: datetime) -> Backup:
    """Write everything into one file; the signing key goes into a second one that can be kept elsewhere."""
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".akrab-backup-", dir=target.parent) as folder, writing(target) as archive:
        add_lake(archive)  # before the dump: a restored lake must never know more than the database
        dump(Path(folder) / DUMP)
        archive.add(Path(folder) / DUMP, DUMP)
        archive.add_folder(settings.FILES_ROOT, "files")
        archive.finish({"made_at": at.isoformat(), "akrab": version("akrab"), "postgresql": find().major})
    made = Backup(target, write_keys(target), target.stat().st_size, sha256_of(target))
    note_backup(by=by, at=at, file=str(target), size=made.size, sha256=made.sha256)
    return made


def address() -> str:
    return settings.DATABASE_URL or embedded.url(settings.AKRAB_HOME)


def dump(target: Path) -> None:
    options = ("--format=custom", "--compress=1", "--no-owner", "--no-privileges")
    run("pg_dump", *options, f"--file={target}", f"--dbname={address()}")


def add_lake(archive: Writer) -> None:
    root = lake_root()
    snapshot = read_current(root)
    if snapshot is None:
        return
    archive.add(root / CURRENT, f"lake/{CURRENT}")
    for path in sorted(snapshot.paths()):
        archive.add(root / path, f"lake/{path}")


def write_keys(target: Path) -> Path | None:
    key = settings.AKRAB_HOME / "secret.key"
    if not key.exists():
        return None  # the key comes from the environment and is kept there
    place = target.with_name(target.name + KEYS_SUFFIX)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(key.read_text())
    return place


def run(program: str, *arguments: str) -> None:
    done = subprocess.run([find()[program], *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise DatabaseUnavailable(f"{program} failed: {done.stderr.strip()[-500:]}")
