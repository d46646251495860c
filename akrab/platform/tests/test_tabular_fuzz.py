"""Whatever the bytes are, reading them ends in rows, in problems, or in a TabularError."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akrab.platform.tabular.inspection import inspect
from akrab.platform.tabular.reading import read_rows
from akrab.platform.tabular.sentences import TabularError
from akrab.platform.tabular.sheet import Options

SIGNS = st.sampled_from([*"abc,;\t|\"'\\ \n\r0123456789.,/-:@=é€\x00{}[]", "\r\n", '""', "1.250", "31/12/2025", "BEGIN:VCARD\n"])
STARTS = st.sampled_from(
    [b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
     b"BEGIN:VCARD\r\n", b'{"a":', b"name,phone\n", b"\x03\x01\x01\x01"]
)  # fmt: skip
SUFFIXES = st.sampled_from([".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".ndjson", ".parquet", ".vcf", ".dbf", ""])
OPTIONS = st.builds(
    Options,
    encoding=st.sampled_from([None, "utf-8", "utf-16", "cp1252", "big5"]),
    delimiter=st.sampled_from([None, ",", "tab", " "]),
    header_row=st.sampled_from([None, 0, 1, 3]),
    short_rows=st.sampled_from(["refuse", "pad"]),
)
FUZZ = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def survive(path: Path, content: bytes, options: Options) -> None:
    path.write_bytes(content)
    try:
        sheet = inspect(path, options=options)
        width = len(sheet.columns)
        for batch in read_rows(path, sheet, batch=7):
            assert all(len(row) == width for row in batch.rows)
            assert len(batch.numbers) == len(batch.rows)
            assert all(str(problem.sentence) for problem in batch.problems)
    except TabularError as error:
        refusal = str(error)
    else:
        refusal = "none"
    assert refusal


@FUZZ
@given(start=STARTS, body=st.binary(max_size=400), suffix=SUFFIXES, options=OPTIONS)
def test_arbitrary_bytes_never_raise_anything_else(
    tmp_path: Path, start: bytes, body: bytes, suffix: str, options: Options
) -> None:
    survive(tmp_path / f"file{suffix}", start + body, options)


@FUZZ
@given(parts=st.lists(SIGNS, max_size=120), suffix=SUFFIXES, encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_text_that_nearly_is_a_table_never_raises_anything_else(
    tmp_path: Path, parts: list[str], suffix: str, encoding: str
) -> None:
    survive(tmp_path / f"file{suffix}", "".join(parts).encode(encoding), Options())


@pytest.mark.parametrize("size", [1, 3, 8190, 8193])
def test_files_of_one_repeated_sign_are_survived(tmp_path: Path, size: int) -> None:
    for sign in b'\x00\xff"{,;\n\\':
        survive(tmp_path / "file.csv", bytes([sign]) * size, Options())
