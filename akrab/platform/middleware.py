"""Every request gets an actor, a language and a zone; a GET never writes; a refusal becomes an answer."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from psycopg.sql import Composable

from akrab.platform.actor import ANONYMOUS, Actor
from akrab.platform.customizing.fields import remembering
from akrab.platform.facts import noting_facts
from akrab.platform.ids import new_id
from akrab.platform.models import User
from akrab.platform.patience import as_refusal
from akrab.platform.refusal import OnlyLooking, Refusal
from akrab.platform.statements import writes
from akrab.platform.viewing import OWN, begin_view
from akrab.platform.views.errors import refused
from akrab.platform.web import announce_news, plain

Handler = Callable[[HttpRequest], HttpResponse]

OPEN_PATHS = ("/api/", "/healthz", "/readyz", "/metrics", "/static/")
ALLOWED_ON_GET = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(?:django_session|platform_token)"?\b', re.IGNORECASE)


class WriteOnGet(RuntimeError):
    """A GET tried to change something; only operations behind POST, PUT, PATCH and DELETE may."""


def actor_of(user: Any) -> Actor:
    """The actor of a signed-in person, or nobody."""
    if not isinstance(user, User):
        return ANONYMOUS
    ruled: bool | None = getattr(user, "ruled", None)
    return Actor("person", str(user.pk), str(user), user.role, "page", language=user.language, zone=user.zone, ruled=ruled)


class ActorMiddleware:
    """Who asks, in which language and zone; pages ask for sign-in unless they are public."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = plain(request)
        own.reference = str(structlog.contextvars.get_contextvars().get("request_id") or new_id())[-12:]
        own.news = {}
        own.actor = actor_of(request.user)
        viewed = begin_view(request, own.actor)
        if viewed:
            eyes: dict[str, Any] = {"viewer": str(request.user), "language": own.actor.language, "zone": own.actor.zone}
            own.viewed, own.user, own.actor = viewed, viewed.person, replace(actor_of(viewed.person), **eyes)
        language = own.actor.language if own.actor.id else _language_of(request)
        read_only = connection.execute_wrapper(refuse_write) if request.method in {"GET", "HEAD"} else nullcontext()
        with (
            translation.override(language),
            timezone.override(_zone_of(own.actor)),
            noting_facts() as facts,
            remembering(getattr(request.user, "fields_stamp", None)),
            read_only,
        ):
            response = self.get_response(request)
        announce_news(own, response, facts)
        response.headers.setdefault("Content-Language", language)
        if not own.actor.id:
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        own = plain(request)
        if own.actor.viewer and _is_closed_to_viewers(request):
            return refused(own, OnlyLooking())
        if own.actor.id or getattr(view, "public", False) or request.path.startswith(OPEN_PATHS):
            return None
        return _to_sign_in(request)


def _is_closed_to_viewers(request: HttpRequest) -> bool:
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return request.path.startswith(OWN)
    return request.path != resolve_url("platform:viewing")


class RefusalMiddleware:
    """The business said no: a toast to htmx, a page to everyone else, with the refusal's own status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        refusal = problem if isinstance(problem, Refusal) else as_refusal(problem)
        if refusal is None or request.path.startswith("/api/"):
            return None
        return refused(plain(request), refusal)


def refuse_write(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Let a reading statement through; a writing one is a bug of the page."""
    words = sql.as_string() if isinstance(sql, Composable) else sql.decode() if isinstance(sql, bytes) else str(sql)
    if writes(words) and not ALLOWED_ON_GET.match(words):
        raise WriteOnGet(words[:300])
    return execute(sql, params, many, context)


def _language_of(request: HttpRequest) -> str:
    known = [code for code, _name in settings.LANGUAGES]
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in known:
        return chosen
    asked = translation.get_language_from_request(request) if "Accept-Language" in request.headers else ""
    return asked if asked in known else settings.LANGUAGE_CODE


def _zone_of(actor: Actor) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(actor.zone if actor.id else settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    back = request.headers.get("HX-Current-URL", "") if plain(request).htmx else request.get_full_path()
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    if plain(request).htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
