"""What every way of signing in ends with: a session, or the question for the second factor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import login
from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM
from akrab.platform.middleware import actor_of
from akrab.platform.models import User
from akrab.platform.operations.sessions import note_session
from akrab.platform.operations.signing_in import note_failure
from akrab.platform.people_facts import SignedIn
from akrab.platform.queries.sign_in_rules import needs_second_factor
from akrab.platform.refusal import Refusal
from akrab.platform.sign_in_facts import SecondFactorAsked
from akrab.platform.signing.factors import has_second_factor
from akrab.platform.signing.presence import MUST_PROTECT, SEEN_AT
from akrab.platform.web import Request, redirect

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "sign_in.pending"
CONFIRMED_AT = "sign_in.confirmed_at"
PENDING_LASTS = timedelta(minutes=10)
CONFIRMATION_LASTS = timedelta(minutes=15)


def come_in(request: Request, fact: SignedIn | SecondFactorAsked, back: str) -> HttpResponse:
    """Give whoever proved themselves a session, or send them on to their second factor."""
    if isinstance(fact, SecondFactorAsked):
        request.session.cycle_key()
        request.session[PENDING] = {"user": str(fact.user_id), "method": fact.method, "at": fact.at.isoformat(), "next": back}
        return redirect(request, "platform:second_factor")
    user = User.objects.get(pk=fact.user_id)
    request.session.pop(PENDING, None)
    login(request, user, backend=BACKEND)
    at = now()
    request.session[CONFIRMED_AT] = request.session[SEEN_AT] = at.isoformat()
    note_session(by=actor_of(user), key=str(request.session.session_key), at=at, **whence(request))
    if fact.method != "provider" and needs_second_factor(user.role) and not has_second_factor(user.pk):
        request.session[MUST_PROTECT] = True
        return redirect(request, "platform:security")
    return redirect(request, back)


def pending(request: Request) -> dict[str, Any] | None:
    """Who gave the first proof in this browser a short while ago, and how."""
    kept = request.session.get(PENDING)
    if not kept or datetime.fromisoformat(kept["at"]) < now() - PENDING_LASTS:
        return None
    return {"user_id": UUID(kept["user"]), "method": kept["method"], "next": kept["next"]}


def confirm(request: Request) -> None:
    request.session[CONFIRMED_AT] = now().isoformat()


def is_confirmed(request: Request) -> bool:
    """Whether the person proved to be themselves in the last quarter of an hour."""
    kept = request.session.get(CONFIRMED_AT)
    return kept is not None and datetime.fromisoformat(kept) > now() - CONFIRMATION_LASTS


def address_of(request: Request) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def whence(request: Request) -> dict[str, str]:
    """Where a session is: its address and what the browser says of itself."""
    return {"address": address_of(request), "agent": request.headers.get("User-Agent", "")}


def failed(request: Request, refusal: Refusal, method: str, *, email: str = "", user_id: UUID | None = None) -> None:
    """Keep a failed proof for the audit."""
    note_failure(
        by=SYSTEM, method=method, reason=refusal.code, address=address_of(request), at=now(), email=email, user_id=user_id
    )


def way_back(request: Request, address: str | None) -> str:
    """Where to go after signing in; only to an address of ours, in full or from the root."""
    safe = url_has_allowed_host_and_scheme(address or "", allowed_hosts={request.get_host()})
    return address if address and safe and "/" in address else "/"
