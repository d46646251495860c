"""Duplicates: pairs with their evidence, decisions that hold until a key changes, merging from the queue."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from akrab.customers.models import Customer
from akrab.customers.operations.deduplicating import keep_apart, note_duplicates, weigh
from akrab.customers.operations.merging import merge_customers
from akrab.customers.queries.duplicates import open_duplicates
from akrab.customers.queries.likely import likely_pairs
from akrab.customers.tables.duplicates import Duplicate, DuplicateRule
from akrab.customers.tables.identity import Merge
from akrab.customers.tests.factories import make_customer
from akrab.platform.operations.undoing import undo_entry
from akrab.platform.refusal import Forbidden
from akrab.platform.tests.factories import make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")
NOW = datetime.now(UTC)


def person(name: str, phone: str = "", **more: Any) -> Customer:
    """Without identifiers: those are unique and cannot be shared."""
    customer = make_customer(name, **more)
    Customer.objects.filter(pk=customer.pk).update(phone=phone)
    return customer


def scanned() -> list[set[str]]:
    note_duplicates(by=ANN, likely=likely_pairs(by=ANN), at=NOW)
    pairs, _place = open_duplicates(by=ANN)
    return [{one.a.display_name, one.b.display_name} for one in pairs]


def test_the_same_person_under_other_spellings_is_found_and_namesakes_are_not() -> None:
    person("Siti Nurhaliza", "+62 812-3456-7890")
    person("Nurhaliza, Siti", "081234567890")
    person("Dewi Kartika", "+628111111111", born_on="1990-04-03")
    person("Dewi Kartikaa", "", born_on="1990-03-04")
    for city in ("Bandung", "Medan", "Solo"):
        person("Budi Santoso", "", city=city)
    make_customer("PT Sinar Jaya Abadi Tbk", kind="company", address="Jl. Sudirman 10", city="Jakarta")
    make_customer("Sinar Jaya Abadi, CV", kind="company", address="Jl Sudirman 10", city="Jakarta")

    pairs = scanned()

    assert sorted(sorted(one) for one in pairs) == [
        ["Nurhaliza, Siti", "Siti Nurhaliza"],
        ["PT Sinar Jaya Abadi Tbk", "Sinar Jaya Abadi, CV"],
    ]
    assert [str(each.words) for each in open_duplicates(by=ANN)[0][0].evidence] == ["Name is the same", "Phone is the same"]


def test_not_a_duplicate_holds_until_a_key_changes() -> None:
    ani = person("Ani Wijaya", "0812345678")
    person("Wijaya Ani", "0812345678")
    scanned()

    keep_apart(by=ANN, duplicate_ids=[Duplicate.objects.get().pk], at=NOW)
    again = scanned()
    Customer.objects.filter(pk=ani.pk).update(email="ani@example.com")

    assert (again, len(scanned())) == ([], 1)


def test_a_merge_settles_the_pair_and_its_undo_opens_it_again() -> None:
    ani, other = person("Ani Wijaya", "0812345678"), person("Wijaya Ani", "0812345678")
    scanned()

    merge_customers(by=ANN, survivor_id=ani.pk, other_ids=[other.pk], at=NOW)
    merged = (Duplicate.objects.get().status, scanned())
    undo_entry(by=ANN, entry_id=Merge.objects.get().entry_id, at=NOW)  # type: ignore[arg-type]

    assert merged == ("merged", [])
    assert len(scanned()) == 1


def test_rules_are_data_and_other_limits_are_tried_without_a_trace() -> None:
    person("Ani Wijaya", "0812345678")
    person("Wijaya Ani", "0812345678")

    loose = weigh(by=ANN, likely=likely_pairs(by=ANN))
    tight = weigh(by=ANN, likely=likely_pairs(by=ANN, review_from=30))
    DuplicateRule.objects.filter(field="phone").update(is_active=False)

    assert [(one.pairs, one.new, one.sure) for one in (loose, tight)] == [(1, 1, 1), (0, 0, 0)]
    assert scanned() == []
    assert Duplicate.objects.count() == 0


def test_what_too_many_share_is_not_compared_and_reported() -> None:
    for place in range(6):
        person(f"Tamu {place}", "0800000000")

    likely = likely_pairs(by=ANN, cap=5)

    assert ("phone", "800000000", 6) in [(one.block, one.key, one.records) for one in likely.dropped]


def test_staff_may_not_scan() -> None:
    with pytest.raises(Forbidden):
        likely_pairs(by=make_actor("staff"))
