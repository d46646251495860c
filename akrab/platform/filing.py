"""Where kept files lie: noted relative to one folder that every machine of an installation sees, wherever it is mounted."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def noted(path: Path) -> str:
    """A path as it is kept in the database: inside our folder relative to it, elsewhere (a file of a command) absolute."""
    whole, root = path.resolve(), Path(settings.FILES_ROOT).resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else str(whole)


def located(note: str) -> Path:
    """The file of a note on this machine."""
    return Path(settings.FILES_ROOT) / note
