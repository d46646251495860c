"""Sessions are seen every few minutes; whoever must set up a second factor does that before anything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now

from akrab.platform.middleware import OPEN_PATHS, actor_of
from akrab.platform.operations.sessions import note_session

SEEN_AT = "sign_in.seen_at"
MUST_PROTECT = "sign_in.must_protect"
SEEN_EVERY = timedelta(minutes=5)
ALLOWED = ("/security/", "/sign-in/", "/language/")


class PresenceMiddleware:
    """Stands outside the guard of GETs: that somebody is here is not a change that they make."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(OPEN_PATHS):
            see(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.path.startswith(OPEN_PATHS + ALLOWED) or not request.session.get(MUST_PROTECT):
            return None
        address = reverse("platform:security")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)


def see(request: HttpRequest) -> None:
    """Note where a session is used, at most every few minutes."""
    seen, at = request.session.get(SEEN_AT), now()
    if not seen or datetime.fromisoformat(seen) > at - SEEN_EVERY or not request.user.is_authenticated:
        return
    request.session[SEEN_AT] = at.isoformat()
    note_session(
        by=actor_of(request.user), key=str(request.session.session_key), at=at,
        address=str(request.META.get("REMOTE_ADDR", "")), agent=request.headers.get("User-Agent", ""),
    )  # fmt: skip
