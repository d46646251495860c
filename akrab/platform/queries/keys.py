"""API keys as their holders see them."""

from __future__ import annotations

from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.models import Token
from akrab.platform.refusal import NotFound


def get_key(*, by: Actor, token_id: UUID) -> Token:
    """The key that is asking."""
    found = Token.objects.select_related("user").filter(pk=token_id).first()
    if found is None or by.id != str(token_id):
        raise NotFound
    return found
