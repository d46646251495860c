"""Numbers and money: every way of writing has one meaning, or is asked about."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akrab.platform.tabular.numbers import number_styles, parse_decimal, parse_minor, parse_typed_amount
from akrab.platform.tabular.problems import ParseProblem

AMBIGUOUS = "ambiguous_number"
IDR_INPUTS = [
    ("Rp 1.250.000", "1250000"),
    ("Rp1.250.000", "1250000"),
    ("Rp. 1.250.000", "1250000"),
    ("rp 1.250.000", "1250000"),
    ("IDR 1.250.000", "1250000"),
    ("1.250.000 IDR", "1250000"),
    ("Rp 1.250.000,-", "1250000"),
    ("Rp 1.250.000,00", "1250000.00"),
    ("1.250.000,50", "1250000.50"),
    ("1250000.50", "1250000.50"),
    ("1250000,50", "1250000.50"),
    ("1,250,000.50", "1250000.50"),
    ("1250000", "1250000"),
    (" 1250000 ", "1250000"),
    ("1 250 000", "1250000"),
    ("1\u00a0250\u00a0000,5", "1250000.5"),
    ("1'250'000.50", "1250000.50"),
    ("1,250,000", "1250000"),
    ("-Rp 5.000.000", "-5000000"),
    ("Rp -5.000.000", "-5000000"),
    ("(5.000.000)", "-5000000"),
    ("5.000.000-", "-5000000"),
    ("0", "0"),
    ("0,5", "0.5"),
    ("0.125", "0.125"),
    ("1.250", AMBIGUOUS),
    ("1,250", AMBIGUOUS),
    ("Rp 5.000", AMBIGUOUS),
    ("1.25", "1.25"),
    ("12.34.56", "not_a_number"),
    ("seribu", "not_a_number"),
    ("", "blank_value"),
]


def outcome(value: Decimal | ParseProblem) -> str:
    return value.code if isinstance(value, ParseProblem) else str(value)


@pytest.mark.parametrize(("text", "expected"), IDR_INPUTS)
def test_rupiah_is_read_in_every_usual_writing_and_asked_about_when_it_has_two_meanings(text: str, expected: str) -> None:
    assert outcome(parse_decimal(text, "ask")) == expected


@pytest.mark.parametrize(
    ("text", "style", "expected"),
    [
        ("1.250", "comma", "1250"),
        ("1.250", "point", "1.250"),
        ("1,250", "comma", "1.250"),
        ("1,250", "point", "1250"),
        ("12.50", "comma", "other_decimal_sign"),
        ("12,50", "point", "other_decimal_sign"),
        ("12,34,567.5", "point", "1234567.5"),
        ("$74.69", "point", "74.69"),
        ("00123", "point", "123"),
        ("5.70306E+17", "point", "shortened_number"),
        ("1.5e-3", "point", "0.0015"),
        ("NaN", "point", "not_a_number"),
        ("1_000", "point", "not_a_number"),
        ("٣", "point", "not_a_number"),
        ("1.2.3", "comma", "not_a_number"),
        ("0.250.000", "comma", "not_a_number"),
    ],
)
def test_a_settled_style_is_strict(text: str, style: str, expected: str) -> None:
    assert outcome(parse_decimal(text, style)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("1.250", "comma", "1250"),
        ("1.250", "point", AMBIGUOUS),
        ("1,250", "point", "1250"),
        ("1,250", "comma", AMBIGUOUS),
        ("1.250.000,50", "point", "1250000.50"),
        ("1250000.50", "comma", "1250000.50"),
    ],
)
def test_a_typed_amount_follows_the_locale_and_never_takes_three_decimals_for_money(
    text: str, locale: str, expected: str
) -> None:
    assert outcome(parse_typed_amount(text, locale_style=locale)) == expected  # type: ignore[arg-type]


def test_values_of_workbooks_are_exact() -> None:
    assert parse_decimal(0.1, "point") == Decimal("0.1")
    assert parse_decimal(1250000, "comma") == Decimal(1250000)
    assert outcome(parse_decimal(float("inf"), "point")) == "not_a_number"
    assert outcome(parse_decimal(True, "point")) == "not_a_number"
    assert outcome(parse_decimal(None, "point")) == "blank_value"


def test_money_becomes_minor_units_and_is_never_rounded() -> None:
    assert parse_minor("Rp 1.250.000,5", "comma", exponent=2) == 125000050
    assert parse_minor("1250", "point", exponent=0) == 1250
    assert parse_minor("1.005", "point", exponent=2) == ParseProblem("too_many_decimals", "1.005", exponent=2)
    assert outcome(parse_minor("9" * 20, "point", exponent=2)) == "number_too_large"  # type: ignore[arg-type]


def test_a_problem_says_both_meanings_in_a_sentence() -> None:
    problem = parse_decimal("1.250", "ask")

    assert str(problem) == "“1.250” can be 1.250 or 1250. Say whether the decimal sign is a point or a comma."


AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False)


@given(AMOUNTS)
def test_what_is_written_with_groups_and_decimals_is_read_back(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    indonesian = english.translate(str.maketrans(",.", ".,"))

    assert parse_decimal(english, "point") == amount
    assert parse_decimal(indonesian, "comma") == amount
    assert parse_decimal(f"Rp {indonesian}", "comma") == amount
    assert parse_decimal(english, "ask") == parse_decimal(indonesian, "ask") == amount


@given(AMOUNTS)
def test_money_is_the_same_by_the_short_way_and_by_the_decimal(amount: Decimal) -> None:
    text = f"{amount:,.2f}"

    assert parse_minor(text, "point", exponent=2) == parse_minor(amount, "point", exponent=2) == int(amount * 100)
    assert parse_minor(f"{text}0", "point", exponent=2) == int(amount * 100)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_whole_numbers_mean_the_same_in_both_styles(number: int) -> None:
    assert parse_decimal(str(number), "point") == parse_decimal(str(number), "comma") == number
    assert number_styles(str(number)) == {"point", "comma"}


@given(st.text(max_size=40), st.sampled_from(["point", "comma", "ask"]))
def test_any_text_is_a_finite_number_or_a_problem(text: str, style: str) -> None:
    value = parse_decimal(text, style)  # type: ignore[arg-type]

    assert isinstance(value, ParseProblem) or value.is_finite()
