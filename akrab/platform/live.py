"""Live events: one LISTEN connection per process, fanned out to open pages through bounded queues."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import close_old_connections, connection, connections
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from akrab.platform.facts import CHANNEL
from akrab.platform.models import User

log = structlog.get_logger(__name__)

WAITING = 100
KEEP_ALIVE = 15.0
LOOK_AGAIN = 60.0
LARGEST = 7900
LISTENING = "event: listening\ndata: {}\n\n"  # from here on a page misses nothing


def announce(topic: str, payload: Mapping[str, Any] | None = None, *, to: str = "") -> None:
    """Tell open pages, when the running transaction commits; `to` (a user id) tells only that person's pages.

    Everyone who is signed in hears the rest: send ids and counts, never what is protected.
    """
    news = json.dumps({"topic": topic, "payload": dict(payload or {}), "to": to}, default=str)
    assert len(news.encode()) < LARGEST, "PostgreSQL carries at most 8000 bytes: send ids"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, news])


@dataclass(eq=False, slots=True)
class OpenPage:
    """One open page: whose it is, and what it has not been sent yet."""

    user_id: str
    queue: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(WAITING))

    def offer(self, message: str) -> None:
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(message)


class Hub:
    """Hears PostgreSQL once and passes on to every open page of this process."""

    def __init__(self) -> None:
        self.pages: set[OpenPage] = set()
        self.listening = asyncio.Event()
        self._ear: asyncio.Task[None] | None = None

    def join(self, user_id: str) -> OpenPage:
        if self._ear is None or self._ear.done():
            self.listening.clear()
            self._ear = asyncio.get_running_loop().create_task(self._hear())
        page = OpenPage(user_id)
        self.pages.add(page)
        return page

    def leave(self, page: OpenPage) -> None:
        self.pages.discard(page)
        if not self.pages and self._ear is not None:
            self._ear.cancel()
            self._ear = None

    async def _hear(self) -> None:
        missed = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as ear:
                    await ear.execute(f"LISTEN {CHANNEL}")
                    if missed:
                        self._pass_on({"topic": "live.resumed"})
                    missed = False
                    self.listening.set()
                    async for notice in ear.notifies():
                        for message in _messages(notice.payload):
                            self._pass_on(message)
            except psycopg.Error as problem:
                missed = True
                self.listening.clear()
                log.warning("live events wait for the database", problem=str(problem))
                await asyncio.sleep(1)

    def _pass_on(self, message: dict[str, Any]) -> None:
        to = message.pop("to", "")
        line = f"data: {json.dumps(message)}\n\n"
        for page in list(self.pages):
            if to in {"", page.user_id}:
                page.offer(line)


hub = Hub()


async def events(request: Request) -> Response:
    """The route of live events: for signed-in people, until they leave or their session ends."""
    key = _session_key(request)
    user_id = await asyncio.to_thread(_check, key)
    if not user_id:
        return Response(status_code=204)  # tells the browser not to try again
    headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(key, user_id), media_type="text/event-stream", headers=headers)


async def _stream(key: str, user_id: str) -> AsyncIterator[str]:
    clock = asyncio.get_running_loop().time
    checked = clock()
    page = hub.join(user_id)
    try:
        yield ": welcome\n\n"
        async for line in _lines(page):
            yield line
            if clock() - checked > LOOK_AGAIN:
                checked = clock()
                if await asyncio.to_thread(_check, key) != user_id:
                    return
    finally:
        hub.leave(page)


async def _lines(page: OpenPage) -> AsyncIterator[str]:
    """First that the page is heard, then what it hears; a sign of life whenever there was nothing to say for a while."""
    is_told = False
    while True:
        try:
            if is_told:
                yield await asyncio.wait_for(page.queue.get(), KEEP_ALIVE)
            else:
                await asyncio.wait_for(hub.listening.wait(), KEEP_ALIVE)
                is_told = True
                yield LISTENING
        except TimeoutError:
            yield ": still here\n\n"


def _messages(payload: str) -> list[dict[str, Any]]:
    """What a notification says: a message of `announce`, or the kinds of facts just recorded."""
    with suppress(ValueError, AttributeError):
        news = json.loads(payload)
        if "topic" in news:
            return [news]
        return [{"topic": kind, "payload": {}} for kind in news.get("facts", [])]
    return []


def _session_key(request: Request) -> str:
    cookies = SimpleCookie(request.headers.get("cookie", ""))
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""


def _check(key: str) -> str:
    """The same in a thread, whose connection may have died since its last use."""
    close_old_connections()
    return _who(key)


def _who(key: str) -> str:
    """The user id behind a session key, or nothing."""
    if not key:
        return ""
    store = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user_id = str(store.get(SESSION_KEY, ""))
    known = bool(user_id) and User.objects.filter(pk=user_id, is_active=True).exists()
    return user_id if known else ""


def _address() -> dict[str, Any]:
    parts = connections["default"].settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return {name: parts[key] for name, key in names.items() if parts[key]} | dict(parts["OPTIONS"])
