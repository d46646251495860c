"""The trash: out of sight everywhere, back with everything, emptied when nothing rests on the customer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from akrab.customers.models import Customer, Identifier
from akrab.customers.operations.resolving import Contact, resolve_contacts
from akrab.customers.operations.trashing import empty_trash, restore_customers, trash_customers
from akrab.customers.queries.profiles import known_already
from akrab.customers.queries.records import list_records
from akrab.customers.tests.factories import make_customer, sign_in
from akrab.platform.actor import SYSTEM
from akrab.platform.models import JournalEntry
from akrab.platform.operations.undoing import undo_entry
from akrab.platform.refusal import Forbidden, NotFound
from akrab.platform.tests.factories import facts_recorded, make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")
NOW = datetime.now(UTC)


def trashed(name: str = "Ayu Lestari", phone: str = "+6281234567890") -> Customer:
    customer = make_customer(name, phone=phone)
    trash_customers(by=ANN, customer_ids=[customer.pk], at=NOW)
    return customer


def test_a_customer_in_the_trash_is_in_no_list_search_or_picker(client: Client) -> None:
    ayu = trashed()
    sign_in(client)

    assert client.get(f"/customers/{ayu.pk}/").status_code == 404
    assert "Ayu Lestari" not in client.get("/customers/?q=ayu").content.decode()
    assert "Ayu Lestari" not in client.get("/customers/options/?q=ayu").content.decode()
    assert list_records(by=ANN, filters={}) == ([], None)
    assert known_already(by=ANN, values=[("phone", "081234567890")]) == []
    assert "Ayu Lestari" in client.get("/customers/trash/").content.decode()


def test_a_restored_customer_has_everything_and_what_was_bought_meanwhile() -> None:
    ayu = trashed()
    found = resolve_contacts(by=ANN, contacts=[Contact((("phone", "081234567890"),))], at=NOW)

    restore_customers(by=ANN, customer_ids=[ayu.pk], at=NOW)

    assert found == [ayu.pk]
    assert (Customer.objects.get().trashed_at, Identifier.objects.count()) == (None, 1)
    assert facts_recorded("customers.customer_") == ["customers.customer_trashed", "customers.customer_restored"]


def test_moving_to_the_trash_can_be_undone() -> None:
    trashed()

    undo_entry(by=ANN, entry_id=JournalEntry.objects.get().pk, at=NOW)

    assert Customer.objects.get().trashed_at is None


def test_staff_may_not_delete_and_what_is_there_already_is_not_found_again() -> None:
    ayu = trashed()

    with pytest.raises(Forbidden):
        trash_customers(by=make_actor("staff"), customer_ids=[ayu.pk], at=NOW)
    with pytest.raises(NotFound):
        trash_customers(by=ANN, customer_ids=[ayu.pk], at=NOW)

    assert facts_recorded("customers.customer_trashed") == ["customers.customer_trashed"]


def test_after_thirty_days_the_trash_is_emptied() -> None:
    trashed()

    assert empty_trash(by=SYSTEM, at=NOW + timedelta(days=29)) == 0
    assert empty_trash(by=SYSTEM, at=NOW + timedelta(days=31)) == 1

    assert (Customer.objects.count(), Identifier.objects.count()) == (0, 0)
    assert facts_recorded("customers.trash_emptied") == ["customers.trash_emptied"]


def test_deleting_from_the_profile_asks_first_and_offers_to_undo(client: Client) -> None:
    ayu = make_customer("Ayu")
    sign_in(client)
    assert "Receipts stay" in client.get(f"/customers/{ayu.pk}/trash/").content.decode()

    client.post(f"/customers/{ayu.pk}/trash/")

    page = client.get("/customers/").content.decode()
    assert f"/changes/{JournalEntry.objects.get().pk}/undo/" in page
