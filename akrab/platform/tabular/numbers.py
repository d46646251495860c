"""Numbers and money as people and programs write them, read exactly or not at all."""

import re
from decimal import Decimal, InvalidOperation
from typing import Literal

from akrab.platform.tabular.problems import ParseProblem
from akrab.platform.tabular.sheet import NumberStyle

Reading = Literal["point", "comma"]

LARGEST = 10**30
LARGEST_MINOR = 2**63
_PLAIN_WHOLE = re.compile(r"-?[0-9]{1,30}").fullmatch
_PLAIN_POINT = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?").fullmatch
_PLAIN_COMMA = re.compile(r"-?[0-9]{1,30}(?:,[0-9]{1,30})?").fullmatch
_GROUPED_POINT = re.compile(r"(-?)(?:Rp\.? ?|[$€£] ?)?([1-9][0-9]{0,2}(?:,[0-9]{3}){0,9})(?:\.([0-9]{1,30}))?").fullmatch
_GROUPED_COMMA = re.compile(r"(-?)(?:Rp\.? ?|[$€£] ?)?([1-9][0-9]{0,2}(?:\.[0-9]{3}){0,9})(?:,([0-9]{1,30}))?").fullmatch
_MONEY = {
    style: re.compile(
        rf"(-)?(?:Rp\.? ?|[$€£] ?)?([0-9]{{1,18}}|[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}}){{1,5}})"
        rf"(?:{point}([0-9]{{1,9}}))?"
    ).fullmatch
    for style, group, point in (("point", ",", r"\."), ("comma", r"\.", ","))
}
_GROUP_SIGN = {"point": ",", "comma": "."}
_CURRENCY = r"Rp\.?|IDR|USD|EUR|GBP|SGD|MYR|AUD|JPY|CNY|US\$|S\$|A\$|RM|[$€£¥₩₹฿₫₱]"
_DRESSED = re.compile(
    rf"""(?P<open>\()?\s*(?P<sign>[-+\u2212\u2013])?\s*(?:(?P<before>{_CURRENCY})\s*)?(?P<inner>[-+\u2212\u2013])?\s*
    (?P<body>(?:[0-9]|[.,](?=[0-9]))(?:[0-9.,'\u2019 \u00a0\u202f\u2009]*[0-9])?)
    (?P<dash>,-|\.-|,\u2013|\.\u2013|,\u2014)?(?P<after_sign>[-\u2212])?\s*(?P<after>{_CURRENCY})?\s*(?P<close>\))?""",
    re.VERBOSE | re.IGNORECASE,
).fullmatch
_SCIENTIFIC = re.compile(r"([-+]?)([0-9]+)(?:[.,]([0-9]+))?[eE]([-+]?[0-9]{1,3})").fullmatch
_SPACES = re.compile(r"['\u2019 \u00a0\u202f\u2009]")
_SPACED = re.compile(r"[0-9]{1,3}(?:['\u2019 \u00a0\u202f\u2009][0-9]{3})*(?:[.,][0-9]+)?").fullmatch
_THREES = {sign: re.compile(rf"[0-9]{{1,3}}(?:{re.escape(sign)}[0-9]{{3}})+").fullmatch for sign in ".,"}
_INDIAN = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}").fullmatch


def parse_decimal(value: object, style: NumberStyle) -> Decimal | ParseProblem:
    """With style "ask", a number that can be read in two ways is a problem that names both."""
    if type(value) is str:
        if style == "point":
            if _PLAIN_POINT(value):
                return Decimal(value)
            if match := _GROUPED_POINT(value):
                return Decimal(f"{match[1]}{match[2].replace(',', '')}.{match[3] or ''}")
        elif style == "comma":
            if _PLAIN_COMMA(value):
                return Decimal(value.replace(",", "."))
            if match := _GROUPED_COMMA(value):
                return Decimal(f"{match[1]}{match[2].replace('.', '')}.{match[3] or ''}")
        elif _PLAIN_WHOLE(value):
            return Decimal(value)
        return _parse_dressed(value, style)
    return _from_typed(value)


def parse_minor(value: object, style: NumberStyle, *, exponent: int) -> int | ParseProblem:
    """Money in the smallest unit of its currency; never rounds."""
    if type(value) is str and style != "ask" and (match := _MONEY[style](value)):
        sign, whole, fraction = match.groups(default="")
        if len(fraction) <= exponent:
            minor = int(whole.replace(_GROUP_SIGN[style], "") + fraction.ljust(exponent, "0"))
            if minor < LARGEST_MINOR:
                return -minor if sign else minor
    amount = parse_decimal(value, style)
    if isinstance(amount, ParseProblem):
        return amount
    return to_minor(amount, exponent=exponent)


