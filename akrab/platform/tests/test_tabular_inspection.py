"""Looking at files: formats, encodings, separators, headers, and what is asked instead of guessed."""

from pathlib import Path

import pytest

from akrab.platform.tabular.inspection import inspect
from akrab.platform.tabular.reading import read_rows
from akrab.platform.tabular.sentences import TabularError
from akrab.platform.tabular.sheet import Options, Row, RowBatch, Sheet

HEAD = "Nama,No HP,Tanggal,Total\n"


def write(folder: Path, content: str | bytes, name: str = "file.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(path: Path, sheet: Sheet) -> RowBatch:
    whole = RowBatch()
    for batch in read_rows(path, sheet, batch=3):
        whole.numbers += batch.numbers
        whole.rows += batch.rows
        whole.problems += batch.problems
        whole.notices += batch.notices
        whole.blank += batch.blank
    return whole


def rows_of(path: Path, options: Options | None = None) -> list[Row]:
    return read(path, inspect(path, options=options)).rows


def asked(sheet: Sheet) -> list[tuple[str, str | None]]:
    return [(question.code, question.column) for question in sheet.questions]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end_gives_the_same_rows(
    tmp_path: Path, encoding: str, delimiter: str, line_end: str
) -> None:
    lines = [["Nama", "Kota", "No HP"], ["André Müller", "Besançon", "0812345678"], ["Siti", "Kota Málaga", "0021"]]
    path = write(tmp_path, "".join(delimiter.join(line) + line_end for line in lines), encoding=encoding)

    sheet = inspect(path)

    assert sheet.delimiter == delimiter
    assert sheet.names == ("Nama", "Kota", "No HP")
    assert asked(sheet) == []
    assert read(path, sheet).rows == [tuple(line) for line in lines[1:]]


def test_leading_zeros_are_kept_and_make_a_column_text(tmp_path: Path) -> None:
    path = write(tmp_path, "kode,total\n00123,5\n00007,6\n")

    sheet = inspect(path)

    assert sheet.column("kode").kind == "text"
    assert read(path, sheet).rows[0] == ("00123", "5")


@pytest.mark.parametrize(
    ("values", "style"),
    [
        (["1.250.000,50", "3,5", "7"], "comma"),
        (["1,250,000.50", "3.5", "7"], "point"),
        (["Rp 1.250.000", "Rp 5.000"], "comma"),
        (["12.5", "1.250"], "point"),
        (["1.250", "2.500"], "ask"),
        (["1.250", "2,5", "2.5"], "ask"),
    ],
)
def test_the_decimal_sign_of_a_column_is_found_or_asked(tmp_path: Path, values: list[str], style: str) -> None:
    path = write(tmp_path, "nama;total\n" + "".join(f"a;{value}\n" for value in values))

    sheet = inspect(path)

    assert sheet.column("total").numbers == style
    assert asked(sheet) == ([("decimal_sign", "total")] if style == "ask" else [])


def test_whole_numbers_settle_nothing_so_that_a_later_doubtful_cell_is_not_guessed(tmp_path: Path) -> None:
    path = write(tmp_path, "nama;total\n" + "a;10\n" * 2000 + "a;1.250\n")

    sheet = inspect(path)

    assert (sheet.column("total").kind, sheet.column("total").numbers, asked(sheet)) == ("integer", "ask", [])


def test_an_answer_settles_the_decimal_sign(tmp_path: Path) -> None:
    path = write(tmp_path, "nama;total\na;1.250\nb;2.500\n")
    assert str(inspect(path).questions[0].choices[1].shows) == "1.250 = 1250"

    sheet = inspect(path, options=Options(column_numbers={"total": "comma"}))

    assert (sheet.column("total").numbers, sheet.questions) == ("comma", ())


def test_another_column_settles_the_decimal_sign_and_says_so(tmp_path: Path) -> None:
    sheet = inspect(write(tmp_path, "harga;total\n1.250;2.500,50\n3.000;6.000,75\n"))

    assert [(column.numbers, column.confidence) for column in sheet.columns] == [("comma", 0.9), ("comma", 1.0)]
    assert [(notice.code, notice.column) for notice in sheet.notices] == [("decimal_sign_from_others", "harga")]


@pytest.mark.parametrize(
    ("values", "style"),
    [
        (["31/12/2025", "01/02/2025"], "day_first"),
        (["12/31/2025", "01/02/2025"], "month_first"),
        (["2025-12-31", "2025-02-01"], "iso"),
        (["2025/12/31", "2025/02/01"], "iso"),
        (["31 Des 2025", "1 Feb 2025"], "iso"),
        (["01/02/2025", "03/04/2025"], "ask"),
        (["31/12/2025", "12/31/2025"], "ask"),
        (["20251231", "20250201"], "compact"),
        (["45992", "45993"], "ask"),
    ],
)
def test_the_date_order_of_a_column_is_found_or_asked(tmp_path: Path, values: list[str], style: str) -> None:
    sheet = inspect(write(tmp_path, "nama;tanggal\n" + "".join(f"a;{value}\n" for value in values)))

    assert sheet.column("tanggal").dates == style
    assert asked(sheet) == ([("date_order", "tanggal")] if style == "ask" else [])


@pytest.mark.parametrize("bad", ["31/02/2026", "besok", "99/99/2026"])
def test_a_value_that_is_no_date_does_not_keep_the_order_of_the_others_from_being_asked(tmp_path: Path, bad: str) -> None:
    sheet = inspect(write(tmp_path, f"nama;tanggal\na;03/11/2026\nb;{bad}\nc;04/11/2026\n"))

    assert asked(sheet) == [("date_order", "tanggal")]
    assert sheet.questions[0].examples == ("03/11/2026", "04/11/2026")


def test_many_days_with_leading_zeros_are_no_phone_numbers_because_one_is_impossible(tmp_path: Path) -> None:
    days = "".join(f"a;0{day}/11/2026\n" for day in range(1, 10))

    assert asked(inspect(write(tmp_path, f"nama;tanggal\n{days}b;31/02/2026\n"))) == [("date_order", "tanggal")]


def test_a_value_that_is_no_number_does_not_keep_the_decimal_sign_of_the_others_from_being_asked(tmp_path: Path) -> None:
    assert asked(inspect(write(tmp_path, "nama;total\na;1.250\nb;gratis\nc;2.500\n"))) == [("decimal_sign", "total")]


def test_a_text_with_a_date_or_a_number_here_and_there_asks_nothing(tmp_path: Path) -> None:
    assert asked(inspect(write(tmp_path, "nama;catatan\na;03/11/2026\nb;besok\nc;1.250\nd;lusa\n"))) == []


def test_a_file_sorted_by_date_is_read_on_until_the_order_is_clear(tmp_path: Path) -> None:
    early = "".join(f"{day:02}/01/2025;{n}\n" for day in range(1, 13) for n in range(500))
    path = write(tmp_path, f"tanggal;n\n{early}13/01/2025;1\n")

    assert inspect(path).column("tanggal").dates == "day_first"


def test_questions_of_columns_that_are_not_used_can_be_left_out(tmp_path: Path) -> None:
    sheet = inspect(write(tmp_path, "tanggal;total\n01/02/2025;1.250\n"))

    assert [question.column for question in sheet.open_questions(["total"])] == ["total"]


def test_rows_above_the_header_are_left_out_and_reported(tmp_path: Path) -> None:
    path = write(tmp_path, "Laporan Penjualan,,,\nCabang Bandung,,,\n,,,\n" + HEAD + "Budi,08123456789,2025-01-31,5\n")

    sheet = inspect(path)

    assert (sheet.header_row, sheet.first_row, sheet.names[0]) == (4, 5, "Nama")
    assert [notice.code for notice in sheet.notices] == ["preamble"]
    assert read(path, sheet).numbers == [5]


def test_a_file_without_header_keeps_its_first_row(tmp_path: Path) -> None:
    path = write(tmp_path, "1,2025-01-01,5.5\n2,2025-01-02,6.5\n3,2025-01-03,7.5\n")

    sheet = inspect(path)

    assert (sheet.header_row, sheet.names) == (None, ("column_1", "column_2", "column_3"))
    assert len(read(path, sheet).rows) == 3


def test_an_unclear_header_is_asked_and_the_answer_is_followed(tmp_path: Path) -> None:
    path = write(tmp_path, "merah,besar\nbiru,kecil\nhijau,sedang\n")
    assert ("header", None) in asked(inspect(path))

    assert len(rows_of(path, Options(header_row=0))) == 3
    assert inspect(path, options=Options(header_row=1)).names == ("merah", "besar")


def test_blank_and_repeated_names_become_unique_and_are_reported(tmp_path: Path) -> None:
    sheet = inspect(write(tmp_path, "Name,,Phone,phone\nBudi,x,0812345678,0813456789\n"))

    assert sheet.names == ("Name", "column_2", "Phone", "phone_2")
    assert [(notice.code, notice.column) for notice in sheet.notices] == [
        ("blank_name", "column_2"),
        ("repeated_name", "phone_2"),
    ]


def test_rows_with_too_few_or_too_many_cells_are_reported_and_the_others_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c\n" + "1,2,3\n" * 30 + "4,5\n6,7,8,9\n6,7,8,\n\n,,\n1,2,3\n")

    found = read(path, inspect(path))

    assert [(problem.number, problem.code, problem.cells) for problem in found.problems] == [
        (32, "too_few_cells", ("4", "5")),
        (33, "too_many_cells", ("6", "7", "8", "9")),
    ]
    assert (len(found.rows), found.blank, found.numbers[-1]) == (32, 2, 37)


def test_many_short_rows_are_asked_about_and_can_be_padded(tmp_path: Path) -> None:
    path = write(tmp_path, "name,phone,note\nA,0812345678\nB,0812345679\nC,0812345670,x\n")
    assert asked(inspect(path)) == [("short_rows", None)]

    assert rows_of(path, Options(short_rows="pad"))[0] == ("A", "0812345678", "")


def test_a_broken_quote_costs_one_row(tmp_path: Path) -> None:
    path = write(tmp_path, 'name,note\nA,"one\nB,"two"\nC,"three ""3""\nlines"\nD,"x"y\nE,five\n')

    found = read(path, inspect(path))

    assert found.rows == [("B", "two"), ("C", 'three "3"\nlines'), ("E", "five")]
    assert [(problem.number, problem.code) for problem in found.problems] == [
        (2, "broken_quotes"),
        (6, "broken_quotes"),
    ]
    assert found.numbers == [3, 4, 7]


def test_a_quote_that_never_closes_does_not_swallow_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, 'name,note\nA,"open\n' + "B,plain\n" * 5000)

    found = read(path, inspect(path))

    assert (len(found.rows), [problem.number for problem in found.problems]) == (5000, [2])


