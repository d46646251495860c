"""Where people are signed in: noted when they come in, seen now and then, ended one by one or all together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import User
from akrab.platform.operation import operation
from akrab.platform.refusal import NotFound
from akrab.platform.sign_in_facts import SessionsEnded
from akrab.platform.signing.devices import device_of

AGENT_KEPT = UserSession._meta.get_field("user_agent").max_length or 200


@operation(may="platform.edit_own_settings")
def note_session(*, by: Actor, key: str, address: str, agent: str, at: datetime) -> None:
    """Keep where and when a person was last seen with this session."""
    seen = {"user_id": UUID(by.id), "ip": _plain(address), "user_agent": agent[:AGENT_KEPT], "last_seen_at": at}
    UserSession.objects.update_or_create(session_key=key, defaults=seen, create_defaults=seen | {"created_at": at})


@operation(may="platform.edit_own_settings")
def end_session(*, by: Actor, session_id: int, at: datetime) -> SessionsEnded:
    """Sign oneself out of one device."""
    mine = UserSession.objects.filter(user_id=by.id, pk=session_id)
    if not mine.exists():
        raise NotFound
    return _end(mine, user_id=UUID(by.id), by=by, at=at)


@operation(may="platform.edit_own_settings")
def end_other_sessions(*, by: Actor, keep: str, at: datetime) -> SessionsEnded:
    """Sign oneself out everywhere but here."""
    return _end(UserSession.objects.filter(user_id=by.id).exclude(session_key=keep), user_id=UUID(by.id), by=by, at=at)


@operation(may="platform.edit_own_settings")
def move_session(*, by: Actor, old: str, new: str, at: datetime) -> SessionsEnded:
    """After a new password this session goes on under another key, and all others have ended."""
    UserSession.objects.filter(user_id=by.id, session_key=old).update(session_key=new, last_seen_at=at)
    return _end(UserSession.objects.filter(user_id=by.id).exclude(session_key=new), user_id=UUID(by.id), by=by, at=at)


@operation(may="platform.keep_house")
def forget_ended_sessions(*, by: Actor, before: datetime) -> None:
    """Sessions whose time is over leave both tables."""
    Session.objects.filter(expire_date__lt=before).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def end_all(user: User, *, by: Actor, at: datetime) -> SessionsEnded:
    """Sign a person out everywhere, inside another operation."""
    return _end(UserSession.objects.filter(user_id=user.pk), user_id=user.pk, by=by, at=at)


def forget(keys: Sequence[str]) -> None:
    """Sessions that ended by themselves leave the list."""
    UserSession.objects.filter(session_key__in=keys).delete()


def _end(sessions: Any, *, user_id: UUID, by: Actor, at: datetime) -> SessionsEnded:
    rows = list(sessions.order_by("pk"))
    keys = [row.session_key for row in rows]
    Session.objects.filter(session_key__in=keys).delete()
    forget(keys)
    fact = SessionsEnded(user_id=user_id, at=at, count=len(rows), devices=[device_of(row.user_agent).words for row in rows][:20])
    if rows:
        record([fact], by=by)
    return fact


def _plain(address: str) -> str:
    try:
        return str(ip_address(address))
    except ValueError:
        return "0.0.0.0"  # noqa: S104
