"""Why one value cannot be read: returned, not raised, because there may be a million of them."""

from dataclasses import dataclass

from akrab.platform.tabular.sentences import Sentence, gettext_noop

_SENTENCES = {
    "blank_value": gettext_noop("A value is needed here, but the cell is empty."),
    "not_a_number": gettext_noop("“%(text)s” is not a number."),
    "ambiguous_number": gettext_noop(
        "“%(text)s” can be %(first)s or %(second)s. Say whether the decimal sign is a point or a comma."
    ),
    "other_decimal_sign": gettext_noop("“%(text)s” is not written with the decimal sign chosen for this column."),
    "shortened_number": gettext_noop("“%(text)s” was shortened by a spreadsheet; its last digits are lost."),
    "too_many_decimals": gettext_noop("“%(text)s” has more decimals than the currency allows (%(exponent)s)."),
    "number_too_large": gettext_noop("“%(text)s” is too large."),
    "not_a_date": gettext_noop("“%(text)s” is not a date."),
    "ambiguous_date": gettext_noop("“%(text)s” can be %(first)s or %(second)s. Say whether the day or the month comes first."),
    "other_date_order": gettext_noop("“%(text)s” is not written in the date order chosen for this column."),
    "number_as_date": gettext_noop("“%(text)s” is a number. Say whether this column holds spreadsheet dates."),
    "date_out_of_range": gettext_noop("The year of “%(text)s” is out of range."),
    "not_a_time": gettext_noop("“%(text)s” is not a time of day."),
    "not_a_boolean": gettext_noop("“%(text)s” is neither yes nor no."),
}


@dataclass(frozen=True, slots=True)
class ParseProblem:
    """A stable code, and what is needed to say it in a sentence."""

    code: str
    text: str = ""
    first: str = ""
    second: str = ""
    exponent: int = 0

    @property
    def sentence(self) -> Sentence:
        values = {"text": self.text[:80], "first": self.first, "second": self.second, "exponent": self.exponent}
        return Sentence(_SENTENCES[self.code], values)

    def __str__(self) -> str:
        return str(self.sentence)


def is_blank(value: object) -> bool:
    """None, and text without any sign in it."""
    return value is None or (type(value) is str and not value.strip())
