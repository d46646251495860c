"""Live events: who may listen, what is heard, and that a slow page holds nobody up."""

from __future__ import annotations

import asyncio
import json

import psycopg
import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from akrab.platform import live
from akrab.platform.live import WAITING, Hub, OpenPage, _messages, _stream, _who, announce, hub
from akrab.platform.models import User
from akrab.platform.tests.apart import apart


def heard(payload: str) -> list[str]:
    return [message["topic"] for message in _messages(payload)]


def test_facts_and_announcements_become_messages_and_rubbish_does_not() -> None:
    assert heard('{"facts": ["customers.customer_registered", "commerce.receipt_recorded"]}') == [
        "customers.customer_registered",
        "commerce.receipt_recorded",
    ]
    assert heard('{"topic": "platform.import_progress", "payload": {"percent": 40}}') == ["platform.import_progress"]
    assert heard("not json") == []
    assert heard("[1]") == []


def test_a_slow_page_loses_the_oldest_message_not_the_newest() -> None:
    page = OpenPage("ann")

    for number in range(WAITING + 5):
        page.offer(str(number))

    assert page.queue.qsize() == WAITING
    assert page.queue.get_nowait() == "5"


def test_a_message_to_one_person_reaches_only_their_pages() -> None:
    hub, ann, bo = Hub(), OpenPage("ann"), OpenPage("bo")
    hub.pages |= {ann, bo}

    hub._pass_on({"topic": "done", "payload": {}, "to": "ann"})
    hub._pass_on({"topic": "all", "payload": {}, "to": ""})

    assert (ann.queue.qsize(), bo.queue.qsize()) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_news_is_heard_when_its_transaction_commits() -> None:
    parts = connection.settings_dict
    with psycopg.connect(
        host=parts["HOST"],
        dbname=parts["NAME"],
        user=parts["USER"],
        password=parts["PASSWORD"],
        port=parts["PORT"] or None,
        autocommit=True,
    ) as ear:
        ear.execute("LISTEN akrab_live")
        with transaction.atomic():
            announce("platform.import_progress", {"percent": 40})
        with transaction.atomic():
            announce("never", {})
            transaction.set_rollback(True)
        notices = list(ear.notifies(timeout=30, stop_after=1)) + list(ear.notifies(timeout=0.1))

    assert [json.loads(notice.payload)["topic"] for notice in notices] == ["platform.import_progress"]


@pytest.mark.django_db(transaction=True)
def test_a_page_is_told_when_it_begins_to_miss_nothing() -> None:
    user = User.objects.create(email="ann@example.com", role="staff")

    async def open_page() -> list[str]:
        lines = _stream("", str(user.pk))
        heard = [await anext(lines), await anext(lines)]
        await asyncio.to_thread(announce_elsewhere)
        heard.append(await anext(lines))
        await lines.aclose()  # type: ignore[attr-defined]
        return heard

    def announce_elsewhere() -> None:
        announce("platform.import_progress", {"percent": 40})
        connection.close()

    assert apart(lambda: asyncio.run(open_page())) == [
        ": welcome\n\n",
        "event: listening\ndata: {}\n\n",
        'data: {"topic": "platform.import_progress", "payload": {"percent": 40}}\n\n',
    ]
    assert not hub.pages


@pytest.mark.django_db(transaction=True)
def test_a_page_that_waits_for_the_database_is_kept_alive_and_leaves_when_its_session_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "hub", Deaf())
    monkeypatch.setattr(live, "KEEP_ALIVE", 0.01)
    monkeypatch.setattr(live, "LOOK_AGAIN", 0)

    async def open_page() -> list[str]:
        return [line async for line in _stream("made-up", "ann")]

    assert apart(lambda: asyncio.run(open_page())) == [": welcome\n\n", ": still here\n\n"]
    assert not live.hub.pages


class Deaf(Hub):
    """A hub that cannot reach the database."""

    async def _hear(self) -> None:
        await asyncio.Event().wait()


@pytest.mark.django_db
def test_only_a_live_session_of_an_active_person_may_listen() -> None:
    user = User.objects.create(email="ann@example.com", role="staff")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session.save()
    key = session.session_key or ""

    assert _who(key) == str(user.pk)
    assert _who("") == ""
    assert _who("made-up") == ""
    User.objects.update(is_active=False)
    assert _who(key) == ""
