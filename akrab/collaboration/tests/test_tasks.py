"""Tasks: opened, edited, put aside, completed, reopened, repeated exactly once."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from akrab.collaboration.models.tasks import SOMEDAY, Task
from akrab.collaboration.operations.completing import complete_tasks, reopen_tasks
from akrab.collaboration.operations.editing import edit_task, edit_tasks, snooze_tasks
from akrab.collaboration.operations.opening import TaskDraft, open_tasks
from akrab.collaboration.queries.recurring import check_rule, next_moment
from akrab.collaboration.queries.tasks import TaskChoice, count_tasks, desk_of, list_tasks
from akrab.collaboration.tests.factories import make_colleague, make_person, make_task
from akrab.customers.tests.factories import make_customer, make_customers
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.ids import new_id
from akrab.platform.refusal import Forbidden, Invalid, NotFound, StaleVersion
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def rina() -> Actor:
    return make_colleague("Rina")


def refused(reason: str) -> None:
    """Nothing was kept and nothing recorded."""
    assert (Task.objects.count(), facts_recorded()) == (0, []), reason


def test_a_task_about_two_customers_is_on_both_timelines(rina: Actor) -> None:
    ayu, budi = make_customers(["Ayu", "Budi"])

    task = make_task(rina, "Send samples", customers=(ayu.pk, budi.pk, ayu.pk), due_on=TODAY)

    assert {one.pk for one in task.customers.all()} == {ayu.pk, budi.pk}
    rows = fetch("SELECT customer_id FROM platform_fact WHERE kind = 'collaboration.task_opened'")
    assert {row[0] for row in rows} == {ayu.pk, budi.pk}


def test_opening_many_tasks_takes_as_many_queries_as_opening_a_few(rina: Actor) -> None:
    ayu = make_customer("Ayu")

    def queries(number: int) -> int:
        drafts = [TaskDraft(title=f"Task {index}", customer_ids=(ayu.pk,)) for index in range(number)]
        with CaptureQueriesContext(connection) as captured:
            open_tasks(by=rina, tasks=drafts, at=NOON)
        return len(captured)

    queries(1)
    assert queries(60) <= queries(2) + 2  # COPY instead of INSERT for the facts


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (TaskDraft(title="  "), "title"),
        (TaskDraft(title="x", kind="dance"), "kind"),
        (TaskDraft(title="x", priority=9), "priority"),
        (TaskDraft(title="x", rrule="FREQ=WEEKLY"), "due_on"),
        (TaskDraft(title="x", rrule="FREQ=SECONDLY", due_on=TODAY), "rrule"),
        (TaskDraft(title="x", rrule="EVERY DAY", due_on=TODAY), "rrule"),
        (TaskDraft(title="x", due_on=TODAY, due_at=NOON), "due_at"),
        (TaskDraft(title="x", customer_ids=(new_id(),)), "customers"),
        (TaskDraft(title="x", assignee_id=new_id()), "assignee"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused(rina: Actor, draft: TaskDraft, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        open_tasks(by=rina, tasks=[TaskDraft(title="Good"), draft], at=NOON)

    assert list(refusal.value.errors) == [field]
    refused("one bad task spoils the list")


def test_who_only_reads_opens_nothing() -> None:
    with pytest.raises(Forbidden):
        open_tasks(by=make_actor("readonly"), tasks=[TaskDraft(title="x")], at=NOON)
    refused("no permission")


def test_a_day_ends_in_the_zone_of_the_task(rina: Actor) -> None:
    jayapura = make_task(rina, due_on=date(2026, 3, 10), zone="Asia/Jayapura")
    jakarta = make_task(rina, due_on=date(2026, 3, 10), zone="Asia/Jakarta")

    assert jayapura.due_by == datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    assert jakarta.due_by == datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
    assert make_task(rina).due_by == SOMEDAY


def test_completing_says_how_it_went(rina: Actor) -> None:
    task = make_task(rina, kind="call")

    complete_tasks(by=rina, task_ids=[task.pk], at=NOON, outcome="not_reached", note="  busy ")

    task.refresh_from_db()
    assert (task.done_at, task.outcome, task.outcome_note, task.version) == (NOON, "not_reached", "busy", 2)
    assert facts_recorded() == ["collaboration.task_opened", "collaboration.task_completed"]


def test_completing_again_changes_nothing(rina: Actor) -> None:
    task = make_task(rina)
    complete_tasks(by=rina, task_ids=[task.pk], at=NOON)

    assert complete_tasks(by=rina, task_ids=[task.pk], at=NOON + timedelta(hours=1), outcome="reached") == []

    task.refresh_from_db()
    assert (task.done_at, task.outcome) == (NOON, "done")


def test_an_unknown_task_in_the_list_stops_all(rina: Actor) -> None:
    task = make_task(rina)

    with pytest.raises(NotFound):
        complete_tasks(by=rina, task_ids=[task.pk, new_id()], at=NOON)

    task.refresh_from_db()
    assert task.done_at is None
    assert facts_recorded() == ["collaboration.task_opened"]


def test_the_next_task_of_a_series_comes_once(rina: Actor) -> None:
    ayu = make_customer("Ayu")
    task = make_task(rina, due_on=date(2026, 3, 10), rrule="FREQ=WEEKLY", customers=(ayu.pk,))

    complete_tasks(by=rina, task_ids=[task.pk], at=NOON)
    following = Task.objects.get(done_at=None)
    edit_task(by=rina, task_id=following.pk, changes={"title": "Ask again"}, at=NOON)
    reopen_tasks(by=rina, task_ids=[task.pk], at=NOON)
    complete_tasks(by=rina, task_ids=[task.pk], at=NOON)

    assert [(one.due_on, one.occurrence, one.title) for one in Task.objects.filter(done_at=None)] == [
        (date(2026, 3, 17), 2, "Ask again")
    ]
    assert [one.pk for one in following.customers.all()] == [ayu.pk]


def test_reopening_takes_the_untouched_next_one_away(rina: Actor) -> None:
    task = make_task(rina, due_on=date(2026, 3, 10), rrule="FREQ=DAILY")
    complete_tasks(by=rina, task_ids=[task.pk], at=NOON)

    reopen_tasks(by=rina, task_ids=[task.pk], at=NOON)

    assert [one.pk for one in Task.objects.all()] == [task.pk]
    assert Task.objects.get().done_at is None


def test_the_database_refuses_a_second_next_one(rina: Actor) -> None:
    task = make_task(rina, due_on=TODAY, rrule="FREQ=DAILY")
    copy = Task(title="x", zone="UTC", series=task.series, occurrence=1, due_on=TODAY, created_at=NOON, changed_at=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_who_complete_at_once_make_one_next_task() -> None:
    rina = make_colleague("Rina")
    task = make_task(rina, due_on=TODAY, rrule="FREQ=DAILY")

    def finish() -> None:
        complete_tasks(by=rina, task_ids=[task.pk], at=NOON)
        connection.close()

    both = [Thread(target=finish) for _number in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert Task.objects.filter(series=task.series).count() == 2
    assert facts_recorded("collaboration.task_completed") == ["collaboration.task_completed"]


def test_a_series_comes_to_its_end(rina: Actor) -> None:
    task = make_task(rina, due_on=date(2026, 3, 10), rrule="FREQ=DAILY;UNTIL=20260310")

    complete_tasks(by=rina, task_ids=[task.pk], at=NOON)

    assert Task.objects.count() == 1


def test_nine_in_the_morning_stays_nine_when_the_clocks_change() -> None:
    friday = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)  # 09:00 in New York, two days before summer time

    following = next_moment("FREQ=WEEKLY", after=friday, zone_name="America/New_York")

    assert following == datetime(2026, 3, 13, 13, 0, tzinfo=UTC)


def test_a_reminder_keeps_its_distance(rina: Actor) -> None:
    task = make_task(
        rina,
        due_at=datetime(2026, 3, 10, 8, 0, tzinfo=UTC),
        remind_at=datetime(2026, 3, 10, 7, 30, tzinfo=UTC),
        rrule="FREQ=DAILY",
    )

    complete_tasks(by=rina, task_ids=[task.pk], at=NOON)

    assert Task.objects.get(done_at=None).remind_at == datetime(2026, 3, 11, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "kept"), [("rrule:freq=weekly;byday=mo", "FREQ=WEEKLY;BYDAY=MO"), (" ", ""), ("FREQ=MONTHLY", "FREQ=MONTHLY")]
)
def test_rules_are_kept_in_one_form(written: str, kept: str) -> None:
    assert check_rule(written) == kept


def test_an_edit_names_what_changed(rina: Actor) -> None:
    budi = make_person("Budi")
    task = make_task(rina, "Call")

    edit_task(by=rina, task_id=task.pk, changes={"assignee_id": budi.pk, "due_on": TODAY, "title": "Call"}, at=NOON, version=1)

    changes = fetch("SELECT payload->'changes' FROM platform_fact WHERE kind = 'collaboration.task_edited'")[0][0]
    assert json.loads(changes) == {"assignee": ["Rina", "Budi"], "due_on": ["", "2026-03-10"]}


def test_an_edit_of_an_old_version_is_refused(rina: Actor) -> None:
    task = make_task(rina)
    edit_task(by=rina, task_id=task.pk, changes={"title": "First"}, at=NOON, version=1)

    with pytest.raises(StaleVersion):
        edit_task(by=rina, task_id=task.pk, changes={"title": "Second"}, at=NOON, version=1)

    task.refresh_from_db()
    assert (task.title, task.version) == ("First", 2)


def test_an_edit_that_changes_nothing_records_nothing(rina: Actor) -> None:
    task = make_task(rina, "Call")

    edit_task(by=rina, task_id=task.pk, changes={"title": "Call"}, at=NOON)

    task.refresh_from_db()
    assert (task.version, facts_recorded()) == (1, ["collaboration.task_opened"])


def test_customers_of_a_task_can_change(rina: Actor) -> None:
    ayu, budi = make_customers(["Ayu", "Budi"])
    task = make_task(rina, customers=(ayu.pk,))

    edit_task(by=rina, task_id=task.pk, changes={}, customer_ids=[budi.pk], at=NOON)

    assert [one.pk for one in task.customers.all()] == [budi.pk]


def test_many_tasks_move_to_another_day_at_once(rina: Actor) -> None:
    tasks = [make_task(rina, f"Task {number}", due_at=NOON) for number in range(3)]

    edit_tasks(by=rina, task_ids=[one.pk for one in tasks], changes={"due_on": TODAY}, at=NOON)

    assert set(Task.objects.values_list("due_on", "due_at")) == {(TODAY, None)}


def test_snoozed_tasks_leave_the_desk_until_then(rina: Actor) -> None:
    task = make_task(rina, due_on=TODAY)

    snooze_tasks(by=rina, task_ids=[task.pk], until=NOON + timedelta(hours=2), at=NOON)

    assert desk_of(by=rina, at=NOON).is_empty
    assert [one.pk for one in desk_of(by=rina, at=NOON + timedelta(hours=3)).today] == [task.pk]
    with pytest.raises(Invalid):
        snooze_tasks(by=rina, task_ids=[task.pk], until=NOON, at=NOON)


def test_the_desk_has_late_today_and_next(rina: Actor) -> None:
    late = make_task(rina, "late", due_on=TODAY - timedelta(days=1))
    today = make_task(rina, "today", due_on=TODAY)
    someday = make_task(rina, "someday")
    make_task(rina, "of somebody else", assignee_id=make_person("Budi").pk)

    desk = desk_of(by=rina, at=NOON)

    assert ([one.pk for one in desk.overdue], [one.pk for one in desk.today]) == ([late.pk], [today.pk])
    assert ([one.pk for one in desk.following], desk.more) == ([someday.pk], 0)


def test_the_list_pages_by_key_and_filters(rina: Actor) -> None:
    ayu = make_customer("Ayu")
    made = [make_task(rina, f"Task {number}", due_on=TODAY + timedelta(days=number)) for number in range(5)]
    make_task(rina, "About Ayu", customers=(ayu.pk,), kind="call", priority=1, assignee_id=None)

    first = list_tasks(by=rina, choice=TaskChoice(words="task"), at=NOON, size=3)
    second = list_tasks(by=rina, choice=TaskChoice(words="task"), at=NOON, size=3, cursor=first.next)

    assert [one.pk for one in [*first.items, *second.items]] == [one.pk for one in made]
    for choice, number in (
        (TaskChoice(customer_id=ayu.pk), 1),
        (TaskChoice(kind="call"), 1),
        (TaskChoice(priority=1), 1),
        (TaskChoice(is_unassigned=True), 1),
        (TaskChoice(assignee_id=UUID(rina.id)), 5),
        (TaskChoice(state="today"), 1),
        (TaskChoice(state="week"), 5),
        (TaskChoice(state="overdue"), 0),
        (TaskChoice(state="done"), 0),
    ):
        assert count_tasks(by=rina, choice=choice, at=NOON).number == number, choice
