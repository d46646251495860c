"""The timeline: newest first, page by page, told in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import translation

from akrab.customers.facts import CustomerEdited, CustomerRegistered, StageChanged
from akrab.customers.operations.editing import edit_customer
from akrab.customers.queries.timeline import Timeline, customer_timeline
from akrab.customers.tests.factories import make_customer
from akrab.platform.facts import record
from akrab.platform.operations.custom_fields import ChoiceWords
from akrab.platform.presentation import Story, tell, told_kinds
from akrab.platform.tests.factories import NOON, CustomerMet, make_actor
from akrab.platform.tests.test_custom_fields import define

pytestmark = pytest.mark.django_db
ANN = make_actor("staff")


def stage(customer_id: UUID, at: datetime, before: str = "prospect", after: str = "active") -> None:
    with transaction.atomic():
        record([StageChanged(customer_id=customer_id, changed_at=at, before=before, after=after)], by=ANN)


def stories(timeline: Timeline) -> list[Story]:
    return [
        tell(
            fact_id=one.id,
            kind=one.kind,
            at=one.at,
            recorded_at=one.recorded_at,
            payload=one.payload,
            who=one.who,
            entrance=one.entrance,
        )
        for one in timeline.entries
    ]


def test_pages_of_a_timeline_join_without_gap_across_months() -> None:
    ayu = make_customer("Ayu")
    for days in range(0, 100, 10):
        stage(ayu.pk, NOON - timedelta(days=days))

    seen, cursor = [], ""
    while True:
        part = customer_timeline(by=ANN, customer_id=ayu.pk, cursor=cursor, size=3)
        seen += [one.at for one in part.entries]
        cursor = part.next
        if not cursor:
            break

    assert seen == [NOON - timedelta(days=days) for days in range(0, 100, 10)]


def test_a_timeline_holds_only_its_customer_and_the_wanted_room() -> None:
    ayu, budi = make_customer("Ayu"), make_customer("Budi")
    stage(ayu.pk, NOON)
    stage(budi.pk, NOON)

    assert len(customer_timeline(by=ANN, customer_id=ayu.pk).entries) == 1
    assert customer_timeline(by=ANN, customer_id=ayu.pk, kinds=("commerce",)).entries == []
    assert len(customer_timeline(by=ANN, customer_id=ayu.pk, kinds=("customers.stage_changed",)).entries) == 1


def test_facts_are_told_in_the_language_of_the_reader() -> None:
    ayu = make_customer("Ayu")
    stage(ayu.pk, NOON, before="first_time", after="at_risk")
    timeline = customer_timeline(by=ANN, customer_id=ayu.pk)

    english = stories(timeline)[0].title
    with translation.override("id"):
        indonesian = stories(timeline)[0].title

    assert english == "Stage: First-time → At risk"
    assert indonesian != english


def test_a_fact_that_nobody_tells_is_named_plainly() -> None:
    ayu = make_customer("Ayu")
    with transaction.atomic():
        record([CustomerMet(customer_id=ayu.pk, met_at=NOON)], by=ANN)

    [story] = stories(customer_timeline(by=ANN, customer_id=ayu.pk))

    assert story.title == "Recorded: customer met"
    assert story.who == "Staff"


def test_every_fact_about_a_customer_has_a_sentence() -> None:
    assert {CustomerRegistered.fact_kind, CustomerEdited.fact_kind, "commerce.receipt_recorded"} <= set(told_kinds())  # type: ignore[attr-defined]


def test_an_edit_is_told_with_the_names_of_fields_and_choices_in_the_readers_language() -> None:
    define("Shoe size", "number", title_id="Ukuran sepatu")
    define("Club rank", "choice", title_id="Pangkat", choices=[ChoiceWords("Gold", "Emas"), ChoiceWords("Silver", "Perak")])
    define("Likes", "choices", choices=[ChoiceWords("Tea", "Teh"), ChoiceWords("Coffee", "Kopi")])
    define("Member", "boolean")
    ayu = make_customer("Ayu")
    changes = {"custom.shoe_size": 1234.5, "custom.club_rank": "gold", "custom.likes": ["tea", "coffee"], "custom.member": True}
    edit_customer(by=make_actor(), customer_id=ayu.pk, changes={**changes, "born_on": date(1990, 5, 4)}, at=NOON)

    with translation.override("id"):
        [story] = [one for one in stories(customer_timeline(by=make_actor(), customer_id=ayu.pk)) if "edited" in one.kind]

    assert set(str(story.detail).split(" · ")) == {
        "Ukuran sepatu: – → 1.234,5",
        "Pangkat: – → Emas",
        "Likes: – → Kopi, Teh",
        "Member: – → ya",
        "Tanggal lahir: – → 4 Mei 1990",
    }
