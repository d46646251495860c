"""Filters and tags of every template: money, numbers, dates in the reader's language and zone, form controls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zlib import crc32

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_time, format_timedelta
from babel.numbers import format_compact_decimal, format_decimal, format_percent
from django import forms, template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from akrab.platform import money as money_module
from akrab.platform.assets import asset_address

register = template.Library()


def language() -> str:
    return get_language() or "en"


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file, with its fingerprint."""
    return asset_address(name)


@register.filter
def money(minor: int | None, currency: str) -> str:
    """{{ receipt.total|money:receipt.currency }}"""
    return money_module.show(minor, currency, language())


@register.filter
def number(value: float | Decimal | None, digits: int = 0) -> str:
    """{{ count|number }} or {{ mean|number:2 }}, with the reader's separators."""
    return "" if value is None else _number(value, int(digits), language())


@register.filter
def compact(value: float | None) -> str:
    """{{ 1234567|compact }}: '1.2M' in English, '1,2 jt' in Indonesian."""
    return "" if value is None else format_compact_decimal(value, locale=language(), fraction_digits=1)


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """{{ 0.345|percent }} is 34.5%."""
    if share is None:
        return ""
    pattern = "#,##0" + ("." + "0" * int(digits) if digits else "") + "%"
    return format_percent(share, format=pattern, locale=language())


@register.filter
def day(value: date | datetime | None, style: str = "medium") -> str:
    """A calendar day; an instant is read in the reader's zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _local(value).date()
    return _day(value, style, language())


@register.filter
def month(value: date | str) -> str:
    """A month, given as a day in it or as filters and traits write it (2026-03)."""
    first = date.fromisoformat(f"{value}-01") if isinstance(value, str) else value
    shown: str = format_skeleton("yMMM", first, locale=language())
    return shown


@register.filter
def moment(value: datetime | None, style: str = "medium") -> str:
    """Day and time in the reader's zone, as a <time> with the full instant."""
    if value is None:
        return ""
    local = _local(value)
    shown = f"{format_date(local, format=style, locale=language())}, {format_time(local, 'short', locale=language())}"
    return _timed(value, shown)


@register.filter
def clock(value: datetime | None) -> str:
    """The time of day in the reader's zone."""
    return "" if value is None else format_time(_local(value), "short", locale=language())


@register.filter
def country(code: str) -> str:
    """{{ "ID"|country }}: the name of a country in the reader's language; what is no code stays as it is."""
    name: str = Locale.parse(language()).territories.get(code.upper(), code)
    return name


@register.filter
def ago(value: datetime | date | None) -> str:
    """'3 days ago', with the full moment on hover."""
    if value is None:
        return ""
    if not isinstance(value, datetime):
        gap = timedelta(days=(value - timezone.localdate()).days)
        if not gap:
            return format_timedelta(timedelta(0), granularity="day", locale=language(), add_direction=True)
        return format_timedelta(gap, granularity="day", add_direction=True, locale=language())
    gap = value - timezone.now()
    return _timed(value, format_timedelta(gap, add_direction=True, locale=language()))


@lru_cache(maxsize=4096)
def _day(value: date, style: str, locale: str) -> str:
    return format_date(value, format=style, locale=locale)


@lru_cache(maxsize=4096)
def _number(value: float | Decimal, digits: int, locale: str) -> str:
    return format_decimal(value, format="#,##0" + ("." + "0" * digits if digits else ""), locale=locale)


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _timed(value: datetime, shown: str) -> SafeString:
    title = format_datetime(_local(value), "long", locale=language())
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), title, shown)


@register.filter
def initials(name: str) -> str:
    """Up to two letters of a name: 'Siti Nurhaliza' is SN, 'Suharto' is S."""
    words = [word for word in str(name).split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


@register.filter
def hue(name: object) -> int:
    """One of eight avatar colors, the same for the same name."""
    return crc32(str(name).encode()) % 8


@register.filter
def as_html(attrs: Mapping[str, Any]) -> SafeString:
    """{{ attrs|as_html }}: a component's undeclared attributes, escaped (cotton's own output is not)."""
    given = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else dict(attrs)
    parts = []
    for name, value in given.items():
        if value is True:
            parts.append(name)
        elif value is not None and value is not False:
            parts.append(f'{name}="{conditional_escape(value)}"')
    return mark_safe(" ".join(parts))  # noqa: S308


KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxInput, "checkbox"),
    (forms.ClearableFileInput, "file-input"),
    (forms.FileInput, "file-input"),
    (forms.Textarea, "textarea"),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.Select, "select"),
    (forms.TextInput, "input"),
]


@register.filter
def control(field: forms.BoundField) -> SafeString:
    """A form field's control in the design system's clothes, tied to its help and errors."""
    look = next((name for kind, name in KINDS if isinstance(field.field.widget, kind)), "input")
    attrs: dict[str, str | bool] = {"class": f"{field.field.widget.attrs.get('class', '')} {look}".strip()}
    described = [f"{field.auto_id}_help"] if field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}_error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)


@register.filter
def is_many(field: forms.BoundField) -> bool:
    """Whether several values can be ticked."""
    return isinstance(field.field.widget, forms.CheckboxSelectMultiple)


@register.filter
def is_inline(field: forms.BoundField) -> bool:
    """Whether the label stands behind the control, as for a checkbox."""
    return isinstance(field.field.widget, forms.CheckboxInput)
