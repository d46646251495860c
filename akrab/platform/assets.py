"""Addresses of the built front end, each with a fingerprint so that browsers may keep them for long."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

BUILT = Path(__file__).resolve().parent.parent / "static" / "built"


def asset_address(name: str) -> str:
    """The address of `app.js` and the like; a fresh build changes it."""
    return _stamped(name, 0.0) if not settings.DEBUG else _stamped(name, _changed_at(name))


@cache
def _stamped(name: str, changed_at: float) -> str:
    file = _file(name)
    mark = sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else "missing"
    return f"{static(f'built/{name}')}?v={mark}"


def _changed_at(name: str) -> float:
    file = _file(name)
    return file.stat().st_mtime if file.is_file() else 0.0


def _file(name: str) -> Path:
    return Path(f"{BUILT}/{name}")  # not BUILT / name: paths refuse the SafeString of a template
