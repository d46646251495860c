"""The backup file: a tar of the database dump, the lake and the files, ending with the checksum of each member."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from akrab.platform.refusal import Refusal

FORMAT = 1
DUMP = "database.dump"
CONTENTS = "contents.json"


class NotABackup(Refusal):
    code = "not_a_backup"
    status = 422
    message = _("%(file)s is not a complete Akrab backup: %(reason)s.")


class Writer:
    """Adds members and remembers what was written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.members: dict[str, str] = {}

    def add(self, path: Path, name: str) -> None:
        """Add a file under a name; one that vanished meanwhile (an old lake file) is left out."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return
        with source:
            info = self.tar.gettarinfo(fileobj=source, arcname=name)
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            hashing = Hashing(source)
            self.tar.addfile(info, hashing)
            self.members[name] = hashing.digest.hexdigest()

    def add_folder(self, folder: Path, name: str) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                self.add(path, f"{name}/{path.relative_to(folder)}")

    def finish(self, about: dict[str, Any]) -> None:
        body = json.dumps({"format": FORMAT, **about, "members": self.members}, indent=1).encode()
        info = tarfile.TarInfo(CONTENTS)
        info.size = len(body)
        info.mode = 0o600
        self.tar.addfile(info, io.BytesIO(body))


class Hashing(io.RawIOBase):
    """A stream that hashes what passes."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data: bytes = self.source.read(size)
        self.digest.update(data)
        return data


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """A new archive that appears under its name only when it is complete and on disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    mode = "w:gz" if target.name.endswith("gz") else "w"
    options: dict[str, Any] = {"compresslevel": 1} if mode == "w:gz" else {}
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            with tarfile.open(fileobj=stream, mode=mode, **options) as tar:  # type: ignore[call-overload]
                yield Writer(tar)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack into an empty folder and check every byte; returns what the archive says about itself."""
    try:
        with tarfile.open(source) as tar:
            tar.extractall(folder, filter="data")
        about = dict(json.loads((folder / CONTENTS).read_text()))
    except FileNotFoundError:
        if not source.exists():
            raise
        raise NotABackup(file=source, reason=_("its table of contents is missing")) from None
    except (tarfile.TarError, EOFError, ValueError, OSError) as problem:
        raise NotABackup(file=source, reason=problem) from problem
    for name, expected in about["members"].items():
        path = folder / name
        if not path.is_file() or sha256_of(path) != expected:
            raise NotABackup(file=source, reason=name)
    return about


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
