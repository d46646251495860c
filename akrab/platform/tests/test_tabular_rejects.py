"""The file of rejected rows can be mended and opened without running anything."""

import csv
from pathlib import Path

import pytest

from akrab.platform.tabular.rejects import RejectFile, harmless


@pytest.mark.parametrize("text", ["=1+1", "+62812", "-5", "@SUM(A1)", "\tx", "\rx", "  =1+1", "\uff1d1"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


def test_numbers_and_plain_text_stay_as_they_are() -> None:
    assert [harmless(cell) for cell in (-5, 1.5, "Budi", "", "a=b")] == [-5, 1.5, "Budi", "", "a=b"]


def test_rejected_rows_are_written_with_number_place_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "errors.csv"

    with RejectFile(path, ["name", "=total"], headings=("Row", "Columns", "Reason")) as file:
        file.write(7, [("=total", "“x” is not a number."), ("", "Twice.")], ["=cmd()", -5])
        file.write(9, [("", "Too few cells.")], ["Budi\x00"])

    assert file.count == 2
    with path.open(encoding="utf-8-sig", newline="") as lines:
        assert list(csv.reader(lines)) == [
            ["Row", "Columns", "Reason", "name", "'=total"],
            ["7", "'=total", "'=total: “x” is not a number.; Twice.", "'=cmd()", "-5"],
            ["9", "", "Too few cells.", "Budi", ""],
        ]
