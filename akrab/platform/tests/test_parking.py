"""Parked facts are seen by administrators and can be delivered again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.models import ParkedFact, User
from akrab.platform.operations.parking import retry_parked
from akrab.platform.refusal import Forbidden
from akrab.platform.tests.factories import NOON, CustomerMet, facts_recorded, make_actor

pytestmark = pytest.mark.django_db


def park(listener: str = "commerce.summarize_customers") -> ParkedFact:
    with transaction.atomic():
        record([CustomerMet(customer_id=new_id(), met_at=NOON)], by=make_actor())
    fact_id, at = fetch("SELECT id, occurred_at FROM platform_fact ORDER BY id DESC LIMIT 1")[0]
    return ParkedFact.objects.create(
        fact_id=fact_id, occurred_at=at, kind="test.customer_met", listener=listener, reason="ValueError: cannot take it"
    )


def test_a_parked_fact_is_queued_for_its_listener_again() -> None:
    parked = park()

    retry_parked(by=make_actor(), parked_ids=[parked.pk], at=NOON + timedelta(days=1))

    assert list(ProcrastinateJob.objects.values_list("task_name", flat=True)) == ["commerce.summarize_customers"]
    assert ParkedFact.objects.count() == 0
    assert facts_recorded("platform") == ["platform.parked_facts_retried"]


def test_what_a_listener_that_is_gone_could_not_take_stays_parked() -> None:
    gone = park("commerce.listener_of_last_year")

    said = retry_parked(by=make_actor(), parked_ids=[gone.pk], at=NOON)

    assert (said, list(ParkedFact.objects.all())) == ([], [gone])
    assert ProcrastinateJob.objects.count() == 0
    assert facts_recorded("platform") == []


def test_only_an_administrator_may_deliver_again() -> None:
    parked = park()

    with pytest.raises(Forbidden):
        retry_parked(by=make_actor("manager"), parked_ids=[parked.pk], at=NOON)

    assert ParkedFact.objects.count() == 1


def test_the_system_page_shows_the_reason_and_delivers_again(client: Client) -> None:
    parked = park()
    client.force_login(User.objects.create(email="admin@contoh.id", role="administrator"))

    shown = client.get("/system/")
    answer = client.post("/system/", {"parked": [str(parked.pk)]})

    assert "ValueError: cannot take it" in shown.content.decode()
    assert answer.status_code == 303
    assert ParkedFact.objects.count() == 0


def test_the_system_page_is_closed_to_staff(client: Client) -> None:
    client.force_login(User.objects.create(email="staff@contoh.id", role="staff"))

    assert client.get("/system/").status_code == 403
