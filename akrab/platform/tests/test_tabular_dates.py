"""Dates and moments: layouts, zones, spreadsheet days, and what is asked about."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akrab.platform.tabular.dates import date_styles, parse_day, parse_local, parse_moment
from akrab.platform.tabular.problems import ParseProblem

JAKARTA = ZoneInfo("Asia/Jakarta")
BERLIN = ZoneInfo("Europe/Berlin")


def outcome(value: datetime | date | ParseProblem) -> str:
    return value.code if isinstance(value, ParseProblem) else value.isoformat()


@pytest.mark.parametrize(
    ("text", "style", "expected"),
    [
        ("2011-12-09", "iso", "2011-12-09T00:00:00"),
        ("2011-12-09 12:50", "iso", "2011-12-09T12:50:00"),
        ("2011-12-09T12:50:00.25", "iso", "2011-12-09T12:50:00.250000"),
        ("09/12/2011", "day_first", "2011-12-09T00:00:00"),
        ("09/12/2011", "month_first", "2011-09-12T00:00:00"),
        ("09/12/2011", "ask", "ambiguous_date"),
        ("09/09/2011", "ask", "2011-09-09T00:00:00"),
        ("31/12/2011", "ask", "2011-12-31T00:00:00"),
        ("31/12/2011", "month_first", "other_date_order"),
        ("9.12.2011 08:05:09", "day_first", "2011-12-09T08:05:09"),
        ("9-12-11 8:05", "day_first", "2011-12-09T08:05:00"),
        ("09/12/2011 08:05:09", "day_first", "2011-12-09T08:05:09"),
        ("12/9/2011 3:04 PM", "month_first", "2011-12-09T15:04:00"),
        ("11/12/09", "year_first", "2011-12-09T00:00:00"),
        ("9 Desember 2011", "iso", "2011-12-09T00:00:00"),
        ("Jumat, 9 Des 2011", "iso", "2011-12-09T00:00:00"),
        ("Dec 9, 2011", "day_first", "2011-12-09T00:00:00"),
        ("9-Agt-11", "iso", "2011-08-09T00:00:00"),
        ("20111209", "compact", "2011-12-09T00:00:00"),
        ("20111209", "iso", "not_a_date"),
        ("40886.534722", "excel", "2011-12-09T12:50:00"),
        ("40886", "iso", "number_as_date"),
        ("59", "excel", "1900-02-28T00:00:00"),
        ("61", "excel", "1900-03-01T00:00:00"),
        ("1323435000", "epoch", "2011-12-09T12:50:00+00:00"),
        ("29/02/2023", "day_first", "not_a_date"),
        ("2023-02-29", "iso", "not_a_date"),
        ("0001-01-01", "iso", "date_out_of_range"),
        ("2011-12-09 25:00", "iso", "not_a_date"),
        ("kemarin", "iso", "not_a_date"),
        ("", "iso", "blank_value"),
    ],
)
def test_a_date_is_read_in_the_style_of_its_column(text: str, style: str, expected: str) -> None:
    assert outcome(parse_local(text, style)) == expected  # type: ignore[arg-type]


def test_a_local_time_is_moved_to_utc_by_the_zone_of_the_place() -> None:
    assert parse_moment("09/12/2011 12:50", "day_first", JAKARTA) == datetime(2011, 12, 9, 5, 50, tzinfo=UTC)
    assert parse_moment("2011-12-09T12:50:00+09:00", "iso", JAKARTA) == datetime(2011, 12, 9, 3, 50, tzinfo=UTC)
    assert parse_moment("9 Des 2011 12.50 WITA", "iso", JAKARTA) == datetime(2011, 12, 9, 4, 50, tzinfo=UTC)


def test_days_of_clock_changes_have_two_offsets() -> None:
    assert parse_moment("2024-03-31 01:30", "iso", BERLIN) == datetime(2024, 3, 31, 0, 30, tzinfo=UTC)
    assert parse_moment("2024-03-31 03:30", "iso", BERLIN) == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)
    assert parse_moment("2024-10-27 12:00", "iso", BERLIN) == datetime(2024, 10, 27, 11, 0, tzinfo=UTC)


def test_values_of_workbooks_are_taken_as_they_are() -> None:
    assert parse_day(date(2011, 12, 9), "ask") == date(2011, 12, 9)
    assert parse_day(datetime(2011, 12, 9, 12, 50), "ask") == date(2011, 12, 9)
    assert parse_day(40886.5, "excel") == date(2011, 12, 9)
    assert outcome(parse_day(40886.5, "iso")) == "number_as_date"


def test_an_ambiguous_date_names_both_days() -> None:
    assert str(parse_local("03/04/2024", "ask")) == (
        "“03/04/2024” can be 2024-03-04 or 2024-04-03. Say whether the day or the month comes first."
    )


def test_an_invoice_number_is_no_date() -> None:
    assert date_styles("536365") == frozenset()
    assert date_styles("0812-3456-7890") == frozenset()


MOMENTS = st.datetimes(min_value=datetime(1901, 1, 1), max_value=datetime(2199, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0, fold=0)
)


@given(MOMENTS)
def test_what_is_written_in_a_layout_is_read_back(moment: datetime) -> None:
    assert parse_local(moment.isoformat(), "iso") == moment
    assert parse_local(moment.strftime("%d/%m/%Y %H:%M:%S"), "day_first") == moment
    assert parse_local(moment.strftime("%m/%d/%Y %I:%M:%S %p"), "month_first") == moment
    assert parse_local(moment.strftime("%d %b %Y %H:%M:%S"), "ask") == moment


@given(MOMENTS)
def test_a_moment_agrees_with_the_zone_database(moment: datetime) -> None:
    for zone in (JAKARTA, BERLIN):
        assert parse_moment(str(moment), "iso", zone) == moment.replace(tzinfo=zone).astimezone(UTC)


@given(MOMENTS)
def test_a_spreadsheet_day_is_read_back(moment: datetime) -> None:
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)

    read = parse_local(repr(serial), "excel")

    assert isinstance(read, datetime)
    assert abs(read - moment) <= timedelta(seconds=1)


@given(
    st.text(max_size=40),
    st.sampled_from(["iso", "day_first", "month_first", "year_first", "ask", "excel", "epoch", "compact"]),
)
def test_any_text_is_a_moment_or_a_problem(text: str, style: str) -> None:
    assert isinstance(parse_moment(text, style, JAKARTA), datetime | ParseProblem)  # type: ignore[arg-type]