def to_minor(amount: Decimal, *, exponent: int) -> int | ParseProblem:
    scaled = amount.scaleb(exponent)
    minor = int(scaled)
    if minor != scaled:
        return ParseProblem("too_many_decimals", str(amount), exponent=exponent)
    if abs(minor) >= LARGEST_MINOR:
        return ParseProblem("number_too_large", str(amount))
    return minor


def parse_typed_amount(text: str, *, locale_style: Reading) -> Decimal | ParseProblem:
    """One amount typed by a person. What can be read in only one way is taken as it is; grouping in the
    person's own style is taken too; three decimals, which nobody types for money, are asked about."""
    amount = parse_decimal(text, "ask")
    if isinstance(amount, ParseProblem) and amount.code == "ambiguous_number":
        own = parse_decimal(text, locale_style)
        if isinstance(own, Decimal) and own == own.to_integral_value() and own.as_tuple().exponent == 0:
            return own
    return amount


def number_styles(text: str) -> frozenset[Reading]:
    """The styles in which this text is a number; both for a plain whole number, none for what is no number."""
    return frozenset(style for style in _BOTH if isinstance(parse_decimal(text, style), Decimal))


_BOTH: tuple[Reading, Reading] = ("point", "comma")


def _parse_dressed(text: str, style: NumberStyle) -> Decimal | ParseProblem:
    stripped = text.strip()
    if not stripped:
        return ParseProblem("blank_value")
    match = _DRESSED(stripped)
    if match is None or len(stripped) > 60:
        return _parse_scientific(stripped) if len(stripped) <= 60 else ParseProblem("not_a_number", text)
    parts = match.groupdict()
    signs = [parts[name] for name in ("sign", "inner", "after_sign") if parts[name]]
    if bool(parts["open"]) != bool(parts["close"]) or len(signs) + bool(parts["open"]) > 1:
        return ParseProblem("not_a_number", text)
    if parts["before"] and parts["after"]:
        return ParseProblem("not_a_number", text)
    negative = bool(parts["open"]) or any(sign != "+" for sign in signs)
    readings = _readings(parts["body"], whole=bool(parts["dash"]))
    return _pick(text, readings, style, -1 if negative else 1)


def _pick(text: str, readings: dict[Reading, Decimal], style: NumberStyle, sign: int) -> Decimal | ParseProblem:
    if not readings:
        return ParseProblem("not_a_number", text)
    if style == "ask":
        values = list(readings.values())
        if len(values) == 2 and values[0] != values[1]:
            return ParseProblem("ambiguous_number", text, f"{values[0] * sign}", f"{values[1] * sign}")
        return values[0] * sign
    if style not in readings:
        return ParseProblem("other_decimal_sign", text)
    return readings[style] * sign


def _readings(body: str, *, whole: bool) -> dict[Reading, Decimal]:
    if _SPACES.search(body):
        if not _SPACED(body):
            return {}
        body = _SPACES.sub("", body)
    found: dict[Reading, Decimal] = {}
    for style, decimal_sign, group_sign in (("point", ".", ","), ("comma", ",", ".")):
        number = _reading(body, decimal_sign, group_sign)
        if number is not None and not (whole and decimal_sign in body):
            found[style] = number  # type: ignore[index]
    return found


def _reading(body: str, decimal_sign: str, group_sign: str) -> Decimal | None:
    before, found, after = body.partition(decimal_sign)
    if found and not (after.isdigit() and after.isascii()):
        return None
    if group_sign in before:
        grouped = before[0] != "0" and (_THREES[group_sign](before) or (group_sign == "," and _INDIAN(before)))
        if not grouped:
            return None
        before = before.replace(group_sign, "")
    if len(before) > 30:
        return None
    return Decimal(f"{before or '0'}.{after}" if found else before)


def _parse_scientific(text: str) -> Decimal | ParseProblem:
    match = _SCIENTIFIC(text)
    if match is None:
        return ParseProblem("not_a_number", text)
    sign, whole, fraction, power = match.groups()
    if int(power) > len(fraction or ""):
        return ParseProblem("shortened_number", text)
    if int(power) < -30:
        return ParseProblem("not_a_number", text)
    return Decimal(f"{sign}{whole}.{fraction or '0'}e{power}") + 0


def _from_typed(value: object) -> Decimal | ParseProblem:
    if value is None:
        return ParseProblem("blank_value")
    if isinstance(value, bool):
        return ParseProblem("not_a_number", str(value))
    try:
        if isinstance(value, int):
            number = Decimal(value)
        elif isinstance(value, float):
            number = Decimal(repr(value))
        elif isinstance(value, Decimal):
            number = value
        else:
            return ParseProblem("not_a_number", str(value))
    except InvalidOperation:
        return ParseProblem("not_a_number", str(value))
    if not number.is_finite():
        return ParseProblem("not_a_number", str(value))
    return number if abs(number) < LARGEST else ParseProblem("number_too_large", str(value))
