"""Imports as operations: who may handle them, and what becomes of one whose person or process is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from akrab.platform.actor import Actor, command_actor
from akrab.platform.bulk import fetch
from akrab.platform.importing.progress import Progress, StillRunning
from akrab.platform.importing.running import run_import
from akrab.platform.jobs import run_queued_import
from akrab.platform.models import Import, User
from akrab.platform.operations.imports import (
    UnknownMode,
    cancel_import,
    choose_plan,
    copy_import,
    note_import,
    queue_import,
    resume_import,
)
from akrab.platform.queries.imports import get_import, recent_imports
from akrab.platform.refusal import Forbidden, NotFound
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

pytestmark = pytest.mark.django_db

PEOPLE = "Nama,Email\nBudi,budi@example.com\nSiti,siti@example.com\n"
ALL_BUT_CUSTOMERS = ("platform.*", "commerce.*")


@pytest.fixture
def ann() -> Actor:
    return make_actor("manager")


@pytest.fixture
def draft(tmp_path: Path, ann: Actor) -> Import:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return note_import(by=ann, kind="customers", path=path)


def customers() -> int:
    return int(fetch("SELECT count(*) FROM customers_customer")[0][0])


@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_whoever_may_not_do_what_the_rows_do_may_not_handle_their_import(draft: Import, role: str) -> None:
    key = make_actor(role, kind="key", scopes=ALL_BUT_CUSTOMERS)
    before: dict[str, object] = dict(Import.objects.values().get())

    for handle in (
        lambda: note_import(by=key, kind="customers", path=Path(draft.file_path)),
        lambda: choose_plan(by=key, import_id=draft.pk, mapping={}, mode="create"),
        lambda: queue_import(by=key, import_id=draft.pk, dry_run=False, at=NOON),
        lambda: copy_import(by=key, import_id=draft.pk),
        lambda: cancel_import(by=key, import_id=draft.pk, at=NOON),
        lambda: run_import(draft, by=key),
    ):
        with pytest.raises(Forbidden):
            handle()

    after: dict[str, object] = dict(Import.objects.values().get())
    assert {name for name in after if after[name] != before[name]} <= {
        "status",
        "started_at",
        "finished_at",
        "problem",
        "total_rows",
    }
    assert (after["status"], customers(), facts_recorded()) == ("failed", 0, [])


def test_an_unknown_mode_is_refused_and_nothing_is_kept(draft: Import, ann: Actor) -> None:
    with pytest.raises(UnknownMode):
        choose_plan(by=ann, import_id=draft.pk, mapping={"names": {"Nama": "name"}}, mode="replace")
    with pytest.raises(UnknownMode):
        note_import(by=ann, kind="customers", path=Path(draft.file_path), mode="")

    run = Import.objects.get()
    assert (run.mode, run.mapping) == ("upsert", {})


def test_an_import_of_a_person_who_was_deactivated_ends_with_that_reason(draft: Import, ann: Actor) -> None:
    user = User.objects.create(email="ann@example.com", name="Ann", role="manager")
    queue_import(by=ann, import_id=draft.pk, dry_run=False, at=NOON)
    User.objects.update(is_active=False)

    run_queued_import(import_id=str(draft.pk), user_id=str(user.pk))

    draft.refresh_from_db()
    assert (draft.status, customers()) == ("failed", 0)
    assert draft.why == "Ann may no longer sign in, so this import was not run. Someone else can start it."
    assert facts_recorded() == ["platform.import_queued"]


def test_an_import_of_a_person_who_lost_the_right_ends_with_that_reason(draft: Import, ann: Actor) -> None:
    user = User.objects.create(email="ann@example.com", name="Ann", role="manager")
    queue_import(by=ann, import_id=draft.pk, dry_run=False, at=NOON)
    User.objects.update(role="readonly")

    run_queued_import(import_id=str(draft.pk), user_id=str(user.pk))

    draft.refresh_from_db()
    assert (draft.status, customers()) == ("failed", 0)
    assert "platform.run_imports" in draft.why


def test_an_import_whose_process_was_killed_is_stopped_and_takes_nothing_twice_when_resumed(draft: Import, ann: Actor) -> None:
    run_import(draft, by=command_actor())
    Import.objects.update(status="running")
    user = User.objects.create(email="ann@example.com", name="Ann", role="manager")

    assert [run.status for run in recent_imports(by=ann)] == ["stopped"]
    resume_import(by=ann, import_id=draft.pk, at=NOON)
    run_queued_import(import_id=str(draft.pk), user_id=str(user.pk))

    run = get_import(by=ann, import_id=draft.pk)
    assert (run.status, run.created, run.unchanged, customers()) == ("done", 0, 2, 2)


def test_an_import_that_runs_is_not_run_a_second_time_beside_itself(draft: Import, ann: Actor) -> None:
    Import.objects.update(status="running")

    with Progress(draft.pk):
        assert get_import(by=ann, import_id=draft.pk).status == "running"
        with pytest.raises(StillRunning):
            resume_import(by=ann, import_id=draft.pk, at=NOON)
        with pytest.raises(StillRunning):
            run_import(draft, by=ann)

    assert (Import.objects.get().status, customers(), facts_recorded()) == ("running", 0, [])


def test_a_stopped_import_is_canceled_at_once_and_a_finished_one_is_not_resumed(draft: Import, ann: Actor) -> None:
    Import.objects.update(status="running")

    cancel_import(by=ann, import_id=draft.pk, at=NOON)

    assert (Import.objects.get().status, Import.objects.get().finished_at) == ("canceled", NOON)
    with pytest.raises(NotFound):
        resume_import(by=ann, import_id=draft.pk, at=NOON)
