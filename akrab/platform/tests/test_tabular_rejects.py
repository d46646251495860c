"""The file of rejected rows can be mended and opened without running anything."""

import csv
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from akrab.platform.tabular.formulas import harmless, without_mark
from akrab.platform.tabular.inspection import inspect
from akrab.platform.tabular.reading import read_rows
from akrab.platform.tabular.rejects import RejectFile, Writing


@pytest.mark.parametrize("text", ["=1+1", "+62812", "-5", "@SUM(A1)", "\tx", "\rx", "  =1+1", "\uff1d1"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


MEANT = ["=1+1", "+62812", "-5", "@SUM(A1)", "\tx", "\rx", "  =1+1", "\uff1d1", "'=1", "''+62", "' @x"]


@pytest.mark.parametrize("text", [*MEANT, "", "Budi", "a=b", "'Abdul", "''", "'", "Jum'at", "' Abdul"])
def test_each_reading_takes_off_what_one_writing_has_put_there(text: str) -> None:
    assert without_mark(str(harmless(text))) == text


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_file_that_was_made_harmless_is_read_as_it_was_meant(tmp_path: Path, delimiter: str) -> None:
    rows = [(text, "'Abdul", str(number)) for number, text in enumerate(MEANT)]
    path = tmp_path / ("marked.csv" if delimiter == "," else "marked.tsv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([[harmless(cell) for cell in row] for row in (("=total", "name", "number"), *rows)])

    sheet = inspect(path)

    assert sheet.names[0] == "=total"
    assert [row for part in read_rows(path, sheet) for row in part.rows] == rows


def test_a_file_that_was_made_harmless_and_saved_as_a_workbook_is_read_as_it_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "marked.xlsx"
    book = openpyxl.Workbook()
    for row in (("phone", "name"), ("'+62812", "'Abdul"), ("'=1+1", "Siti")):
        book.active.append(row)
    book.save(path)

    assert [row for part in read_rows(path, inspect(path)) for row in part.rows] == [("+62812", "'Abdul"), ("=1+1", "Siti")]


def test_numbers_and_plain_text_stay_as_they_are() -> None:
    assert [harmless(cell) for cell in (-5, 1.5, "Budi", "", "a=b")] == [-5, 1.5, "Budi", "", "a=b"]


def test_rejected_rows_are_written_as_they_are_with_the_reason_last(tmp_path: Path) -> None:
    path = tmp_path / "errors.csv"

    with RejectFile(path, ["name", "=total"], reason="Reason") as file:
        file.write([("=total", "“x” is not a number."), ("", "Twice.")], ["=cmd()", -5])
        file.write([("", "Too few cells.")], ["Budi\x00"])

    assert file.count == 2
    with path.open(encoding="utf-8-sig", newline="") as lines:
        assert list(csv.reader(lines)) == [
            ["name", "'=total", "Reason"],
            ["'=cmd()", "-5", "'=total: “x” is not a number.; Twice."],
            ["Budi", "", "Too few cells."],
        ]


def test_rejected_rows_of_a_text_table_are_written_as_it_was(tmp_path: Path) -> None:
    given, path = tmp_path / "given.csv", tmp_path / "errors.csv"
    given.write_text("Tanggal;No HP;Harga;Jumlah\n31/02/2026;+62812;18.000,50;-2\n", "cp1252")
    sheet = inspect(given)
    [batch] = read_rows(given, sheet)

    with RejectFile(path, sheet.names, reason="Reason", writing=Writing.like(sheet)) as file:
        file.write([], batch.rows[0])

    assert path.read_bytes() == b"Tanggal;No HP;Harga;Jumlah;Reason\r\n31/02/2026;'+62812;18.000,50;-2;\r\n"
    assert [row[:-1] for part in read_rows(path, inspect(path)) for row in part.rows] == list(batch.rows)
