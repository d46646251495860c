"""Reads every AKRAB_ environment variable once, with its type, default and meaning."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: its name, default as shown in the docs, and what it is for."""

    name: str
    default: str
    meaning: str


VARIABLES: dict[str, Variable] = {}


def text(name: str, default: str, meaning: str) -> str:
    """The value of a variable, or its default; the variable is listed in `docs/settings.md`."""
    VARIABLES[name] = Variable(name, default, meaning)
    return os.environ.get(name) or default


def flag(name: str, default: bool, meaning: str) -> bool:
    value = text(name, "1" if default else "0", meaning).strip().lower()
    return value in {"1", "true", "yes", "on"}


def number(name: str, default: int, meaning: str) -> int:
    return int(text(name, str(default), meaning))


def words(name: str, default: str, meaning: str) -> list[str]:
    return [word.strip() for word in text(name, default, meaning).split(",") if word.strip()]


HOME = Path(text("AKRAB_HOME", "~/.akrab", "Folder of the embedded database, lake, files and keys.")).expanduser()


def secret_key() -> str:
    """The signing key: from the environment, else made once and kept readable by the owner only."""
    given = text("AKRAB_SECRET_KEY", "", "Signing key; made and kept in the home folder when unset.")
    if given:
        return given
    kept = HOME / "secret.key"
    if not kept.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        draft = kept.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, kept)
        draft.unlink()
    return kept.read_text().strip()
