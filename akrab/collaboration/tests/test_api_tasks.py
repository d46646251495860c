"""Tasks over the API."""

from __future__ import annotations

import pytest

from akrab.collaboration.models.tasks import Task
from akrab.platform.tests.factories import facts_recorded
from akrab.platform.tests.programs import Program, make_program, problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Program:
    return make_program()


def test_a_task_is_opened_read_changed_completed_and_reopened(program: Program) -> None:
    ann = program.sends("/customers", {"name": "Ann"})["id"]

    made = program.sends("/tasks", {"title": "Call Ann", "kind": "call", "due_on": "2026-12-01", "customer_ids": [ann]})
    path = f"/tasks/{made['id']}"
    changed = program.ask("PATCH", path, {"priority": "high", "due_at": "2026-12-02T10:00:00+07:00"}, If_Match='"1"').json()
    done = program.sends(f"{path}/completion", {"outcome": "reached", "note": "Wants a quote"})
    again = program.ask("DELETE", f"{path}/completion").json()

    assert (made["customer_ids"], made["due_on"], made["version"], made["priority"]) == ([ann], "2026-12-01", 1, "normal")
    assert (changed["priority"], changed["due_on"], changed["due_at"], changed["version"]) == (
        "high",
        None,
        "2026-12-02T03:00:00Z",
        2,
    )
    assert (done["outcome"], done["outcome_note"], done["done_at"] is None) == ("reached", "Wants a quote", False)
    assert (again["done_at"], again["outcome"]) == (None, "")
    told = [one["kind"] for one in program.reads(f"/customers/{ann}/timeline?kind=collaboration")["items"]]
    assert told == ["collaboration.task_" + what for what in ("reopened", "completed", "edited", "opened")]


def test_an_old_version_is_refused(program: Program) -> None:
    path = f"/tasks/{program.sends('/tasks', {'title': 'One'})['id']}"
    program.ask("PATCH", path, {"title": "Two"})

    assert problem_of(program.ask("PATCH", path, {"title": "Three"}, If_Match='"1"')) == (412, "stale_version")
    assert program.reads(path)["title"] == "Two"


def test_the_list_filters_and_pages(program: Program) -> None:
    for number in range(3):
        program.sends("/tasks", {"title": f"Task {number}", "due_on": f"2027-01-0{number + 1}"})

    first = program.reads("/tasks?limit=2")
    second = program.reads(f"/tasks?limit=2&cursor={first['next']}")

    assert [one["title"] for one in first["items"] + second["items"]] == ["Task 0", "Task 1", "Task 2"]
    assert (second["next"], program.reads("/tasks?state=done")["items"]) == (None, [])


def test_a_batch_says_what_became_of_each(program: Program) -> None:
    sent = [{"title": "Good"}, {"title": ""}, {"title": "Odd", "rrule": "NEVER"}, {"title": "Fine"}]

    answer = program.sends("/tasks:batch", {"items": sent})

    assert [one["status"] for one in answer["results"]] == ["created", "error", "error", "created"]
    assert sorted(Task.objects.values_list("title", flat=True)) == ["Fine", "Good"]


def test_a_key_that_only_reads_opens_nothing() -> None:
    program = make_program(scopes=["collaboration.view_*"])

    assert problem_of(program.ask("POST", "/tasks", {"title": "x"})) == (403, "forbidden")
    assert (program.reads("/tasks")["items"], facts_recorded("collaboration.")) == ([], [])
