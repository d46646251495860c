"""A restored database starts its transaction numbers again; facts, their feed and their waiting jobs go along."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection, transaction

from akrab.platform.actor import SYSTEM
from akrab.platform.archiving.restore import start_history_again
from akrab.platform.bulk import fetch
from akrab.platform.delivery import defer_one, registered
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.queries.feed import PositionOutdated, facts_after
from akrab.platform.tests.factories import NOON, CustomerMet

ELSEWHERE = 10**15


def meet() -> UUID:
    customer = new_id()
    with transaction.atomic():
        record([CustomerMet(customer_id=customer, met_at=NOON)], by=SYSTEM)
    return customer


def move_to_another_server() -> None:
    fetch("ALTER TABLE platform_fact DISABLE TRIGGER platform_fact_final")
    fetch("UPDATE platform_fact SET xid = xid + %s", [ELSEWHERE])
    fetch("ALTER TABLE platform_fact ENABLE TRIGGER platform_fact_final")


@pytest.mark.django_db(transaction=True)
def test_the_feed_of_a_restored_database_goes_on_in_order() -> None:
    before = [meet(), meet()]
    move_to_another_server()

    start_history_again(connection.connection.info.dsn)
    later = meet()

    rows, _position = facts_after(by=SYSTEM, kinds=["test"])
    assert [row.customer_id for row in rows] == [*before, later]


@pytest.mark.django_db(transaction=True)
def test_a_waiting_job_of_a_restored_database_still_names_its_facts() -> None:
    meet()
    move_to_another_server()
    [(fact_id, at, xid)] = fetch("SELECT id, occurred_at, xid FROM platform_fact")
    defer_one(min(registered()), "test.customer_met", lo=fact_id, hi=fact_id, since=at, until=at, xid=xid)

    start_history_again(connection.connection.info.dsn)

    assert fetch("SELECT (args->>'xid')::bigint FROM procrastinate_jobs") == fetch("SELECT xid FROM platform_fact")


@pytest.mark.django_db(transaction=True)
def test_a_position_from_before_a_restore_is_refused() -> None:
    meet()
    _rows, position = facts_after(by=SYSTEM)
    before = ["another-place", *position[1:]]

    assert facts_after(by=SYSTEM, after=position) == ([], position)
    for outdated in (before, position[1:], before[:1]):
        with pytest.raises(PositionOutdated):
            facts_after(by=SYSTEM, after=outdated)
    [(here,)] = fetch("SELECT oid FROM pg_database WHERE datname = current_database()")
    assert position[0] == fetch("SELECT left(md5(concat_ws('/', (pg_control_system()).system_identifier, %s)), 12)", [here])[0][0]
