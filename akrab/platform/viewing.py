"""Who is looked at in a session: an administrator who sees Akrab as another person does, and may change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.models import User

VIEWING = "viewing_as"
OWN = ("/security/", "/preferences/", "/keys/")
"""Pages about a person's own account, which nobody else is shown."""


@dataclass(frozen=True, slots=True)
class Viewed:
    """The administrator who looks, and the person as whom they look."""

    viewer: Actor
    person: User


def viewed_in(request: Any) -> Viewed | None:
    """The view of a request, if there is one."""
    found: Viewed | None = getattr(request, "viewed", None)
    return found


def begin_view(request: Any, own: Actor) -> Viewed | None:
    """Find out as whom a session looks; an administrator no more, or a person who is gone, ends it."""
    chosen = request.session.get(VIEWING) if own.id and hasattr(request, "session") else None
    if not chosen or not own.may("platform.view_as"):
        return None
    person = User.objects.filter(pk=UUID(chosen), is_active=True).first()
    return Viewed(own, person) if person else None
