"""Reading the rows of a file that has been inspected, batch by batch."""

from collections.abc import Generator
from pathlib import Path

from akrab.platform.tabular.cards import read_cards
from akrab.platform.tabular.columnar import read_parquet
from akrab.platform.tabular.delimited import read_delimited
from akrab.platform.tabular.jsonlines import read_jsonlines
from akrab.platform.tabular.sheet import RowBatch, Sheet
from akrab.platform.tabular.workbooks import read_workbook

_READERS = {
    "csv": read_delimited,
    "tsv": read_delimited,
    "workbook": read_workbook,
    "ndjson": read_jsonlines,
    "parquet": read_parquet,
    "vcard": read_cards,
}


def read_rows(path: Path | str, sheet: Sheet, *, batch: int = 5000) -> Generator[RowBatch, None, None]:
    """Good rows as tuples with one cell per column; everything else with its reason. Memory stays constant,
    but for workbooks of ordinary size, which their library holds as a whole."""
    yield from _READERS[sheet.format](Path(path), sheet, batch=batch)
