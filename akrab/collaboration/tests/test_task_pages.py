"""The pages of tasks: what they show, what they refuse, and what they cost."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from akrab.collaboration.models.tasks import Task
from akrab.collaboration.tests.factories import make_task
from akrab.customers.tests.factories import make_customer, sign_in
from akrab.platform.actor import Actor
from akrab.platform.middleware import actor_of
from akrab.platform.tests.factories import facts_recorded

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def rina(client: Client) -> Actor:
    """A manager, signed in."""
    return actor_of(sign_in(client, "manager"))


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_form_makes_a_task_with_day_time_reminder_and_customer(client: Client, rina: Actor) -> None:
    ayu = make_customer("Ayu")
    sent = {
        "title": "Visit Ayu",
        "kind": "meeting",
        "priority": "1",
        "due_on": "2026-12-01",
        "due_time": "10:30",
        "remind": "60",
        "rrule": "FREQ=MONTHLY",
        "assignee": rina.id,
        "customers": [str(ayu.pk)],
    }

    response = client.post("/tasks/", sent)

    task = Task.objects.get()
    assert task.due_at
    assert task.remind_at
    assert (response.status_code, response["Location"]) == (303, f"/tasks/{task.pk}/")
    assert (task.due_at.isoformat(), task.remind_at.isoformat()) == ("2026-12-01T03:30:00+00:00", "2026-12-01T02:30:00+00:00")
    assert (task.rrule, task.assignee_id, [one.pk for one in task.customers.all()]) == ("FREQ=MONTHLY", UUID(rina.id), [ayu.pk])


def test_a_refused_form_keeps_what_was_typed(client: Client, rina: Actor) -> None:
    ayu = make_customer("Ayu")

    response = client.post(
        "/tasks/", {"title": "Call", "kind": "todo", "priority": "2", "due_time": "10:30", "customers": [str(ayu.pk)]}
    )

    body = response.content.decode()
    assert response.status_code == 422
    assert "Choose the day first." in body
    assert 'value="10:30"' in body
    assert f'value="{ayu.pk}" checked' in body
    assert Task.objects.count() == 0


def test_the_list_costs_the_same_however_many_tasks(client: Client, rina: Actor) -> None:
    ayu = make_customer("Ayu")
    make_task(rina, customers=(ayu.pk,))
    few = queries(client, "/tasks/")
    for number in range(12):
        make_task(rina, f"Task {number}", customers=(ayu.pk,))

    assert queries(client, "/tasks/") == few <= 6
    assert queries(client, "/tasks/today/") <= 6
    assert queries(client, f"/customers/{ayu.pk}/tasks/") <= 6


def test_the_desk_ticks_a_task_off_and_offers_undo(client: Client, rina: Actor) -> None:
    task = make_task(rina, "Send the offer", due_on=now().date() - timedelta(days=1))
    assert "Overdue" in client.get("/tasks/today/").content.decode()

    ticked = client.post(f"/tasks/{task.pk}/completion/", headers=HTMX)
    body = ticked.content.decode()
    undone = client.post("/tasks/reopening/", {"ids": [str(task.pk)]}, headers=HTMX)

    assert 'hx-swap-oob="beforeend:#toasts"' in body
    assert f'name="ids" value="{task.pk}"' in body
    assert "collaboration.task_completed" in ticked["HX-Trigger"]
    assert undone.status_code == 204
    assert Task.objects.get().done_at is None


def test_one_task_tells_its_history_and_closes_with_an_outcome(client: Client, rina: Actor) -> None:
    task = make_task(rina, "Call Ayu", kind="call")

    response = client.post(f"/tasks/{task.pk}/completion/", {"outcome": "reached", "note": "Wants samples"})
    body = client.get(f"/tasks/{task.pk}/").content.decode()

    assert response.status_code == 303
    assert "Wants samples" in body
    assert "New task: Call Ayu" in body
    assert "Reached" in body


def test_ticked_tasks_change_together(client: Client, rina: Actor) -> None:
    tasks = [make_task(rina, f"Task {number}") for number in range(3)]
    ids = [str(one.pk) for one in tasks[:2]]

    client.post("/tasks/bulk/", {"ids": ids, "action": "due", "due_on": "2026-12-01"})
    client.post("/tasks/bulk/", {"ids": ids, "action": "complete"}, headers=HTMX)

    assert Task.objects.filter(due_on="2026-12-01").count() == Task.objects.exclude(done_at=None).count() == 2


def test_an_edit_of_a_task_that_changed_meanwhile_keeps_the_words(client: Client, rina: Actor) -> None:
    task = make_task(rina, "Call")
    sent = {"title": "Call again", "kind": "todo", "priority": "2", "assignee": rina.id, "version": "7"}

    response = client.post(f"/tasks/{task.pk}/", sent)

    task.refresh_from_db()
    assert (response.status_code, task.title) == (422, "Call")
    assert 'value="Call again"' in response.content.decode()
    assert client.post(f"/tasks/{task.pk}/", {**sent, "version": "1"}).status_code == 303


def test_a_customers_next_step_is_added_in_a_line(client: Client, rina: Actor) -> None:
    ayu = make_customer("Ayu")

    response = client.post(f"/customers/{ayu.pk}/tasks/", {"title": "Send menu", "kind": "todo", "priority": "2"}, headers=HTMX)

    assert "Send menu" in response.content.decode()
    assert Task.objects.get().assignee_id == UUID(rina.id)


def test_people_and_customers_are_picked_on_the_server(client: Client, rina: Actor) -> None:
    ayu = make_customer("Ayu Lestari")
    budi = make_customer("Budi")

    customers = client.get("/pick/customers/", {"customer_words": "lestari", "customers": str(budi.pk)}).content.decode()
    people = client.get("/pick/people/", {"person_words": "mana", "assignee": "nonsense"}).content.decode()

    assert f'value="{budi.pk}" checked' in customers
    assert f'value="{ayu.pk}">' in customers
    assert f'value="{rina.id}"' in people


def test_markup_in_a_task_is_text_everywhere(client: Client, rina: Actor) -> None:
    evil = '<script>alert("x")</script>'
    ayu = make_customer(evil)
    task = make_task(rina, evil, body=evil, customers=(ayu.pk,))

    for address in (
        "/tasks/",
        f"/tasks/{task.pk}/",
        f"/tasks/{task.pk}/edit/",
        "/tasks/today/",
        f"/customers/{ayu.pk}/tasks/",
        "/tasks/options/?q=alert",
        f"/tasks/?customer={ayu.pk}",
        "/pick/customers/?customer_words=alert",
    ):
        assert "<script>alert" not in client.get(address).content.decode(), address


def test_who_only_reads_sees_and_changes_nothing(client: Client) -> None:
    reader = sign_in(client, "readonly")

    assert client.get("/tasks/").status_code == 200
    assert client.get("/tasks/new/").status_code == 403
    assert client.post("/tasks/", {"title": "x", "kind": "todo", "priority": "2"}).status_code == 403
    assert client.post("/tasks/bulk/", {"ids": [str(reader.pk)], "action": "complete"}).status_code == 403
    assert facts_recorded() == []
