"""Proposing columns for fields, in both languages and by what the values look like."""

from pathlib import Path

import pytest

from akrab.platform.tabular.inspection import inspect
from akrab.platform.tabular.matching import Field, Proposal, propose_mapping

CUSTOMER = [
    Field("name", "Name", required=True),
    Field("email", "E-mail", "email", many=True),
    Field("phone", "Phone", "phone", many=True),
    Field("company", "Company"),
    Field("birthday", "Birthday", "date"),
    Field("city", "City"),
    Field("customer_id", "Customer number", "code"),
]
RECEIPT = [
    Field("receipt", "Receipt number", "code", required=True),
    Field("date", "Date", "moment", required=True),
    Field("customer_id", "Customer", "code"),
    Field("sku", "Product code", "code"),
    Field("product", "Product"),
    Field("quantity", "Quantity", "decimal"),
    Field("price", "Price", "money"),
    Field("branch", "Branch"),
]


def propose(folder: Path, fields: list[Field], header: str, *rows: str) -> Proposal:
    path = folder / "file.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return propose_mapping(fields, inspect(path))


def test_indonesian_names_are_understood(tmp_path: Path) -> None:
    found = propose(
        tmp_path,
        CUSTOMER,
        "Kode Pelanggan,Nama Lengkap,No. HP,Surel,Tgl Lahir,Kota",
        "C1,Budi,081234567890,budi@contoh.id,1990-01-31,Bandung",
    )

    assert found.mapping == {
        "customer_id": "Kode Pelanggan",
        "name": "Nama Lengkap",
        "phone": "No. HP",
        "email": "Surel",
        "birthday": "Tgl Lahir",
        "city": "Kota",
    }
    assert (found.unused, found.missing, found.unsure) == ((), (), ())


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID",
            "536365,85123A,MUG,6,2010-12-01 08:26,2.55,17850",
        ),
        (
            "no_struk,kode_barang,nama_barang,jml,tanggal,harga satuan,kode pelanggan",
            "S1,A1,Kopi,2,2025-01-31 08:00,18000,C9",
        ),
        ("Receipt No.,SKU,Item,Qty,Date/Time,Price,Member ID", "R1,A1,Coffee,2,2025-01-31 08:00,18000,C9"),
    ],
)
def test_receipt_lines_of_several_tills_are_understood(tmp_path: Path, header: str, row: str) -> None:
    found = propose(tmp_path, RECEIPT, header, row, row)

    names = header.split(",")
    expected = ["receipt", "sku", "product", "quantity", "date", "price", "customer_id"]
    assert found.mapping == dict(zip(expected, names, strict=True))


def test_values_tell_what_names_do_not(tmp_path: Path) -> None:
    found = propose(
        tmp_path,
        CUSTOMER,
        "Name,Kontak 1,Kontak 2",
        "Budi,budi@contoh.id,081234567890",
        "Siti,siti@contoh.id,+62 21 555123",
    )

    assert found.mapping == {"name": "Name", "email": "Kontak 1", "phone": "Kontak 2"}
    assert [match.reason for match in found.matches] == ["same_name", "values", "values"]
    assert found.unsure == ("email", "phone")


def test_a_field_with_many_values_takes_all_its_columns(tmp_path: Path) -> None:
    found = propose(tmp_path, CUSTOMER, "Name,E-mail Address,E-mail 2 Address,Home Phone", "Budi,a@b.id,c@d.id,021555123")

    assert found.columns["email"] == ["E-mail Address", "E-mail 2 Address"]
    assert found.columns["phone"] == ["Home Phone"]


def test_values_that_contradict_the_name_make_it_unsure(tmp_path: Path) -> None:
    found = propose(tmp_path, CUSTOMER, "Name,Email", "Budi,Jalan Merdeka 1", "Siti,Jalan Braga 2")

    assert "email" in found.unsure or "email" not in found.mapping


def test_missing_required_fields_and_unused_columns_are_listed(tmp_path: Path) -> None:
    found = propose(tmp_path, CUSTOMER, "Warna,Email", "merah,a@b.id")

    assert (found.missing, found.unused) == (("name",), ("Warna",))
