"""UUIDv7 keys made in Python: sortable by time, strictly increasing within one process."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = [0]


def new_ids(count: int) -> list[UUID]:
    """`count` increasing UUIDv7 values (RFC 9562: 48 bits of milliseconds, 74 bits of counter and chance)."""
    tail = int.from_bytes(os.urandom(8), "big") >> 2
    with _lock:
        clock = (time.time_ns() // 1_000_000) << 12
        first = max(clock, _last[0] + 1)
        _last[0] = first + count - 1
    return [_layout(first + step, tail) for step in range(count)]


def new_id() -> UUID:
    """One new UUIDv7."""
    return new_ids(1)[0]


def _layout(stamp: int, tail: int) -> UUID:
    milliseconds, counter = stamp >> 12, stamp & 0xFFF
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | tail)
