"""The hash over the fact log tells one telling from two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.queries.fact_state import fact_hash
from akrab.platform.tests.factories import NOON, CustomerMet, MoodSeen, make_actor

pytestmark = pytest.mark.django_db


def test_a_fact_told_twice_changes_the_hash_and_its_source_counts() -> None:
    found = [fact_hash(by=make_actor())]
    for source in ("till", "till", "shop"):
        with transaction.atomic():
            record([CustomerMet(customer_id=new_id(), met_at=NOON)], by=make_actor(), source=source)
        found.append(fact_hash(by=make_actor()))

    assert [count for count, _digest in found] == [0, 1, 2, 3]
    assert len({digest for _count, digest in found}) == 4


def test_ids_and_moments_do_not_change_the_hash() -> None:
    found = []
    for days in (1, 2):
        with transaction.atomic():
            record([CustomerMet(customer_id=new_id(), met_at=NOON + timedelta(days=days))], by=make_actor())
            found.append(fact_hash(by=make_actor()))
            transaction.set_rollback(True)

    assert found[0] == found[1]


def test_what_was_seen_between_two_documents_does_not_change_the_hash() -> None:
    before = fact_hash(by=make_actor())
    with transaction.atomic():
        record([MoodSeen(customer_id=new_id(), seen_at=NOON)], by=make_actor())

    assert fact_hash(by=make_actor()) == before
