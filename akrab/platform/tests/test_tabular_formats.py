"""Workbooks, NDJSON, Parquet and vCards become the same kind of rows."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from odf.opendocument import OpenDocumentSpreadsheet  # type: ignore[import-untyped]
from odf.table import Table, TableCell, TableRow  # type: ignore[import-untyped]
from odf.text import P  # type: ignore[import-untyped]
from openpyxl import Workbook  # type: ignore[import-untyped]

from akrab.platform.tabular import large_workbooks
from akrab.platform.tabular.inspection import inspect
from akrab.platform.tabular.reading import read_rows
from akrab.platform.tabular.sentences import TabularError
from akrab.platform.tabular.sheet import Cell, Options, RowBatch


def only_batch(path: Path, options: Options | None = None) -> RowBatch:
    batches = list(read_rows(path, inspect(path, options=options)))
    assert len(batches) == 1
    return batches[0]


def make_workbook(path: Path, sheets: dict[str, list[list[Cell]]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


SALES: list[list[Cell]] = [
    ["Laporan"],
    [],
    ["Kode", "Tanggal", "Jam", "Total", "Lunas"],
    ["007", date(2025, 12, 31), datetime(2025, 12, 31, 8, 5), 1250000.5, True],
    [],
    ["008", date(2026, 1, 1), datetime(2026, 1, 1, 9, 0), 3, False],
]


@pytest.mark.parametrize("large", [False, True])
def test_a_workbook_gives_typed_cells_and_the_row_numbers_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr(large_workbooks, "LARGE", 0 if large else 10**9)
    path = make_workbook(tmp_path / "sales.xlsx", {"Jan": SALES})

    sheet = inspect(path)
    batch = only_batch(path)

    assert (sheet.header_row, sheet.names) == (3, ("Kode", "Tanggal", "Jam", "Total", "Lunas"))
    assert [column.kind for column in sheet.columns] == ["text", "date", "moment", "decimal", "boolean"]
    assert batch.numbers == [4, 6]
    assert batch.rows == [
        ("007", date(2025, 12, 31), datetime(2025, 12, 31, 8, 5), 1250000.5, True),
        ("008", date(2026, 1, 1), datetime(2026, 1, 1, 9, 0), 3, False),
    ]
    assert batch.blank == 1


def test_several_sheets_are_asked_about(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "book.xlsx", {"Satu": [["name"], ["A"]], "Dua": [["name"], ["B"], ["C"]]})

    assert [question.code for question in inspect(path).questions if question.code == "sheet"] == ["sheet"]
    assert only_batch(path, Options(sheet="Dua")).rows == [("B",), ("C",)]
    with pytest.raises(TabularError, match="It has: Satu, Dua"):
        inspect(path, options=Options(sheet="Tiga"))


def test_an_opendocument_sheet_is_read(tmp_path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Pelanggan")
    for cells in (["Nama", "Email"], ["Budi", "budi@contoh.id"]):
        row = TableRow()
        for text in cells:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "file.ods"))

    assert only_batch(tmp_path / "file.ods").rows == [("Budi", "budi@contoh.id")]


def test_ndjson_takes_the_union_of_keys_and_reports_what_is_odd(tmp_path: Path) -> None:
    lines = [{"id": "1", "total": 1.10}, {"id": "2", "lines": [{"sku": "A"}]}]
    path = tmp_path / "file.ndjson"
    later = "\n".join(['{"id": "3", "surprise": 1}', '{"id": ', "[1]", "", '{"id": "4"}'])
    path.write_text("\n".join(map(json.dumps, lines)) + "\n" + '{"id": "0"}\n' * 1000 + later + "\n")

    batch = only_batch(path)

    assert inspect(path).names == ("id", "total", "lines")
    assert batch.rows[0] == ("1", Decimal("1.1"), None)
    assert batch.rows[1] == ("2", None, [{"sku": "A"}])
    assert [(problem.number, problem.code) for problem in batch.problems] == [
        (1004, "not_json"),
        (1005, "not_an_object"),
    ]
    assert [(notice.number, notice.code) for notice in batch.notices] == [(1003, "unexpected_keys")]
    assert (batch.blank, batch.numbers[-1]) == (1, 1007)


def test_parquet_columns_become_python_values(tmp_path: Path) -> None:
    table = pa.table(
        {
            "n": pa.array([1, None], pa.int64()),
            "when": pa.array([datetime(2025, 1, 2, 3, 4, 5), None], pa.timestamp("ms")),
            "fine": pa.array([datetime(2025, 1, 2, 3, 4, 5), None], pa.timestamp("ns")),
            "day": pa.array([date(2025, 1, 2), None]),
            "money": pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
            "word": pa.array(["a", None]).dictionary_encode(),
            "raw": pa.array([b"bytes", None]),
            "list": pa.array([[1, 2], None]),
        }
    )
    pq.write_table(table, tmp_path / "file.parquet")

    batch = only_batch(tmp_path / "file.parquet")

    moment = datetime(2025, 1, 2, 3, 4, 5)
    assert batch.rows == [
        (1, moment, moment, date(2025, 1, 2), Decimal("1.50"), "a", "bytes", "[1, 2]"),
        (None,) * 8,
    ]
    assert batch.numbers == [1, 2]


CARDS = """BEGIN:VCARD
VERSION:3.0
N:Santoso;Budi;;;
FN:Budi Santoso
EMAIL;TYPE=WORK:budi@contoh.id
EMAIL;TYPE=HOME:b@rumah.id
TEL;TYPE=CELL:+62 812-3456-789
ORG:Toko Maju;Gudang
ADR;TYPE=WORK:;;Jl. Merdeka 1;Bandung;Jawa Barat;40111;Indonesia
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Andr=C3=A9
TEL;CELL:0812
END:VCARD
BEGIN:VCARD
VERSION:3.0
NOTE:nobody
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:No End
"""


def test_each_card_is_a_row_and_broken_cards_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "contacts.vcf"
    path.write_text(CARDS)

    sheet, batch = inspect(path), only_batch(path)
    budi, andre = (dict(zip(sheet.names, row, strict=True)) for row in batch.rows)

    assert (budi["full_name"], budi["emails"]) == ("Budi Santoso", "budi@contoh.id; b@rumah.id")
    assert (budi["organization"], budi["city"], budi["postal_code"]) == ("Toko Maju", "Bandung", "40111")
    assert (andre["given_name"], andre["family_name"], andre["full_name"]) == ("André", "Müller", "André Müller")
    assert batch.numbers == [1, 11]
    assert [(problem.number, problem.code) for problem in batch.problems] == [(16, "broken_card"), (20, "broken_card")]
