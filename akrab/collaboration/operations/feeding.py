"""The secret address of somebody's calendar: made, and revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from akrab.collaboration.facts import FeedClosed, FeedOpened
from akrab.collaboration.models.activities import FeedAddress
from akrab.collaboration.queries.people import person_of
from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.operation import operation


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@operation(may="collaboration.view_work")
def open_feed(*, by: Actor, at: datetime) -> str:
    """Make the actor's own address; the one before stops working. Returns the secret, which is not kept."""
    secret = secrets.token_urlsafe(32)
    FeedAddress.objects.filter(user_id=person_of(by), revoked_at=None).update(revoked_at=at)
    made = FeedAddress.objects.create(user_id=person_of(by), digest=digest_of(secret), made_at=at)
    record([FeedOpened(feed_address_id=made.pk, opened_at=at)], by=by)
    return secret


@operation(may="collaboration.view_work")
def close_feed(*, by: Actor, at: datetime) -> None:
    """Revoke the actor's own address."""
    if FeedAddress.objects.filter(user_id=person_of(by), revoked_at=None).update(revoked_at=at):
        record([FeedClosed(user_id=person_of(by), closed_at=at)], by=by)