def test_backslash_escapes_and_single_quotes_are_found(tmp_path: Path) -> None:
    escaped = write(tmp_path, 'name,note\nA,"say \\"hi\\", now"\nB,"x \\"y\\" z"\n', "escaped.csv")
    single = write(tmp_path, "name,note\n'A','one, two'\n'B','three, four'\n", "single.csv")

    assert rows_of(escaped)[0] == ("A", 'say "hi", now')
    assert rows_of(single)[0] == ("A", "one, two")


def test_bytes_that_do_not_decode_are_errors_of_their_rows(tmp_path: Path) -> None:
    lines = b"".join(b"Jos\xc3\xa9 %d,ok\n" % n for n in range(40))
    path = write(tmp_path, b"name,note\n" + lines + b"Andr\xe9,bad\nZoe,ok\n")

    sheet = inspect(path)
    found = read(path, sheet)

    assert sheet.encoding == "utf-8"
    assert asked(sheet) == [("encoding", None)]
    assert [(problem.number, problem.code) for problem in found.problems] == [(42, "undecodable")]
    assert len(found.rows) == 41
    assert rows_of(path, Options(encoding="cp1252"))[40] == ("André", "bad")


def test_nul_characters_are_errors_of_their_rows(tmp_path: Path) -> None:
    path = write(tmp_path, b"name,note\nA,x\nB,y\x00z\nC,w\n")

    found = read(path, inspect(path))

    assert [row[0] for row in found.rows] == ["A", "C"]
    assert [(problem.number, problem.code) for problem in found.problems] == [(3, "nul_character")]


