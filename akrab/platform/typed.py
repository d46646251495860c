"""Fields for numbers as people type them: read by the reader's language, refused when they can mean two numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from akrab.platform.tabular.numbers import parse_typed_amount
from akrab.platform.tabular.problems import ParseProblem


def read_typed(text: str) -> Decimal:
    """The number that a reader typed; what is none, or could be two, is refused with a sentence."""
    number = parse_typed_amount(text, locale_style="comma" if (get_language() or "").startswith("id") else "point")
    if not isinstance(number, ParseProblem):
        return number
    if number.code == "ambiguous_number":
        raise ValidationError(
            _("“%(text)s” can be two numbers: write it without thousands signs.") % {"text": text[:40]}, "unclear"
        )
    raise ValidationError(str(number), "invalid")


class TypedDecimalField(forms.DecimalField):
    """An amount: 1.000.000 or 1,000,000 or 1000000, by the reader's language."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"widget": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **more})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        return read_typed(value.strip()) if isinstance(value, str) and value.strip() else super().to_python(value)


class TypedWholeField(forms.IntegerField):
    """A whole number, typed with thousands signs or without."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"widget": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **more})

    def to_python(self, value: Any) -> int | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        number = read_typed(value.strip())
        if number != number.to_integral_value():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(number)
