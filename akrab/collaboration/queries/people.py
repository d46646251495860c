"""People who use Akrab: whose desk an actor's is, and whom to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from akrab.platform.actor import Actor
from akrab.platform.models import User
from akrab.platform.operation import require
from akrab.platform.rights import standing

NOBODY = UUID(int=0)


def person_of(by: Actor) -> UUID:
    """The person behind an actor, also behind a key; a command or the system is nobody."""
    return standing.person_of(by) or NOBODY


def people_called(*, by: Actor, words: str = "", size: int = 8) -> list[User]:
    """People who can sign in, by letters of their name or address."""
    require(by, "collaboration.view_work")
    found = User.objects.filter(is_active=True)
    if words.strip():
        found = found.filter(Q(name__icontains=words.strip()) | Q(email__icontains=words.strip()))
    return list(found.order_by("name", "email", "pk")[:size])


def people_named(*, by: Actor, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these people."""
    require(by, "collaboration.view_work")
    wanted = set(ids)
    return {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)} if wanted else {}
