"""Pages, API and file of duplicates: the queue, the rules, hints while somebody types."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from akrab.customers.models import Customer
from akrab.customers.operations.deduplicating import note_duplicates
from akrab.customers.queries.exports import DUPLICATE_ROWS
from akrab.customers.queries.likely import likely_pairs, thresholds
from akrab.customers.tables.duplicates import Duplicate, DuplicateRule
from akrab.customers.tests.factories import make_customer, sign_in
from akrab.platform.exporting import write_export
from akrab.platform.tests.factories import facts_recorded, make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")
NOW = datetime.now(UTC)


def pair() -> Duplicate:
    for name in ("Ani Wijaya", "Wijaya Ani"):
        Customer.objects.filter(pk=make_customer(name).pk).update(phone="0812345678")
    note_duplicates(by=ANN, likely=likely_pairs(by=ANN), at=NOW)
    return Duplicate.objects.get()


def test_the_queue_shows_the_evidence_and_keeps_apart_by_key(client: Client) -> None:
    sign_in(client)
    found = pair()

    text = client.get("/customers/duplicates/").content.decode()
    client.post(f"/customers/duplicates/{found.pk}/")

    assert all(words in text for words in ("Phone is the same", 'data-key="n"', "Almost sure"))
    assert "No duplicates" in client.get("/customers/duplicates/").content.decode()
    assert "customers.duplicate_dismissed" in facts_recorded()


def test_merging_from_the_queue_comes_back_to_it(client: Client) -> None:
    sign_in(client)
    found = pair()

    answer = client.post("/customers/merge/", {"id": [found.a_id, found.b_id], "next": "duplicates"})

    assert answer["Location"] == "/customers/duplicates/"
    assert Duplicate.objects.get().status == "merged"


def test_rules_and_limits_are_changed_on_their_page(client: Client) -> None:
    sign_in(client)
    rule = DuplicateRule.objects.get(kind="person", field="phone")
    values = {"how": "exact", "same": "9", "close": "9", "different": "-3", "on_entry": "", "is_active": "on"}

    assert "Person" in client.get("/customers/duplicates/rules/").content.decode()
    client.post(f"/customers/duplicates/rules/{rule.pk}/", {f"{rule.pk}-{name}": value for name, value in values.items()})
    client.post("/customers/duplicates/limits/", {"review_from": "12", "sure_from": "20"})
    refused = client.post("/customers/duplicates/limits/", {"review_from": "30", "sure_from": "20"})

    rule.refresh_from_db()
    assert (rule.how, rule.same, thresholds(), refused.status_code) == ("exact", 9.0, (12.0, 20.0), 422)


def test_somebody_spelt_nearly_so_is_hinted_at_and_refused_only_by_rule(client: Client) -> None:
    sign_in(client)
    make_customer("Nurhaliza Wulandari")

    hint = client.get("/customers/hints/?display_name=Nurhalisa Wulandari").content.decode()
    first = client.post("/customers/", {"kind": "person", "display_name": "Nurhaliza Wulandari"})
    DuplicateRule.objects.filter(field="name").update(on_entry="block")
    second = client.post("/customers/", {"kind": "person", "display_name": "Nurhaliza Wulandari"})

    assert "Nurhaliza Wulandari" in hint
    assert (first.status_code, second.status_code, Customer.objects.count()) == (303, 422, 2)


def test_the_queue_is_written_to_a_file(tmp_path: Path) -> None:
    pair()

    write_export(by=ANN, export=DUPLICATE_ROWS, path=tmp_path / "out.csv", filters={"status": "open"})

    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert [row["evidence"] for row in rows] == ["name same; phone same"]


def test_the_button_asks_for_a_comparison_in_the_background(client: Client) -> None:
    sign_in(client)

    client.post("/customers/duplicates/scan/")

    assert facts_recorded() == ["customers.duplicate_scan_asked"]
