"""One port: live events without a thread per client, and Django's WSGI application in a fixed pool of threads."""

from __future__ import annotations

from importlib import import_module

from a2wsgi import WSGIMiddleware
from django.conf import settings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from akrab.config.wsgi import application as pages
from akrab.platform import live
from akrab.platform.wire import guarded


async def healthz(request: Request) -> Response:
    """The process is up; nothing else is asked."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


events = Starlette(routes=[Route("/events", live.events), Route("/healthz", healthz)])
import_module(settings.ROOT_URLCONF)  # now, so that the first visitor does not wait for every view
paths = frozenset({"/events", "/healthz"})
threads = guarded(WSGIMiddleware(pages, workers=settings.WEB_THREADS))  # type: ignore[arg-type]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Starlette takes its own routes and the life cycle, Django all the rest (docs/decisions/0010)."""
    if scope["type"] != "http" or scope["path"] in paths:
        await events(scope, receive, send)
    else:
        await threads(scope, receive, send)
