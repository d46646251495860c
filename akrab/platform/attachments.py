"""Files that people attach: kept under home by their content, given back only as downloads."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from akrab.platform.ids import new_id
from akrab.platform.refusal import NotFound, Refusal

MEBIBYTE = 1024 * 1024
LARGEST = 25 * MEBIBYTE
PLAIN = "application/octet-stream"
KNOWN = ("image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf", "text/plain", "text/csv")
_ODD = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]')


class FileTooLarge(Refusal):
    code = "file_too_large"
    status = 413
    message = _("“%(name)s” is larger than %(most)s MB.")


class Upload(Protocol):
    """What a form gives: a name, and the bytes in pieces."""

    @property
    def name(self) -> str | None: ...

    def chunks(self) -> Iterable[Any]: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept."""

    name: str
    media_type: str
    size: int
    digest: str


def keep(upload: Upload, *, most: int = LARGEST) -> Kept:
    """Write a file below home, once for each content; refuses one that is too large."""
    name = safe_name(upload.name or "")
    folder = settings.FILES_ROOT / "attachments"
    folder.mkdir(parents=True, exist_ok=True)
    waiting = folder / f".{new_id()}"
    digest, size = hashlib.sha256(), 0
    try:
        with waiting.open("wb") as file:
            for piece in upload.chunks():
                size += len(piece)
                if size > most:
                    raise FileTooLarge(name=name, most=most // MEBIBYTE)
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        place = _place(digest.hexdigest())
        place.parent.mkdir(parents=True, exist_ok=True)
        waiting.replace(place)
    finally:
        waiting.unlink(missing_ok=True)
    return Kept(name, media_type(name), size, digest.hexdigest())


def safe_name(name: str) -> str:
    """The last part of a name, without what misleads a reader or a file system."""
    plain = _ODD.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(". ")
    stem, dot, suffix = plain.rpartition(".")
    return (f"{stem[:140]}{dot}{suffix[:10]}" if dot else plain[:150]) or "file"


def media_type(name: str) -> str:
    """Of a few harmless kinds by the name; everything else is bytes."""
    guess = mimetypes.guess_type(name)[0] or PLAIN
    return guess if guess in KNOWN else PLAIN


def download(*, digest: str, name: str, media_type: str) -> FileResponse:
    """The file as a download that no browser runs."""
    place = _place(digest)
    if not place.is_file():
        raise NotFound
    response = FileResponse(place.open("rb"), content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=86400"
    return response


def _place(digest: str) -> Path:
    return Path(settings.FILES_ROOT) / "attachments" / digest[:2] / digest
