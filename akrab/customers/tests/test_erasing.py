"""Erasing a customer: afterwards no table, file or lake knows the person, the books are as they were, and a receipt says so."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest
from django.conf import settings
from django.db.utils import ProgrammingError

from akrab.customers.models import Customer
from akrab.customers.operations.consenting import ConsentMessage, record_consents
from akrab.customers.operations.editing import edit_customer
from akrab.customers.operations.erasing import erase_customer, is_genuine, lift_tombstones
from akrab.customers.operations.finishing import erased_list, finish_erasures
from akrab.customers.operations.noticing import ErasedBefore
from akrab.customers.operations.registering import register_customer
from akrab.customers.operations.relating import relate_customers
from akrab.customers.operations.resolving import Contact, resolve_contacts
from akrab.customers.operations.saving import CustomerMessage, save_customers
from akrab.customers.queries.contacting import may_contact
from akrab.customers.tables.privacy import Erasure, Tombstone
from akrab.customers.tests.factories import make_customer
from akrab.platform.bulk import fetch
from akrab.platform.lake.location import lake_root
from akrab.platform.lake.updating import update_lake
from akrab.platform.refusal import Forbidden
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

ANN = make_actor("manager")
LATER = NOON + timedelta(days=3)
MAIL, PHONE, NAME = "lestari.unik@example.com", "+628119990001", "Lestari Unikwati"


@pytest.fixture
def lestari(transactional_db: None, tmp_path: Path, settings: Any) -> UUID:
    """A customer with traces in every store."""
    settings.AKRAB_HOME = tmp_path
    settings.FILES_ROOT = tmp_path / "files"
    settings.LAKE_URL = ""
    fields = {"display_name": NAME, "kind": "person", "email": MAIL, "phone": PHONE, "address": "Jalan Unikwati 5"}
    one = register_customer(by=ANN, fields=fields, at=NOON).customer_id
    edit_customer(by=ANN, customer_id=one, changes={"city": "Unikwatitown"}, at=NOON)
    other = make_customer("Budi Santoso")
    relate_customers(by=ANN, customer_id=other.pk, other_id=one, kind="household", at=NOON, note="", since=None)
    consent = ConsentMessage("email", "marketing", "granted", one, evidence=f"mail from {MAIL}", ip="10.1.2.3")
    record_consents(by=ANN, consents=[consent], at=NOON, source="form")
    fetch(
        "INSERT INTO platform_idempotencykey (id, owner, key, request_hash, content_type, headers, body, created_at) "
        "VALUES (gen_random_uuid(), 'x', 'k', 'h', '', '{}', %s, now())",
        [json.dumps({"name": NAME}).encode()],
    )
    folder = tmp_path / "files" / "imports"
    folder.mkdir(parents=True)
    (folder / "a-errors.csv").write_text(f"name,mail\n{NAME.upper()},{MAIL}\n")
    (folder / "b.csv").write_text("name\nBudi Santoso\n")
    update_lake(lake_root(), at=NOON)
    update_lake(lake_root(), at=NOON, rebuild=True)
    return one


def places_with(*texts: str) -> list[str]:
    """Every table of the database, every Parquet file and every file under home in which one of the texts stands."""
    wanted = [text.lower() for text in texts]
    anywhere = [*wanted, *(text.encode().hex() for text in texts)]
    found = []
    tables = fetch("SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
    for (table,) in tables:
        one = "SELECT 1 FROM unnest(%s::text[]) AS w(text) WHERE position(w.text IN lower(t::text)) > 0"
        if fetch(f"SELECT 1 FROM {table} t WHERE EXISTS ({one}) LIMIT 1", [anywhere]):
            found.append(table)
    for path in Path(settings.AKRAB_HOME).rglob("*"):
        if path.suffix == ".parquet":
            text = str(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall())
        elif path.is_file():
            text = path.read_text(errors="ignore")
        else:
            continue
        if any(one in text.lower() for one in wanted):
            found.append(path.name)
    return sorted(found)


def test_nothing_anywhere_knows_an_erased_person(lestari: UUID) -> None:
    before = places_with(NAME, MAIL, PHONE, "unikwati")
    assert {"customers_customer", "platform_idempotencykey", "a-errors.csv", "customers_nameword"} <= set(before)
    assert any(name.startswith("platform_fact_") for name in before)
    assert any(name.startswith("platform_journalrow_") for name in before)
    assert sum(name.endswith(".parquet") for name in before) >= 1
    facts = len(facts_recorded())

    erase_customer(by=ANN, customer_id=lestari, at=LATER)
    finish_erasures(by=ANN, at=LATER)

    assert places_with(NAME, MAIL, PHONE, "unikwati") == []
    assert len(facts_recorded()) == facts + 2
    assert (Path(settings.FILES_ROOT) / "imports" / "b.csv").exists()
    assert Customer.objects.count() == 1
    receipt = Erasure.objects.get()
    assert is_genuine(receipt)
    stores = {one["store"]: (one["removed"], one["cleaned"]) for one in receipt.stores}
    assert stores["customers.identifiers"] == (2, 0)
    assert stores["customers.consents"] == (1, 0)
    assert stores["platform.imports"] == (1, 0)
    assert stores["platform.answers"] == (1, 0)
    assert stores["lake"][1] >= 1
    assert list(stores)[-1] == "backups"
    assert str(receipt.pk) in erased_list().read_text()
    receipt.stores = [*receipt.stores, {"store": "more"}]
    assert not is_genuine(receipt)


@pytest.mark.django_db
def test_facts_are_cleaned_only_by_an_erasure_and_each_cleaning_is_noted() -> None:
    siti = register_customer(by=ANN, fields={"display_name": "Siti Aminah", "kind": "person"}, at=NOON).customer_id

    erase_customer(by=ANN, customer_id=siti, at=LATER)

    cleaned = fetch(
        "SELECT kind, payload->>'name', payload->>'kind', customer_id FROM platform_fact WHERE kind LIKE '%%registered'"
    )
    assert cleaned == [("customers.customer_registered", "", "person", None)]
    assert fetch("SELECT kind, fields FROM platform_factcleaning") == [("customers.customer_registered", ["customer_id", "name"])]
    with pytest.raises(ProgrammingError, match="never changed"):
        fetch("UPDATE platform_fact SET payload = '{}'")


@pytest.mark.django_db
def test_an_erased_person_is_noticed_when_they_come_again_and_let_in_only_when_somebody_says_so() -> None:
    siti = make_customer("Siti Aminah", email="siti@example.com", phone="+628123456789")
    gone = erase_customer(by=ANN, customer_id=siti.pk, at=LATER)
    message = CustomerMessage({"display_name": "Siti A."}, (("email", "SITI@example.com"),))

    assert save_customers(by=ANN, customers=[message], at=LATER)[0].code == "erased_before"
    contacts = [Contact((("phone", "0812-3456-789"), ("external", "shop/1")), name="Siti"), Contact((("external", "shop/2"),))]
    resolved = resolve_contacts(by=ANN, contacts=contacts, at=LATER)
    assert (resolved[0], resolved[1] is None) == (None, False)
    with pytest.raises(ErasedBefore):
        register_customer(by=ANN, fields={"display_name": "Siti", "kind": "person", "email": "siti@example.com"}, at=LATER)
    assert Customer.objects.count() == 1
    assert sorted(Tombstone.objects.values_list("kind", "seen")) == [("email", 1), ("phone", 1)]

    lift_tombstones(by=ANN, erasure_id=gone.erasure_id, at=LATER)
    assert save_customers(by=ANN, customers=[message], at=LATER)[0].result == "created"


@pytest.mark.django_db
def test_an_erased_customer_may_not_be_contacted_and_staff_may_not_erase() -> None:
    siti = make_customer("Siti Aminah")
    with pytest.raises(Forbidden):
        erase_customer(by=make_actor("staff"), customer_id=siti.pk, at=NOON)
    assert (Customer.objects.count(), facts_recorded()) == (1, [])

    erase_customer(by=ANN, customer_id=siti.pk, at=NOON)

    said = may_contact(by=ANN, customer_ids=[siti.pk], channel="email", purpose="marketing", at=NOON)
    assert [one.reason for one in said] == ["erased"]
