"""The chain of the audit: each link carries the hash of the one before and of what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

START = "0" * 64
COLUMNS = (
    "fact_id",
    "kind",
    "occurred_at",
    "recorded_at",
    "actor_kind",
    "actor_id",
    "actor_label",
    "entrance",
    "subject_kind",
    "subject_id",
    "payload_hash",
)
CONTENT = ", ".join(
    f"(extract(epoch FROM {name}) * 1000000)::bigint::text" if name.endswith("_at") else f"coalesce({name}::text, '')"
    for name in COLUMNS
)
"""SQL: the content of a link as texts that depend neither on the reader's zone nor on the version of the server."""


def link_hash(previous: str, seq: int, content: Sequence[Any]) -> str:
    """The hash of a link; lengths are part of it, so that no text can pass for two."""
    said = "".join(f"{len(str(part))}:{part};" for part in (previous, seq, *content))
    return hashlib.sha256(said.encode()).hexdigest()