def test_the_separator_can_be_given_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, "a;b\tc\n1;2\t3\n")

    assert rows_of(path, Options(delimiter="tab")) == [("1;2", "3")]
    with pytest.raises(TabularError, match="cannot be a separator"):
        inspect(path, options=Options(delimiter="ab"))


def test_a_line_that_declares_the_separator_is_followed_and_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, "sep=;\nnama;kota, provinsi\nBudi;Bandung, Jawa Barat\n")

    sheet = inspect(path)

    assert (sheet.delimiter, sheet.names) == (";", ("nama", "kota, provinsi"))
    assert read(path, sheet).rows == [("Budi", "Bandung, Jawa Barat")]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "empty_file"),
        (b"\xef\xbb\xbf\r\n \r\n", "a.csv", "empty_file"),
        (b"PK\x03\x04broken", "a.xlsx", "damaged_archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xls", "damaged_workbook"),
        (b"PAR1 nothing", "a.parquet", "damaged_parquet"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "kasir.xls", "markup"),
        (b"%PDF-1.7\n...", "a.csv", "not_a_table"),
        (b"\x1f\x8b\x08\x00\x00", "a.csv", "not_a_table"),
        (b'[{"a": 1}]', "a.json", "json_document"),
        (b'{"a": \n1}', "a.json", "no_objects"),
        (bytes(range(256)) * 40, "a.csv", "binary_file"),
        (b"no card", "a.vcf", "no_cards"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path: Path, content: bytes, name: str, code: str) -> None:
    with pytest.raises(TabularError) as caught:
        inspect(write(tmp_path, content, name))

    assert caught.value.code == code
    assert str(caught.value).endswith(".")


def test_a_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TabularError, match="cannot be opened"):
        inspect(tmp_path / "nowhere.csv")


def test_unknown_encodings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TabularError, match="no encoding named rot13"):
        inspect(write(tmp_path, HEAD), options=Options(encoding="rot13"))


def test_answers_survive_a_json_column() -> None:
    options = Options(encoding="cp1252", header_row=0, column_dates={"tanggal": "day_first"})

    assert options.to_json() == {"encoding": "cp1252", "header_row": 0, "column_dates": {"tanggal": "day_first"}}
    assert Options.from_json({**options.to_json(), "gone": 1}) == options
