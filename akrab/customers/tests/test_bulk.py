"""Changing many customers: preview, forbidden ones, one entry, undo, and a large change as a job."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from akrab.customers.models import Customer
from akrab.customers.operations.changing_many import ManyChange, change_many, preview_change
from akrab.customers.tests.factories import make_customer, make_customers, sign_in
from akrab.platform.jobs import run_queued_bulk
from akrab.platform.listing import bulk
from akrab.platform.models import BulkRun, JournalEntry
from akrab.platform.operations.undoing import undo_entry
from akrab.platform.refusal import Forbidden
from akrab.platform.tests.factories import NOON, acting, facts_recorded, make_actor, make_person, make_rule

pytestmark = pytest.mark.django_db


def cities() -> dict[str, str]:
    return dict(Customer.objects.order_by("name_key").values_list("display_name", "city"))


def post(client: Client, **given: Any) -> Any:
    return client.post("/customers/bulk/", given)


def test_one_value_for_many_is_one_entry_and_undone_as_one() -> None:
    ann = make_actor("manager")
    known = [make_customer("Ayu", city="Solo"), *make_customers(["Budi", "Citra"], city="Medan")]

    outcome = change_many(by=ann, customer_ids=[one.pk for one in known], change=ManyChange("city", "Solo"), at=NOON)
    entry = JournalEntry.objects.get()

    assert (outcome.changed, outcome.unchanged, outcome.forbidden, outcome.invalid) == (2, 1, 0, 0)
    assert cities() == {"Ayu": "Solo", "Budi": "Solo", "Citra": "Solo"}
    assert facts_recorded("customers.customer_edited") == ["customers.customer_edited"] * 2
    undo_entry(by=ann, entry_id=entry.pk, at=entry.at)
    assert cities() == {"Ayu": "Solo", "Budi": "Medan", "Citra": "Medan"}


def test_the_preview_counts_what_the_change_does_and_leaves_those_of_others_alone() -> None:
    budi = make_person("Budi", "manager")
    mine, other = make_customer("Mine", owner=budi), make_customer("Other")
    make_rule("own", level="edit")
    by = acting(budi)

    seen = preview_change(Customer.objects.visible_to(by), ManyChange("city", "Solo"), by=by)
    outcome = change_many(by=by, customer_ids=[mine.pk, other.pk], change=ManyChange("city", "Solo"), at=NOON)

    assert (seen.changed, seen.forbidden) == (outcome.changed, outcome.forbidden) == (1, 1)
    assert cities() == {"Mine": "Solo", "Other": ""}


def test_each_change_needs_its_own_verb() -> None:
    known = make_customer("Ayu")

    for change in (ManyChange("trash"), ManyChange("owner")):
        with pytest.raises(Forbidden):
            change_many(by=make_actor("staff"), customer_ids=[known.pk], change=change, at=NOON)

    assert facts_recorded("customers.") == []


def test_from_the_list_to_the_change_to_the_undo(client: Client) -> None:
    sign_in(client)
    ayu, _budi = make_customer("Ayu", stage="loyal"), make_customer("Budi", stage="lapsed")

    chosen = post(client, id=[str(ayu.pk)], query="stage=loyal").content.decode()
    preview = post(client, all="1", query="stage=loyal", what="city", city="Solo").content.decode()
    done = post(client, all="1", query="stage=loyal", what="city", city="Solo", sure="1")

    assert "1 customer is chosen" in chosen
    assert "Change 1 customer" in preview
    assert done.headers["Location"] == "/customers/?stage=loyal"
    assert cities() == {"Ayu": "Solo", "Budi": ""}
    assert "/undo/" in client.get("/customers/").content.decode()


def test_the_only_filled_field_is_meant_and_of_two_or_none_one_has_to_be_chosen(client: Client) -> None:
    sign_in(client)
    chosen = {"id": [str(make_customer("Ayu").pk)], "owner": "", "team": "", "kind": "person", "country": ""}

    meant = post(client, **chosen, city="Solo", honorific="")
    two = post(client, **chosen, city="Solo", honorific="Ibu")
    none = post(client, **chosen, city="", honorific="")

    assert 'name="what" value="city"' in meant.content.decode()
    assert "Change 1 customer" in meant.content.decode()
    assert [(one.status_code, "Choose one thing to change." in one.content.decode()) for one in (two, none)] == [(422, True)] * 2
    assert cities() == {"Ayu": ""}


def test_without_a_choice_or_a_change_nothing_happens(client: Client) -> None:
    sign_in(client)
    ayu = make_customer("Ayu")

    assert post(client, query="").status_code == 303
    assert post(client, id=[str(ayu.pk)], what="owner", owner="nobody", sure="1").status_code == 422
    assert post(client, id=["x"], what="city", city="Solo", sure="1").status_code == 422
    assert cities() == {"Ayu": ""}


def test_a_large_change_is_a_job_in_parts_with_one_entry(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    user = sign_in(client)
    monkeypatch.setattr(bulk, "PART", 2)
    monkeypatch.setattr("akrab.customers.views.bulk.AT_ONCE", 3)
    make_customers(["Ayu", "Budi", "Citra", "Dewi", "Eko"], city="Medan")

    queued = post(client, all="1", query="city=Medan", what="city", city="Solo", sure="1")
    run = BulkRun.objects.get()
    waiting = client.get(queued.headers["Location"]).content.decode()
    run_queued_bulk(run_id=str(run.pk), user_id=str(user.pk))
    run.refresh_from_db()

    assert "Waiting for the worker" in waiting
    assert (run.status, run.changed, run.done, run.total) == ("done", 5, 5, 5)
    assert set(cities().values()) == {"Solo"}
    assert JournalEntry.objects.get().rows == 5
    assert "Show under Changes" in client.get(queued.headers["Location"]).content.decode()


def test_a_stopped_run_keeps_what_was_changed_and_is_seen_by_nobody_else(client: Client) -> None:
    user = sign_in(client)
    known = make_customer("Ayu")
    change = {"what": "city", "value": "Solo"}
    run = BulkRun.objects.create(object="customers", ids=[known.pk], change=change, total=1, by=user, created_at=NOON)

    client.post(f"/bulk/{run.pk}/", {"_method": "delete"})
    run_queued_bulk(run_id=str(run.pk), user_id=str(user.pk))
    run.refresh_from_db()

    assert (run.status, cities()) == ("canceled", {"Ayu": ""})
    client.force_login(make_person("Budi"))
    assert client.get(f"/bulk/{run.pk}/").status_code == 404
