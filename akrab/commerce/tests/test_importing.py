"""Receipts from files: accounted for row by row, the same in any order, never twice."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.utils.translation import override

from akrab.commerce.intake import products, receipts
from akrab.commerce.models import Branch, Product, Receipt, ReceiptLine
from akrab.commerce.queries.state import state_hash
from akrab.customers.models import Customer, Identifier
from akrab.platform.filing import located
from akrab.platform.importing.errorfile import readable
from akrab.platform.importing.plans import BadFile, BadMapping, QuestionsOpen, given_plan
from akrab.platform.importing.running import result_of, run_import
from akrab.platform.models import Import
from akrab.platform.operations.imports import note_import
from akrab.platform.tests.factories import facts_recorded, make_actor

pytestmark = pytest.mark.django_db

SALES = """number;date;sku;product;qty;price;customer
N1;2026-03-01 10:00;KOPI;Kopi susu;2;18000;C1
N1;2026-03-01 10:00;ROTI;Roti bakar;1;15000;C1
N2;2026-03-01 11:30;KOPI;Kopi susu;1;18000;
N3;2026-03-02 09:15;TEH;Teh tarik;3;12000;C2
"""
COLUMNS = {
    "number": "receipt", "date": "date", "sku": "sku", "product": "product", "qty": "quantity", "price": "price",
    "customer": "customer_id",
}  # fmt: skip
OPTIONS = {"branch": "kemang", "currency": "IDR", "source": "till"}


@pytest.fixture
def ann():
    return make_actor("manager")


@pytest.fixture
def bring(tmp_path, ann):
    """Imports a text and returns the reconciled figures."""

    def run(text: str, name: str = "sales.csv", *, preset: str = "", plan: dict[str, Any] | None = None, **more: Any):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return bring_file(ann, path, preset, plan if preset or plan else {"columns": COLUMNS, "options": OPTIONS}, **more)

    return run


def bring_file(by, path: Path, preset: str = "", plan: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    mapping = given_plan(plan, {}) if plan else None
    run = note_import(by=by, kind="receipts", path=path, preset=preset, mapping=mapping, **more)
    result = result_of(run_import(run, by=by))
    parts = ("created", "updated", "unchanged", "skipped", "errors")
    assert sum(result[name] for name in parts) == result["rows"]
    return result


def test_rows_become_receipts_with_lines_and_customers(bring):
    result = bring(SALES)

    assert (result["rows"], result["created"], result["receipts"]["created"]) == (4, 4, 3)
    assert list(Receipt.objects.order_by("number").values_list("number", "total", "line_count")) == [
        ("N1", 5_100_000, 2),
        ("N2", 1_800_000, 1),
        ("N3", 3_600_000, 1),
    ]
    assert Identifier.objects.filter(kind="external").order_by("key").values_list("key", flat=True)[0] == "till/C1"
    assert result["anonymous_lines"] == 1


def test_the_same_file_again_changes_nothing_and_says_so(bring, ann):
    first = bring(SALES)
    before = state_hash(by=make_actor())

    again = bring(SALES)

    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 4)
    assert again["same_file_as"] == first["import_id"]
    assert state_hash(by=make_actor()) == before


def test_a_dry_run_says_the_same_and_keeps_nothing(bring):
    planned = bring(SALES, dry_run=True)

    assert (planned["created"], planned["receipts"]["created"]) == (4, 3)
    assert (Receipt.objects.count(), Customer.objects.count(), Branch.objects.count()) == (0, 0, 0)
    assert facts_recorded() == []
    assert bring(SALES)["created"] == planned["created"]


def test_a_dry_run_of_many_batches_counts_as_the_run_does(bring, monkeypatch):
    monkeypatch.setattr(receipts, "BATCH", 1)
    text = SALES + "N4;2026-03-03 09:15;TEH;Teh tarik;-1;12000;C1\nN5;2099-01-01 09:15;TEH;Teh tarik;1;12000;C1\n"

    planned = bring(text, dry_run=True)

    assert (Receipt.objects.count(), Customer.objects.count(), Branch.objects.count()) == (0, 0, 0)
    done = bring(text)
    assert (done["created"], done["errors"], done["receipts"]["created"]) == (5, 1, 4)
    assert {**planned, "dry_run": False, "import_id": "", "error_file": ""} == {**done, "import_id": "", "error_file": ""}


def test_a_dry_run_of_products_counts_a_sku_of_two_batches_as_the_run_does(tmp_path, ann, monkeypatch):
    monkeypatch.setattr(products, "BATCH", 1)
    path = tmp_path / "products.csv"
    path.write_text("sku,name,price,currency\nKOPI,Kopi,18000,IDR\nTEH,Teh,,IDR\nKOPI,,,IDR\nKOPI,,18000,IDR\nTEH,,9000,IDR\n")

    runs = [result_of(run_import(note_import(by=ann, kind="products", path=path, dry_run=dry), by=ann)) for dry in (True, False)]

    assert [(run["created"], run["updated"], run["unchanged"], run["errors"]) for run in runs] == [(2, 1, 2, 0)] * 2


def test_an_empty_cell_of_a_product_leaves_what_an_earlier_row_said(tmp_path, ann):
    path = tmp_path / "products.csv"
    path.write_text("sku,name,price,currency\nKOPI,Kopi,18000,IDR\nKOPI,,,IDR\n")

    run_import(note_import(by=ann, kind="products", path=path), by=ann)

    assert list(Product.objects.values_list("name", "price")) == [("Kopi", 1_800_000)]


def test_a_changed_line_corrects_its_receipt_only(bring):
    bring(SALES)

    result = bring(SALES.replace("ROTI;Roti bakar;1;15000", "ROTI;Roti bakar;2;15000"), "corrected.csv")

    assert (result["updated"], result["unchanged"], result["receipts"]["updated"]) == (2, 2, 1)
    assert Receipt.objects.get(number="N1").total == 6_600_000


def test_a_row_that_cannot_be_read_takes_its_whole_receipt_to_the_error_file(bring):
    result = bring(SALES.replace("ROTI;Roti bakar;1", "ROTI;Roti bakar;satu"))

    assert (result["created"], result["errors"]) == (2, 2)
    assert not Receipt.objects.filter(number="N1").exists()
    assert Path(result["error_file"]).read_bytes().decode() == (
        "number;date;sku;product;qty;price;customer;Reason\r\n"
        "N1;2026-03-01 10:00;KOPI;Kopi susu;2;18000;C1;Left out with its receipt, because row 3 of it cannot be read.\r\n"
        "N1;2026-03-01 10:00;ROTI;Roti bakar;satu;15000;C1;qty: “satu” is not a number.\r\n"
    )
    assert result["problems"] == [
        {"row": 2, "column": "", "reason": "Left out with its receipt, because row 3 of it cannot be read."},
        {"row": 3, "column": "qty", "reason": "“satu” is not a number."},
    ]


def test_reasons_are_told_in_the_language_of_whoever_reads_them(bring):
    result = bring(SALES.replace("ROTI;Roti bakar;1", "ROTI;Roti bakar;satu"))
    run = Import.objects.get()

    with override("id"):
        assert [one["reason"] for one in run.problems] == [
            "Ikut tidak diambil bersama struknya, karena baris 3 struk ini tidak dapat dibaca.",
            "“satu” bukan angka.",
        ]
        lines = readable(located(run.error_file)).read_text("utf-8").splitlines()
    assert lines[0] == "number;date;sku;product;qty;price;customer;Alasan"
    assert lines[2].endswith(";C1;qty: “satu” bukan angka.")
    assert Path(result["error_file"]).read_text("utf-8").splitlines()[0].endswith(";Reason")


PHONES = """number;date;sku;qty;price;phone;name
N1;2026-03-01 10:00;KOPI;1;18000;12;Rini
N1;2026-03-01 10:00;TEH;1;9000;12;Rini
N2;2026-03-01 11:00;KOPI;1;18000;0812 3456 7890;Budi
N3;2026-03-01 12:00;KOPI;1;18000;-;
N4;2026-03-01 13:00;KOPI;1;18000;99;
"""
WITH_PHONES = {
    "columns": {
        "number": "receipt", "date": "date", "sku": "sku", "qty": "quantity", "price": "price", "phone": "phone",
        "name": "customer",
    },
    "options": OPTIONS,
}  # fmt: skip


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_phone_that_is_no_phone_is_told_with_row_and_column_while_the_receipt_is_taken(bring, dry_run):
    result = bring(PHONES, plan=WITH_PHONES, dry_run=dry_run)

    nameless = "This is no phone number; the receipt is taken without a customer, and the name in its row is not kept."
    plain = "This is no phone number; the receipt is taken without it."
    assert (result["created"], result["errors"], result["unusable_identifiers"]) == (5, 0, 2)
    assert result["remarks"] == [
        {"row": 2, "column": "phone", "reason": nameless},
        {"row": 6, "column": "phone", "reason": plain},
    ]
    assert [(one["reason"], one["row"], one["rows"]) for one in result["remarked"]] == [(nameless, 2, 1), (plain, 6, 1)]
    assert "12" not in json.dumps(Import.objects.get().details["remarks"])


def test_a_receipt_knows_that_something_unusable_was_given_and_keeps_none_of_it(bring):
    bring(PHONES, plan=WITH_PHONES)

    found = list(
        Receipt.objects.order_by("number").values_list("number", "customer__display_name", "customer_from", "attributes")
    )
    assert found == [
        ("N1", None, "unusable", {}),
        ("N2", "Budi", "identifier", {}),
        ("N3", None, "", {}),
        ("N4", None, "unusable", {}),
    ]
    assert bring(PHONES, plan=WITH_PHONES)["unchanged"] == 5


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_is_new_is_counted_once_by_a_dry_run_and_by_the_run(bring, monkeypatch, dry_run):
    plan = {"columns": WITH_PHONES["columns"] | {"shop": "branch"}, "options": {"currency": "IDR"}}
    bring(
        "number;date;sku;qty;price;phone;name;shop\nN0;2026-02-01;KOPI;1;18000;081299990000;Ann;pusat\n", "first.csv", plan=plan
    )
    monkeypatch.setattr(receipts, "BATCH", 1)
    rows = (
        "N1;2026-03-01;KOPI;1;18000;0812 3456 7890;Budi;pusat\nN2;2026-03-02;TEH;1;9000;+6281234567890;Budi;kemang\n"
        "N3;2026-03-03;TEH;1;9000;081299990000;Ann;kemang\nN4;2026-03-03;ROTI;x;9000;081288880000;Cici;kemang\n"
    )

    result = bring(f"number;date;sku;qty;price;phone;name;shop\n{rows}", plan=plan, dry_run=dry_run)

    assert (result["created"], result["errors"]) == (3, 1)
    assert result["new"] == {"branches": ["kemang"], "products": 1, "customers": 1}
    assert Branch.objects.count() == (1 if dry_run else 2)


def test_a_reason_names_the_column_that_it_speaks_of(bring):
    text = (
        "No Struk;Tanggal;Jam;Kode Barang;Jumlah;Harga;Total\nS1;2026-03-01;10:00;TEH;2;8000;20000\n"
        "S2;2026-03-01;25:70;TEH;1;8000;8000\n;2026-03-01;13:00;TEH;1;8000;8000\nS3;2099-12-06;13:00;TEH;1;8000;8000\n"
        "S4;2026-03-01;13:00;TEH;1;8000;8000\n"
    )

    result = bring(text, "struk.csv", plan={"columns": {}, "options": {"branch": "pusat"}})

    assert [(one["row"], one["column"], one["reason"]) for one in result["problems"]] == [
        (2, "Total", "The amount 20000 is not quantity times price (16000)."),
        (3, "Jam", "“25:70” is not a time of day."),
        (4, "No Struk", "There is no receipt number in this row."),
        (5, "Tanggal", "The receipt is dated 2099-12-06 13:00, in the future; check its date, or the clock of the till."),
    ]
    assert list(Receipt.objects.values_list("number", flat=True)) == ["S4"]


def test_many_rows_with_one_kind_of_problem_are_one_reason(bring):
    rows = "".join(f"B{number};2026-03-01 10:00;X;Y;a{number};1;\n" for number in range(70))

    result = bring(SALES + rows)

    assert result["reasons"] == [{"column": "qty", "reason": "“a0” is not a number.", "row": 6, "rows": 70}]
    assert (len(result["problems"]), result["errors"]) == (50, 70)


def test_a_row_without_a_readable_date_keeps_its_receipt_from_being_taken_in_part(bring):
    plan = {"columns": COLUMNS, "options": {**OPTIONS, "dates": "iso"}}

    result = bring(SALES.replace("N1;2026-03-01 10:00;ROTI", "N1;someday;ROTI"), plan=plan)

    assert (result["created"], result["errors"]) == (2, 2)
    assert not Receipt.objects.filter(number="N1").exists()


def test_rows_of_one_receipt_that_contradict_each_other_are_refused(bring):
    result = bring(SALES.replace("ROTI;Roti bakar;1;15000;C1", "ROTI;Roti bakar;1;15000;C9"))

    assert result["errors"] == 2
    reason = "The rows of this receipt disagree about the field “Customer id”: C1, C9."
    assert result["reasons"] == [{"column": "", "reason": reason, "row": 2, "rows": 2}]


@pytest.mark.parametrize(("mode", "created", "updated", "skipped"), [("create", 0, 0, 2), ("update", 0, 2, 0)])
def test_the_mode_says_what_may_happen_to_known_receipts(bring, mode, created, updated, skipped):
    bring(SALES)

    result = bring(SALES.replace("18000", "19000").replace("N2", "N9"), "later.csv", mode=mode)

    new = 1
    assert (result["created"], result["updated"], result["skipped"], result["unchanged"]) == (
        created + (new if mode == "create" else 0),
        updated,
        skipped + (new if mode == "update" else 0),
        1,
    )


def test_shuffled_lines_end_in_one_state(bring, ann):
    header, *lines = SALES.splitlines()
    bring(SALES)
    expected = state_hash(by=make_actor())

    for seed in range(20):
        random.Random(seed).shuffle(lines)
        if seed % 4 == 0:
            Receipt.objects.all().delete()
            Customer.objects.all().delete()
        bring("\n".join([header, *lines]) + "\n", f"{seed}.csv")
        assert state_hash(by=make_actor()) == expected


def test_many_errors_in_the_middle_of_a_file_stop_nothing(bring):
    header = SALES.splitlines()[0]
    bad = [f"B{number};2026-02-0{1 + number % 9} 10:00;X;Y;1;1;C{number % 2}" for number in range(12_000)]
    twice = [f"{line[:-1]}9" for line in bad]

    result = bring("\n".join([header, *bad, *twice, *SALES.splitlines()[1:]]) + "\n")

    assert (result["created"], result["errors"], result["receipts"]["errors"]) == (4, 24_000, 12_000)
    assert len(Path(result["error_file"]).read_text("utf-8-sig").splitlines()) == 24_001


@pytest.mark.parametrize(
    "row",
    [
        f"N2;2026-03-01 11:00;{'K' * 100};x;1;100;C1",
        f"{'N' * 100};2026-03-01 11:00;K;x;1;100;C1",
        "N2;2026-03-01 11:00;K;x;1000000;999999999999;C1",
        f"N2;2026-03-01 11:00;K;x;1;{'9' * 35};C1",
    ],
)
def test_a_cell_that_no_column_holds_is_an_error_of_its_receipt_alone(bring, row):
    result = bring(f"number;date;sku;product;qty;price;customer\n{row}\nN1;2026-03-01 10:00;KOPI;Kopi susu;2;18000;C1\n")

    assert (result["created"], result["errors"]) == (1, 1)
    assert list(Receipt.objects.values_list("number", flat=True)) == ["N1"]


def test_a_branch_code_or_a_till_too_long_is_an_error_of_its_receipt_alone(bring):
    plan = {"columns": {**COLUMNS, "shop": "branch", "till": "terminal"}, "options": OPTIONS}
    head = "number;date;sku;product;qty;price;customer;shop;till\n"
    rows = ((f"{'B' * 61}", "1"), ("kemang", "T" * 41), ("kemang", "1"))

    result = bring(
        head + "".join(f"N{n};2026-03-01 10:00;KOPI;Kopi;1;100;C1;{shop};{till}\n" for n, (shop, till) in enumerate(rows)),
        plan=plan,
    )

    assert (result["created"], result["errors"]) == (1, 2)
    assert list(Branch.objects.values_list("code", flat=True)) == ["kemang"]


@pytest.mark.parametrize(
    "row", [f"{'S' * 81},x,1,1,c", f"B,x,1,1,{'c' * 121}", f"B,x,{'9' * 20},1,c", f"B,x,1,{'9' * 20},c", "B,x,1,-5,c"]
)
def test_a_cell_that_no_column_holds_is_an_error_of_its_product_alone(tmp_path, ann, row):
    path = tmp_path / "products.csv"
    path.write_text(f"sku,name,price,cost,category\n{row}\nA,Kopi,100,50,Minum\n")

    result = result_of(run_import(note_import(by=ann, kind="products", path=path), by=ann))

    assert (result["created"], result["errors"]) == (1, 1)
    assert list(Product.objects.values_list("sku", "price", "cost")) == [("A", 10_000, 5_000)]


def test_ambiguous_dates_are_asked_never_guessed(bring):
    text = SALES.replace("2026-03-01", "01/03/2026").replace("2026-03-02", "02/03/2026")

    with pytest.raises(QuestionsOpen) as refused:
        bring(text)

    assert "column_dates.date=day_first" in str(refused.value)
    assert Receipt.objects.count() == 0
    bring(text, plan={"columns": COLUMNS, "options": {**OPTIONS, "dates": "day_first"}})
    assert Receipt.objects.get(number="N3").business_on == date(2026, 3, 2)


def test_a_mapping_that_names_no_column_of_the_file_is_refused(bring):
    with pytest.raises(BadMapping, match="no column Harga"):
        bring(SALES, plan={"columns": {"Harga": "price", "date": "date"}, "options": OPTIONS})


def test_a_file_that_is_no_table_is_refused_whole(tmp_path, ann):
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)

    with pytest.raises(BadFile):
        bring_file(ann, path)


def test_indonesian_names_of_columns_are_understood(bring):
    names = "No Struk,Tanggal,Kode Barang,Nama Barang,Jumlah,Harga Satuan,No HP"

    text = f"{names}\nS1,2026-01-31 19:05,K1,Kopi,2,18000,08123456789\n"
    result = bring(text, "struk.csv", plan={"columns": {}, "options": {"branch": "pusat"}})

    assert result["created"] == 1
    assert Identifier.objects.get().key == "+628123456789"


@pytest.mark.parametrize("name", ["Kasir", "Cashier"])
def test_who_stood_at_the_till_is_a_note_of_the_receipt_and_no_part_of_its_key(bring, name):
    text = f"No Struk,Tanggal,Kode Barang,Jumlah,Harga,{name}\nS1,2026-01-31,K1,2,18000,Sari\nS1,2026-01-31,K2,1,5000,Dewi\n"

    bring(text, "struk.csv", plan={"columns": {}, "options": {"branch": "pusat"}})

    receipt = Receipt.objects.get()
    assert (receipt.terminal, receipt.attributes, receipt.line_count) == ("", {name.lower(): "Dewi; Sari"}, 2)


def test_without_receipt_numbers_each_row_is_a_receipt(bring):
    text = "customer_id,date,quantity,amount\n7,1997-01-02,2,29.33\n7,1997-01-02,1,11.77\n8,1997-01-02,1,0.00\n"
    text += "7,1997-01-02 15:00,1,5.00\n"

    assert bring(text, "cd.csv", preset="cdnow")["receipts"]["created"] == 4
    rows = text.splitlines()
    again = bring("\n".join([rows[0], rows[4], rows[3], rows[2], rows[1]]) + "\n", "shuffled.csv", preset="cdnow")

    assert (again["created"], again["unchanged"]) == (0, 4)
    assert sorted(Receipt.objects.values_list("net", flat=True)) == [0, 500, 1177, 2933]


def test_an_amount_that_no_unit_price_gives_exactly_stays_exact(bring):
    text = "customer_id,date,quantity,amount\n7,1997-01-02,30001,100.01\n"

    bring(text, "cd.csv", preset="cdnow")

    assert Receipt.objects.get().net == 10001


def test_a_canceled_order_is_kept_but_does_not_count(bring):
    plan = {"columns": {**COLUMNS, "state": "voided"}, "options": OPTIONS}
    text = SALES.replace("customer\n", "customer;state\n").replace(";C1\n", ";C1;yes\n").replace("18000;\n", "18000;;\n")

    result = bring(text.replace(";C2\n", ";C2;\n"), plan=plan)

    assert (result["created"], result["voided"]) == (4, 1)
    assert list(Receipt.objects.filter(kind="sale").order_by("number").values_list("status", flat=True)) == [
        "voided",
        "counted",
        "counted",
    ]


def test_notes_payments_and_shipping_belong_to_the_receipt(bring):
    rest = "10,qris=60;cash=50,gift"
    text = f"order,date,sku,qty,price,ongkir,paid,note\nA,2026-02-01,X,1,100,{rest}\nA,2026-02-01,Y,1,0,{rest}\n"
    columns = {
        "order": "receipt", "date": "date", "sku": "sku", "qty": "quantity", "price": "price", "ongkir": "shipping",
        "paid": "tenders", "note": "attribute",
    }  # fmt: skip

    bring(text, plan={"columns": columns, "options": OPTIONS})

    receipt = Receipt.objects.get()
    assert (receipt.net, receipt.shipping, receipt.total, receipt.attributes) == (10_000, 1_000, 11_000, {"note": "gift"})
    assert sorted(receipt.tenders.values_list("method", "amount")) == [("cash", 5_000), ("qris", 6_000)]


def test_online_retail_is_reconciled_to_the_published_figures(data_folder, ann):
    result = bring_file(ann, data_folder / "online_retail" / "online_retail.parquet", "online-retail")

    assert (result["rows"], result["created"], result["errors"]) == (541_909, 541_909, 0)
    assert (result["receipts"]["created"], result["anonymous_lines"]) == (25_900, 135_080)
    assert Customer.objects.count() == 4_372
    assert sum(Receipt.objects.values_list("net", flat=True)) == 974_774_793
    assert ReceiptLine.objects.filter(receipt__kind="return").count() == 9_288
    assert dict(Receipt.objects.values_list("number", "business_on").filter(number="536365")) == {"536365": date(2010, 12, 1)}


def test_the_olist_sample_agrees_with_its_description(data_folder, ann):
    result = bring_file(ann, data_folder / "olist" / "sample_8135_orders", "olist")

    assert (result["rows"], result["receipts"]["created"], result["voided"], result["errors"]) == (9_140, 8_135, 1_234, 0)
    assert Customer.objects.count() == 8_016
    assert Receipt.objects.filter(kind="sale", status="voided").count() == 1_234
    assert bring_file(ann, data_folder / "olist" / "sample_8135_orders", "olist")["unchanged"] == 9_140


def test_cdnow_text_and_parquet_are_the_same_receipts(data_folder, ann, tmp_path):
    master = data_folder / "cdnow" / "cdnow_master.parquet"
    some = tmp_path / "some.parquet"
    duckdb.sql(f"FROM '{master}' WHERE customer_id < '01000'").write_parquet(str(some))
    text = data_folder / "cdnow" / "CDNOW_sample.txt"

    whole = bring_file(ann, some, "cdnow")
    tenth = bring_file(ann, text, "cdnow")

    buyers = [line.split()[0].decode() for line in text.read_bytes().splitlines()]
    shared = sum(buyer < "01000" for buyer in buyers)
    others = {buyer for buyer in buyers if buyer >= "01000"}
    assert (whole["created"], whole["errors"]) == (duckdb.read_parquet(str(some)).count("*").fetchall()[0][0], 0)
    assert (tenth["unchanged"], tenth["created"], tenth["rows"]) == (shared, 6_919 - shared, 6_919)
    assert (len(set(buyers)), Customer.objects.count()) == (2_357, 999 + len(others))


def test_a_mapping_file_is_json_with_columns_and_options():
    plan = given_plan(json.loads('{"columns": {"a": "sku"}, "options": {"decimal": "comma"}}'), {"column_dates.b": "iso"})

    assert plan == {"names": {"a": "sku"}, "settings": {}, "reading": {"numbers": "comma", "column_dates": {"b": "iso"}}}


def test_a_separator_that_is_hard_to_type_has_a_word():
    assert given_plan({}, {"delimiter": "tab"})["reading"] == {"delimiter": "\t"}
    assert given_plan({}, {"delimiter": ";"})["reading"] == {"delimiter": ";"}
