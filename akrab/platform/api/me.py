"""Who the key belongs to and what it may do."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from typing_extensions import TypedDict

from akrab.platform.api.replies import reply
from akrab.platform.queries.keys import get_key

router = Router(tags=["me"])


class Person(TypedDict):
    id: UUID
    email: str
    name: str
    role: str
    language: str
    zone: str


class KeyInfo(TypedDict):
    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None


class Me(TypedDict):
    person: Person
    key: KeyInfo


@router.get("/me", response=Me, summary="Who am I?")
def show(request: Any) -> HttpResponse:
    """The person of this key, and the key itself: without scopes it may all that the role of its person may."""
    key = get_key(by=request.actor, token_id=request.key)
    user = key.user
    return reply(
        Me(
            person=Person(id=user.pk, email=user.email, name=user.name, role=user.role, language=user.language, zone=user.zone),
            key=KeyInfo(
                id=key.pk,
                name=key.name,
                prefix=key.prefix,
                scopes=key.scopes,
                created_at=key.created_at,
                expires_at=key.expires_at,
            ),
        )
    )
