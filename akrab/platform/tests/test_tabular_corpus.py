"""Real and broken files of the messy corpus: each has a clear result or a clear error, and labels agree."""

import json
from collections import Counter
from pathlib import Path

import pytest

from akrab.platform.tabular.inspection import inspect
from akrab.platform.tabular.reading import read_rows
from akrab.platform.tabular.sentences import TabularError
from akrab.platform.tests.databases import DATA

ROOT = DATA
pytestmark = pytest.mark.skipif(
    not (ROOT / "messy_csv").is_dir(),
    reason="the messy file corpus is not on this machine: set AKRAB_DATA_DIR to the folder that has messy_csv",
)

REFUSED = {
    "empty.csv": "empty_file",
    "test_geojson.json": "no_objects",
    "testdbf.dbf": "not_a_table",
    "testjson_nested.json": "json_document",
    "badcolspan.html": "markup",
    "html.html": "markup",
    "invisible_text.html": "markup",
    "rowcolspan.html": "markup",
    "encrypted_no_password.xls": "password",
    "simple.zip": "zip_archive",
}


def outcome(path: Path) -> str:
    try:
        sheet = inspect(path)
        total = sum(len(batch) for batch in read_rows(path, sheet))
    except TabularError as error:
        return error.code if str(error).strip() else "no sentence"
    assert sheet.columns
    assert total or not sheet.sample
    return "asked" if sheet.questions else "read"


def test_every_file_gives_a_clear_result_or_a_clear_error() -> None:
    files = [path for folder in ("messy_csv", "vcards") for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    files = [path for path in files if path.parent.name != "parameters"]

    outcomes = {path: outcome(path) for path in files}
    refused = {path.name: code for path, code in outcomes.items() if code not in ("read", "asked")}

    assert refused == REFUSED
    print("\nmessy corpus:", dict(Counter(outcomes.values())), "of", len(files))


def test_clean_versions_of_broken_files_are_read_without_a_single_problem() -> None:
    for path in sorted((ROOT / "messy_csv" / "pollock_polluted" / "clean").iterdir()):
        problems = [problem for batch in read_rows(path, inspect(path)) for problem in batch.problems]

        assert problems == [], path.name


def test_separator_encoding_and_header_agree_with_the_labels() -> None:
    agreed: Counter[str] = Counter()
    labels = sorted((ROOT / "messy_csv").glob("pollock_*/parameters/*.json"))
    for label in labels:
        truth = json.loads(label.read_text())
        sheet = inspect(label.parents[1] / "csv" / label.name.removesuffix("_parameters.json"))
        encodings = {"ascii": {"utf-8"}, "utf-8": {"utf-8", "utf-8-sig"}}.get(truth["encoding"], {truth["encoding"].lower()})
        header = int(truth["preamble_lines"]) + 1 if int(truth["header_lines"]) else None
        agreed["separator"] += sheet.delimiter == truth["delimiter"]
        agreed["encoding"] += sheet.encoding in encodings
        agreed["header"] += sheet.header_row == header

    print("\nagreement with labels:", dict(agreed), "of", len(labels))
    assert len(labels) == 99
    assert agreed["separator"] >= 98
    assert agreed["encoding"] >= 98
    assert agreed["header"] >= 94


def test_phones_and_programs_give_cards_with_names() -> None:
    paths = sorted((ROOT / "vcards").rglob("*.vcf"))
    batches = {path.name: next(iter(read_rows(path, inspect(path)))) for path in paths}

    assert sum(len(batch.rows) for batch in batches.values()) == 13
    assert {name for name, batch in batches.items() if batch.problems} == {"vcard_grouped.vcf", "issue64.vcf"}
    assert batches["John_Doe_GMAIL.vcf"].rows[0][0] == "Mr. John Richter, James Doe Sr."
