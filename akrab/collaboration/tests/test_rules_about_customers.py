"""Rules about customers hold for what is about them: tasks, notes, meetings, news."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.test import Client

from akrab.collaboration.models.notes import Note
from akrab.collaboration.models.notices import Notice
from akrab.collaboration.models.tasks import TaskCustomer
from akrab.collaboration.operations.editing import edit_task
from akrab.collaboration.operations.meeting import ActivityDraft, add_activities
from akrab.collaboration.operations.notifying import News, notify
from akrab.collaboration.operations.writing import NoteDraft, edit_note, write_notes
from akrab.collaboration.queries.agenda import agenda, get_activity
from akrab.collaboration.queries.notes import get_note, list_notes
from akrab.collaboration.queries.tasks import TaskChoice, count_tasks, get_task, list_tasks
from akrab.collaboration.tests.factories import make_task
from akrab.customers.tests.factories import make_customer
from akrab.platform.actor import SYSTEM
from akrab.platform.models import User
from akrab.platform.refusal import NotFound
from akrab.platform.tests.factories import NOON, acting, make_person, make_rule

pytestmark = pytest.mark.django_db
ALL = TaskChoice()


@pytest.fixture
def budi() -> User:
    return make_person("Budi", "manager")


@pytest.fixture
def rina() -> User:
    return make_person("Rina", "administrator")


def test_a_task_about_customers_out_of_reach_is_not_there(budi: User, rina: User) -> None:
    mine, other = make_customer("Ayu", owner=budi), make_customer("Bagus")
    hidden = make_task(acting(rina), "Call Bagus", customers=(other.pk,))
    make_task(acting(rina), "Call both", customers=(mine.pk, other.pk))
    make_task(acting(rina), "Tidy up")
    make_rule("own")
    by = acting(budi)

    shown = list_tasks(by=by, choice=ALL, at=NOON).items

    assert {one.title: [who.display_name for who in one.customers.all()] for one in shown} == {
        "Call both": ["Ayu"],
        "Tidy up": [],
    }
    assert count_tasks(by=by, choice=ALL, at=NOON).number == 2
    with pytest.raises(NotFound):
        get_task(by=by, task_id=hidden.pk)
    with pytest.raises(NotFound):
        edit_task(by=by, task_id=hidden.pk, changes={"title": "Forget Bagus"}, at=NOON)
    hidden.refresh_from_db()
    assert hidden.title == "Call Bagus"


def test_who_is_to_do_a_task_sees_it_without_the_name_of_a_customer_out_of_reach(budi: User, rina: User) -> None:
    other = make_customer("Bagus")
    task = make_task(acting(rina), "Call about the order", customers=(other.pk,), assignee_id=budi.pk)
    make_rule("own")

    seen = get_task(by=acting(budi), task_id=task.pk)

    assert (seen.title, list(seen.customers.all())) == ("Call about the order", [])


def test_editing_a_task_keeps_the_customers_that_the_editor_does_not_see(budi: User, rina: User) -> None:
    mine, other = make_customer("Ayu", owner=budi), make_customer("Bagus")
    task = make_task(acting(rina), customers=(mine.pk, other.pk))
    make_rule("own")

    edit_task(by=acting(budi), task_id=task.pk, changes={}, customer_ids=[], at=NOON)

    assert list(TaskCustomer.objects.filter(task=task).values_list("customer_id", flat=True)) == [other.pk]


def test_a_note_on_a_customer_out_of_reach_is_neither_read_nor_changed(budi: User, rina: User) -> None:
    mine, other = make_customer("Ayu", owner=budi), make_customer("Bagus")
    drafts = [NoteDraft(body=f"About {one.display_name}", customer_id=one.pk) for one in (mine, other)]
    _first, hidden = write_notes(by=acting(rina), notes=drafts, at=NOON)
    make_rule("own")
    by = acting(budi)

    assert [one.body for one in list_notes(by=by).items] == ["About Ayu"]
    with pytest.raises(NotFound):
        get_note(by=by, note_id=hidden.note_id)
    with pytest.raises(NotFound):
        edit_note(by=by, note_id=hidden.note_id, body="Gone", at=NOON)
    assert Note.objects.get(pk=hidden.note_id).body == "About Bagus"


def test_a_meeting_with_customers_out_of_reach_is_seen_by_those_who_take_part(budi: User, rina: User) -> None:
    other = make_customer("Bagus")
    draft = ActivityDraft(kind="meeting", title="Lunch", starts_on=date(2026, 3, 10), customer_ids=(other.pk,))
    invited = ActivityDraft(
        kind="meeting", title="Visit", starts_on=date(2026, 3, 10), customer_ids=(other.pk,), people_ids=(budi.pk,)
    )
    facts = add_activities(by=acting(rina), activities=[draft, invited], at=NOON)
    ids = {one.title: one.activity_id for one in facts}
    make_rule("own")
    by = acting(budi)

    slots = agenda(by=by, since=date(2026, 3, 9), until=date(2026, 3, 11))

    assert [(one.activity.title, list(one.activity.customers.all())) for one in slots] == [("Visit", [])]
    with pytest.raises(NotFound):
        get_activity(by=by, activity_id=ids["Lunch"])


def test_no_news_of_a_customer_out_of_reach(budi: User, rina: User) -> None:
    mine, other = make_customer("Ayu", owner=budi), make_customer("Bagus")
    make_rule("own")

    told = notify(by=SYSTEM, news=[_news(who, one.pk) for who in (budi, rina) for one in (mine, other)])

    assert told == 3
    assert list(Notice.objects.filter(user_id=budi.pk).values_list("record_id", flat=True)) == [mine.pk]


def _news(who: User, customer: UUID) -> News:
    return News(who.pk, "customer", customer, "Somebody", "/", "followed", NOON)


def test_pages_of_work_leave_them_out(client: Client, budi: User, rina: User) -> None:
    other = make_customer("Bagus Rahasia")
    make_task(acting(rina), "Call Rahasia", customers=(other.pk,))
    write_notes(by=acting(rina), notes=[NoteDraft(body="About Rahasia", customer_id=other.pk)], at=NOON)
    make_rule("own")
    client.force_login(budi)

    for address in ("/tasks/?state=open", "/notes/", "/calendar/"):
        assert "Rahasia" not in client.get(address).content.decode()
