"""Whatever was merged into whatever, in whatever order: undone from the last one, everything is as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akrab.customers.models import Customer, Relationship
from akrab.customers.operations.consenting import ConsentMessage, record_consents
from akrab.customers.operations.merging import merge_customers
from akrab.customers.queries.consents import consents_of
from akrab.customers.tables.identity import Merge
from akrab.customers.tests.factories import make_customer, make_identifier
from akrab.platform.bulk import fetch
from akrab.platform.ids import new_id
from akrab.platform.merging import merge_rules
from akrab.platform.operations.undoing import undo_entry
from akrab.platform.tests.factories import make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")
NOW = datetime.now(UTC)
PEOPLE = 4
someone = st.integers(0, PEOPLE - 1)
CHANNELS, STATES = st.sampled_from(["email", "sms"]), st.sampled_from(["granted", "withdrawn"])

APART = ("customers_merge", "customers_identity", "customers_consentevent", "platform_fact")


def state(people: list[Customer]) -> dict[str, Any]:
    """A hash of every row of every table that names a customer, bookkeeping left out, and the consents as they hold."""
    found: dict[str, Any] = {}
    for table in sorted({table for table, _column in merge_rules()} - set(APART)):
        row = "(to_jsonb(t) - ARRAY['version', 'changed_at', 'changed_xid'])::text"
        found[table] = fetch(f"SELECT md5(string_agg({row}, '' ORDER BY {row})) FROM {table} t")[0][0]
    found["consents"] = {
        one.pk: sorted(
            (cell.channel, cell.purpose)
            for cell in consents_of(by=ANN, customer_id=one.pk, at=datetime.now(UTC))
            if cell.state == "granted"
        )
        for one in people
    }
    return found


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    related=st.lists(st.tuples(someone, someone), max_size=4, unique=True),
    granted=st.lists(st.tuples(someone, CHANNELS, STATES), max_size=4),
    merges=st.lists(st.tuples(someone, someone), min_size=1, max_size=3),
)
def test_undone_from_the_last_one_everything_is_as_it_was(
    related: list[tuple[int, int]], granted: list[tuple[int, str, str]], merges: list[tuple[int, int]]
) -> None:
    people = [make_customer(f"Orang {place} {new_id()}") for place in range(PEOPLE)]
    for place, each in enumerate(people):
        make_identifier(each, "card", f"{each.pk}-{place}")
    for one, two in related:
        if one != two:
            Relationship.objects.create(id=new_id(), customer=people[one], other=people[two], kind="household")
    consents = [ConsentMessage(how, "marketing", what, people[one].pk, at=NOW, evidence="form") for one, how, what in granted]
    record_consents(by=ANN, consents=consents, at=NOW)
    before = state(people)

    done: list[Merge] = []
    gone: set[int] = set()
    for one, two in merges:
        if one != two and not gone & {one, two}:
            fact = merge_customers(by=ANN, survivor_id=people[one].pk, other_ids=[people[two].pk], at=datetime.now(UTC))
            done.append(Merge.objects.get(pk=fact.merge_id))
            gone.add(two)
    for merge in reversed(done):
        undo_entry(by=ANN, entry_id=merge.entry_id, at=datetime.now(UTC))  # type: ignore[arg-type]

    assert state(people) == before
