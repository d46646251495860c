"""Preparing the next items in a thread while the database works on the last ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

from django.utils.translation import get_language, override

Item = TypeVar("Item")

_DEPTH = 2
_PATIENCE = 0.2


class _End:
    """The last thing in the queue, with the error that ended it, if any."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The same items, made up to two ahead; making them may not touch the database."""
    queue: Queue[Item | _End] = Queue(_DEPTH)
    stop, language = Event(), get_language()

    def offer(item: Item | _End) -> None:
        while not stop.is_set():
            try:
                queue.put(item, timeout=_PATIENCE)
            except Full:
                continue
            break

    def work() -> None:
        try:
            with override(language):
                for item in items:
                    offer(item)
                    if stop.is_set():
                        return
        except BaseException as error:  # raised again where the items are used
            offer(_End(error))
        else:
            offer(_End())

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        while not isinstance(item := queue.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        stop.set()
        thread.join()
