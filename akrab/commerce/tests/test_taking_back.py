"""Undoing imports: receipts, customers and products are again as they were before the file."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now
from procrastinate.contrib.django import app

from akrab.commerce.jobs import summarize_customers
from akrab.commerce.models import Branch, Product, Receipt, ReceiptVersion
from akrab.commerce.operations.taking_back import take_back_receipts
from akrab.commerce.queries.messages import TenderMessage
from akrab.commerce.queries.state import state_hash
from akrab.commerce.tests.factories import make_line, make_message, take
from akrab.customers.models import Customer
from akrab.customers.public import state_hash as customers_hash
from akrab.platform.actor import SYSTEM
from akrab.platform.bulk import fetch
from akrab.platform.declaring import load
from akrab.platform.importing.plans import given_plan
from akrab.platform.importing.running import run_import
from akrab.platform.models import Import, JournalEntry, JournalLeft
from akrab.platform.operations.imports import note_import
from akrab.platform.operations.undoing import CannotBeUndone, NothingToUndo, Undone, undo_entry, undo_import
from akrab.platform.tests.factories import facts_recorded, make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")
COLUMNS = {
    "number": "receipt",
    "date": "date",
    "sku": "sku",
    "product": "product",
    "qty": "quantity",
    "price": "price",
    "phone": "phone",
}
SALES = """number;date;sku;product;qty;price;phone
N1;2026-03-09 10:00;KOPI;Kopi susu;2;18000;0812 1111 1111
N2;2026-03-09 11:30;TEH;Teh tarik;1;12000;0812 2222 2222
"""


@pytest.fixture
def bring(tmp_path: Path) -> Any:
    def run(text: str, kind: str = "receipts", **plan: Any) -> Import:
        path = tmp_path / "file.csv"
        path.write_text(text, "utf-8")
        return run_import(note_import(by=ANN, kind=kind, path=path, mapping=given_plan(plan, {}) if plan else None), by=ANN)

    return run


def sales(bring: Any, text: str = SALES) -> Import:
    run: Import = bring(text, columns=COLUMNS, options={"branch": "SUDIRMAN", "currency": "IDR", "source": "till"})
    return run


def undo(run: Import) -> Undone:
    return undo_import(by=ANN, import_id=run.pk, at=now())


def settle() -> None:
    """Let the listeners of receipts catch up."""
    rows = fetch("SELECT kind, payload::text FROM platform_fact WHERE kind LIKE 'commerce.receipt_%%' ORDER BY id")
    summarize_customers([load(kind, json.loads(payload)) for kind, payload in rows])


def states() -> tuple[object, object]:
    return state_hash(by=make_actor()), customers_hash(by=make_actor())


def test_undoing_an_import_removes_a_branch_that_it_opened_unless_something_uses_it(bring: Any) -> None:
    run = sales(bring)
    settle()

    done = undo(run)

    assert (done.left, Branch.objects.count(), Receipt.objects.count()) == (0, 0, 0)
    again = sales(bring)
    take(make_message("T1", lines=(make_line(sku="SUSU"),)))
    assert undo(again).left == 1
    assert list(Branch.objects.values_list("code", flat=True)) == ["SUDIRMAN"]
    assert list(JournalLeft.objects.values_list("relation", "reason")) == [("commerce_branch", "in_use")]


def test_undoing_an_import_of_receipts_leaves_the_state_before_it(bring: Any) -> None:
    take(make_message("T1", phone="081211111111"), make_message("T2"))
    settle()
    before = states()
    run = sales(bring)
    settle()

    done = undo(run)

    settle()
    assert states() == before
    assert (done.left, Receipt.objects.count(), Customer.objects.count(), Product.objects.count()) == (0, 2, 1, 1)
    assert facts_recorded("commerce.receipt_taken_back") == ["commerce.receipt_taken_back"] * 2


def test_a_corrected_receipt_says_again_what_it_said(bring: Any) -> None:
    sales(bring)
    settle()
    before = states()
    run = sales(bring, SALES.replace("2;18000", "5;17000"))
    settle()

    done = undo(run)

    settle()
    assert states() == before
    assert (done.removed, done.left, Receipt.objects.get(number="N1").net) == (1, 0, 3_600_000)


def test_an_exchange_that_was_kept_before_its_amounts_were_gets_them_from_its_lines_and_tenders() -> None:
    swap = (make_line(quantity=-1), make_line(sku="TEH", unit_price="30000"))
    cash = (TenderMessage("cash", Decimal(4_000)),)
    take(make_message("1"), make_message("2", kind="exchange", original_number="1", lines=swap, tenders=cash))
    take(make_message("2", kind="exchange", original_number="1", lines=(*swap, make_line(sku="AIR")), revision=1))
    one = Receipt.objects.get(number="2")
    image = {**ReceiptVersion.objects.get().content, "replaced_at": now().isoformat(), "status": "parked"}
    image["tenders"] = [{"receipt_id": str(one.pk), "position": 1, "method": "cash", "amount": 400_000}]
    for since in ("brought_back", "base_brought_back", "unpaid"):
        del image[since]

    left = take_back_receipts(by=SYSTEM, at=now(), created=[], changed=[([str(one.pk)], image)])

    one.refresh_from_db()
    assert (left, one.brought_back, one.base_brought_back, one.unpaid) == ([], 2_500_000, 2_500_000, 100_000)
    assert (one.status, Receipt.objects.get(number="1").returned) == ("counted", 2_500_000)


def test_a_return_whose_sale_goes_waits_for_it_again(bring: Any) -> None:
    run = sales(bring)
    take(make_message("R1", kind="return", original_number="N1", lines=(make_line(quantity=-1, unit_price="18000"),)))

    undo(run)

    back = Receipt.objects.get()
    assert (back.status, back.original_id, back.customer_id) == ("early", None, None)
    assert not Customer.objects.exists()


def test_a_receipt_that_was_corrected_since_stays_with_its_customer_and_product(bring: Any) -> None:
    run = sales(bring)
    first = Receipt.objects.get(number="N1")
    later = make_message("N1", phone="081211111111", occurred_at=first.occurred_at.replace(tzinfo=None), terminal=first.terminal)
    take(make_message("N1", phone="081211111111", business_on=first.business_on, occurred_at=later.occurred_at, revision=2))

    done = undo(run)

    assert [one.number for one in Receipt.objects.all()] == ["N1"]
    assert Customer.objects.count() == 1
    assert {left.reason for left in JournalLeft.objects.filter(entry=done.entry_id, relation="commerce_receipt")} == {
        "changed_since"
    }
    assert done.left == JournalLeft.objects.filter(entry=done.entry_id).count()


def test_receipts_taken_back_are_imported_again_not_undone_again(bring: Any) -> None:
    run = sales(bring)
    done = undo(run)

    with pytest.raises(CannotBeUndone):
        undo_entry(by=ANN, entry_id=done.entry_id, at=now())

    sales(bring)
    assert Receipt.objects.count() == 2


PEOPLE = """Nama,No HP,Kota
Ayu,0812-3456-7890,Solo
Budi,0813-1111-2222,Bandung
"""


def test_undoing_an_import_of_customers_restores_created_and_updated_rows_by_field(bring: Any) -> None:
    first = bring(PEOPLE, "customers")
    ayu = Customer.objects.get(display_name="Ayu")
    before = customers_hash(by=make_actor())
    second = bring(PEOPLE.replace("Solo", "Medan") + "Citra,0814 5555 6666,Malang\n", "customers")
    assert (second.created, second.updated, second.unchanged) == (1, 1, 1)

    done = undo(second)

    ayu.refresh_from_db()
    assert customers_hash(by=make_actor()) == before
    assert (ayu.city, done.restored, done.removed, done.left) == ("Solo", 1, 2, 0)
    undo(first)
    assert Customer.objects.count() == 0


def test_undoing_the_undo_of_a_customer_import_brings_them_back(bring: Any) -> None:
    run = bring(PEOPLE, "customers")
    state = customers_hash(by=make_actor())
    done = undo(run)

    undo_entry(by=ANN, entry_id=done.entry_id, at=now())

    assert customers_hash(by=make_actor()) == state


def test_a_customer_who_bought_since_stays_and_is_listed(bring: Any) -> None:
    run = bring(PEOPLE, "customers")
    take(make_message("T1", phone="081234567890"))

    done = undo(run)

    assert [one.display_name for one in Customer.objects.all()] == ["Ayu"]
    assert (done.removed, done.left) == (2, 1)
    assert JournalLeft.objects.get().reason == "in_use"
    assert Customer.objects.get().identifiers.count() == 1


def test_a_dry_run_or_a_file_that_changed_nothing_has_nothing_to_undo(bring: Any) -> None:
    bring(PEOPLE, "customers")
    again = bring(PEOPLE, "customers")

    with pytest.raises(NothingToUndo):
        undo(again)

    assert JournalEntry.objects.count() == 1


def test_a_customer_with_receipts_is_never_deleted_from_the_trash() -> None:
    take(make_message("T1", phone="081211111111"), make_message("T2", phone="081222222222"))
    Receipt.objects.filter(number="T1").update(customer=None)
    Customer.objects.update(trashed_at=now() - timedelta(days=31))

    app.tasks["customers.empty_customer_trash"](int(now().timestamp()))

    assert [one.phone for one in Customer.objects.all()] == ["081222222222"]
