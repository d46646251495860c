"""The way in for programs: requests under /api/ go straight to their view, without session, forms or page furniture."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve

from akrab.platform.api.keys import needs_note, note_use
from akrab.platform.api.problems import NulCharacter, answer_to, problem
from akrab.platform.api.replies import Reply
from akrab.platform.customizing.fields import remembering
from akrab.platform.middleware import refuse_write

PREFIX = "/api/"
TRUSTED_SECONDS = 5.0
PAGES = frozenset({"/api/v1/docs"})
Handler = Callable[[HttpRequest], HttpResponseBase]


class ApiEntrance:
    """Stands before the middleware of pages: a bearer request needs none of it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX) or request.path_info in PAGES:
            return self.get_response(request)
        return serve(request)


def serve(request: Any) -> HttpResponse:
    """The answer to one API request; whatever goes wrong is a problem document."""
    _trust_the_connection()
    head = request.method == "HEAD"
    if head:
        request.method = "GET"
    try:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise NulCharacter
        match = request.resolver_match = resolve(request.path_info, settings.API_URLCONF)
        with _reading_only(request), remembering():
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except Exception as trouble:
        response = answer_to(request, trouble)
    if response.status_code == 405:
        response = _not_allowed(response)
    _furnish(request, response)
    if head:
        response.content = b""
    return response


_used = threading.local()


def _trust_the_connection() -> None:
    """A connection that this thread used a moment ago is not asked whether it still works; a dead one fails as busy."""
    moment = time.monotonic()
    if moment - getattr(_used, "at", 0.0) < TRUSTED_SECONDS:
        connection.health_check_done = True  # type: ignore[attr-defined]
    _used.at = moment


def _reading_only(request: HttpRequest) -> AbstractContextManager[Any]:
    return connection.execute_wrapper(refuse_write) if request.method == "GET" else nullcontext()


def _not_allowed(response: HttpResponse) -> HttpResponse:
    allowed = response.headers.get("Allow", "")
    return problem(405, "method_not_allowed", f"This address takes {allowed}.", headers={"Allow": allowed})


def _furnish(request: Any, response: HttpResponse) -> None:
    headers = response.headers
    headers.setdefault("Cache-Control", "no-store")
    headers["X-Content-Type-Options"] = "nosniff"
    allowance = getattr(request, "allowance", None)
    if allowance:
        most, left, rest = allowance
        headers["RateLimit-Limit"] = str(most)
        headers["RateLimit-Remaining"] = str(left)
        headers["RateLimit-Reset"] = str(rest)
    key = getattr(request, "key", None)
    if key is not None and isinstance(response, Reply) and needs_note(key):
        response.afterwards = partial(note_use, key)
