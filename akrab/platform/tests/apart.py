"""Work in a thread of its own, for what starts an event loop: browser tests leave one running in the main thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def apart(work: Callable[[], T]) -> T:
    """What the work answers; its database connections are closed."""

    def done() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()
