"""News for people: who hears what, once per record, quietly in bulk, by mail when they want it so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from django.test import Client

from akrab.collaboration.jobs import mail_digests, remind_people, tell_people
from akrab.collaboration.models.notices import Follow, Notice, Taste
from akrab.collaboration.operations.completing import complete_tasks
from akrab.collaboration.operations.notifying import choose_taste, follow, mark_read
from akrab.collaboration.operations.opening import TaskDraft, open_tasks
from akrab.collaboration.operations.writing import NoteDraft, write_notes
from akrab.collaboration.queries.notices import is_quiet, unread
from akrab.collaboration.tests.factories import make_colleague, make_task
from akrab.customers.models import Customer
from akrab.customers.tests.factories import make_customer, sign_in
from akrab.platform.actor import Actor
from akrab.platform.middleware import actor_of
from akrab.platform.ports import free_port
from akrab.platform.tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def rina() -> Actor:
    return make_colleague("Rina")


@pytest.fixture
def budi() -> Actor:
    return make_colleague("Budi")


@pytest.fixture
def ayu() -> Customer:
    return make_customer("Ayu")


def note(by: Actor, customer: Customer, *named: Actor, at: datetime = NOON) -> None:
    people = tuple(UUID(one.id) for one in named)
    tell_people(write_notes(by=by, notes=[NoteDraft(body="Look", customer_id=customer.pk, mentioned=people)], at=at))


def told() -> list[tuple[str, str, list[str], int]]:
    return [
        (str(one.user), one.record_kind, one.reasons, one.count)
        for one in Notice.objects.select_related("user").order_by("user__name", "record_kind")
    ]


def test_who_is_named_hears_it_and_who_wrote_does_not(rina: Actor, budi: Actor, ayu: Customer) -> None:
    note(rina, ayu, rina, budi)

    assert told() == [("Budi", "note", ["mentioned"], 1)]


def test_a_burst_on_one_record_is_one_notice(rina: Actor, budi: Actor, ayu: Customer) -> None:
    follow(by=budi, record_kind="customer", record_id=ayu.pk, wants="follow", at=NOON)

    for minute in range(5):
        note(rina, ayu, at=NOON + timedelta(minutes=minute))

    assert told() == [("Budi", "customer", ["followed"], 5)]
    mark_read(by=budi, at=NOON)
    note(rina, ayu, at=NOON + timedelta(hours=1))
    assert (Notice.objects.count(), unread(by=budi)) == (2, 1)


def test_the_same_facts_again_change_nothing(rina: Actor, budi: Actor, ayu: Customer) -> None:
    facts = open_tasks(by=rina, tasks=[TaskDraft(title="Call", assignee_id=UUID(budi.id))], at=NOON)

    tell_people(facts)
    tell_people(facts)

    assert told() == [("Budi", "task", ["assigned"], 1)]


def test_bulk_is_silent(rina: Actor, budi: Actor) -> None:
    drafts = [TaskDraft(title=f"Call {number}", assignee_id=UUID(budi.id)) for number in range(11)]

    tell_people(open_tasks(by=rina, tasks=drafts, at=NOON))
    tell_people(open_tasks(by=rina.through("import"), tasks=drafts[:1], at=NOON))

    assert told() == []


def test_followers_hear_of_work_done_but_not_of_their_own(rina: Actor, budi: Actor, ayu: Customer) -> None:
    for one in (rina, budi):
        follow(by=one, record_kind="customer", record_id=ayu.pk, wants="follow", at=NOON)
    task = make_task(rina, customers=(ayu.pk,))

    tell_people(complete_tasks(by=rina, task_ids=[task.pk], at=NOON))

    assert told() == [("Budi", "customer", ["followed"], 1)]


def test_what_is_muted_or_switched_off_is_not_told(rina: Actor, budi: Actor, ayu: Customer) -> None:
    cici = make_colleague("Cici")
    for one in (budi, cici):
        follow(by=one, record_kind="customer", record_id=ayu.pk, wants="follow", at=NOON)
    follow(by=budi, record_kind="customer", record_id=ayu.pk, wants="mute", at=NOON)
    choose_taste(by=cici, off=["followed"], digest="off", at=NOON)

    note(rina, ayu, at=NOON)

    assert told() == []
    assert Follow.objects.get(user_id=budi.id).is_muted


def test_who_may_not_see_work_hears_nothing(rina: Actor, ayu: Customer) -> None:
    note(rina, ayu, make_colleague("Nina", role="nobody"))

    assert told() == []


def test_a_reminder_comes_once(rina: Actor) -> None:
    make_task(rina, due_at=NOON + timedelta(hours=1), remind_at=NOON)

    remind_people(NOON - timedelta(minutes=1))
    assert told() == []
    remind_people(NOON)
    mark_read(by=rina, at=NOON)
    remind_people(NOON + timedelta(minutes=1))

    assert told() == [("Rina", "task", ["reminder"], 1)]


def test_the_bell_the_page_and_reading(client: Client, rina: Actor, ayu: Customer) -> None:
    reader = actor_of(sign_in(client, "manager"))
    note(rina, ayu, reader)
    notice = Notice.objects.get()

    assert ">1<" in client.get("/notifications/bell/").content.decode()
    assert "You were named" in client.get("/notifications/").content.decode()
    opened = client.post(f"/notifications/{notice.pk}/")
    assert (opened.status_code, opened["Location"]) == (303, notice.link)
    assert unread(by=reader) == 0
    assert client.get(notice.link).status_code == 200


def test_somebody_elses_notice_is_not_found(client: Client, rina: Actor, budi: Actor, ayu: Customer) -> None:
    sign_in(client, "manager")
    note(rina, ayu, budi)
    notice = Notice.objects.get()

    assert client.post(f"/notifications/{notice.pk}/").status_code == 404
    assert client.post(f"/notifications/{notice.pk}/mute/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_following_and_preferences_pages(client: Client, ayu: Customer) -> None:
    sign_in(client, "manager")

    client.post(f"/customers/{ayu.pk}/following/", {"wants": "follow"})
    body = client.get(f"/customers/{ayu.pk}/following/").content.decode()
    client.post(
        "/notifications/preferences/", {"on": ["mentioned"], "digest": "daily", "quiet_from": "22:00", "quiet_to": "06:00"}
    )

    assert "You follow this customer" in body
    taste = Taste.objects.get()
    assert (taste.digest, taste.quiet_from, "followed" in taste.off, "mentioned" in taste.off) == ("daily", time(22), True, False)
    assert client.get("/notifications/preferences/").status_code == 200


@pytest.mark.parametrize(
    ("at", "start", "end", "quiet"),
    [
        (time(23), time(22), time(6), True),
        (time(5, 59), time(22), time(6), True),
        (time(6), time(22), time(6), False),
        (time(13), time(12), time(14), True),
        (time(13), None, None, False),
        (time(13), time(9), time(9), False),
    ],
)
def test_quiet_hours_may_pass_midnight(at: time, start: time | None, end: time | None, quiet: bool) -> None:
    assert is_quiet(at, start, end) is quiet


class Box:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def box(settings: Any) -> Iterator[Box]:
    kept = Box()
    port = free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    settings.MAIL_URL = f"smtp://127.0.0.1:{port}"
    settings.PUBLIC_URL = "https://crm.example"
    yield kept
    controller.stop()


def test_a_digest_is_mailed_in_the_morning_of_the_reader_once(box: Box, rina: Actor, ayu: Customer) -> None:
    jaya = make_colleague("Jaya", zone="Asia/Jayapura", language="id")
    choose_taste(by=jaya, off=[], digest="daily", at=NOON)
    note(rina, ayu, jaya)

    mail_digests(datetime(2026, 3, 10, 21, 5, tzinfo=UTC))  # 06:05 there
    assert box.mails == []
    mail_digests(datetime(2026, 3, 10, 22, 5, tzinfo=UTC))
    mail_digests(datetime(2026, 3, 10, 23, 5, tzinfo=UTC))

    (mail,) = box.mails
    assert mail.rcpt_tos == ["jaya@example.com"]
    assert b"https://crm.example/notes/" in mail.content


def test_quiet_hours_hold_the_hourly_mail_back(box: Box, rina: Actor, budi: Actor, ayu: Customer) -> None:
    choose_taste(by=budi, off=[], digest="hourly", quiet_from=time(12), quiet_to=time(14), at=NOON)
    note(rina, ayu, budi)

    mail_digests(NOON)  # noon in Jakarta
    assert box.mails == []
    mail_digests(NOON + timedelta(hours=2))

    assert len(box.mails) == 1
