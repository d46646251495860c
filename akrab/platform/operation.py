"""The operation: permission first, then one transaction that joins an outer one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction
from django.utils.functional import Promise

from akrab.platform.actor import Actor
from akrab.platform.journal import entries
from akrab.platform.refusal import Forbidden, OnlyLooking

P = ParamSpec("P")
R = TypeVar("R")

OPERATIONS: dict[str, str] = {}

_noted: ContextVar[tuple[Actor, set[str]] | None] = ContextVar("noted_verbs", default=None)


def operation(*, may: str, journal: str | Promise = "", alone: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a function that changes something and the verb that its actor needs.

    The function is keyword-only and takes `by`; it raises `Refusal` when the business says no, and then nothing is kept.
    With `journal` (what it did, as people read it) the rows that it changes become an entry of the journal.
    One that is not `alone` is a step of others: when it fails inside one of them, that fails with it.
    """

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        OPERATIONS[f"{function.__module__}.{function.__qualname__}"] = may
        action = f"{function.__module__.split('.')[1]}.{function.__name__}"
        if journal:
            entries.ACTIONS[action] = journal

        @wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            by = kwargs["by"]
            assert isinstance(by, Actor)
            if by.viewer:
                raise OnlyLooking
            require(by, may)
            with transaction.atomic(savepoint=alone), entries.noting(by=by, action=action, may=may, words=journal):
                return function(*args, **kwargs)

        return guarded

    return declare


def require(by: Actor, verb: str) -> None:
    """Refuse unless the actor may do the verb; queries call it before they read."""
    if not by.may(verb):
        raise Forbidden(verb=verb)
    noted = _noted.get()
    if noted is not None and (noted[0].kind, noted[0].id) == (by.kind, by.id):
        noted[1].add(verb)


@contextmanager
def noting_verbs(by: Actor) -> Iterator[set[str]]:
    """The verbs that this actor needed for what happens inside."""
    verbs: set[str] = set()
    token = _noted.set((by, verbs))
    try:
        yield verbs
    finally:
        _noted.reset(token)
