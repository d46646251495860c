"""Form fields for custom fields: the right control for each type, read in the language of the reader."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from akrab.platform import money
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.declaring import customizable_named
from akrab.platform.customizing.fields import Custom, grouped, stored_fields
from akrab.platform.customizing.values import LONGEST
from akrab.platform.customizing.writing import names_of
from akrab.platform.templatetags.shell import language
from akrab.platform.typed import TypedDecimalField

UNSAID = [("", "–")]


def form_fields(object: str, *, by: Actor, closed: Collection[str] = (), values: Mapping[str, Any]) -> dict[str, forms.Field]:
    """The fields of a form by name; `values` are those that the record has, by key."""
    return {
        one.name: form_field(one, by=by, value=values.get(one.key))
        for _group, members in grouped(stored_fields(object))
        for one in members
        if one.name not in closed
    }


def fields_for_all(object: str, *, by: Actor, closed: Collection[str] = ()) -> dict[str, forms.Field]:
    """The fields that many records can be given one value of."""
    return {
        one.name: form_field(one, by=by, required=False)
        for one in stored_fields(object)
        if one.name not in closed and not one.is_unique
    }


def sent(value: Any) -> str:
    """What a form field read, as a text that the operation reads again, whatever the language."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "; ".join(value) if isinstance(value, list) else str(value or "")


def form_field(custom: Custom, *, by: Actor, value: Any = None, required: bool | None = None) -> forms.Field:
    """One field; a retired choice is offered only where it stands already."""
    common: dict[str, Any] = {
        "label": custom.title,
        "help_text": custom.help_text,
        "required": custom.is_required if required is None else required,
    }
    match custom.type:
        case "long":
            return forms.CharField(max_length=LONGEST["long"], widget=forms.Textarea(attrs={"rows": 3}), **common)
        case "number":
            return TypedDecimalField(**common)
        case "money":
            common["label"] = f"{custom.title} ({money.symbol(custom.currency).strip()})"
            return TypedDecimalField(**common)
        case "date":
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
        case "moment":
            look = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            return forms.DateTimeField(widget=look, **common)
        case "choice":
            return forms.ChoiceField(choices=[*UNSAID, *_offered(custom, value)], **common)
        case "choices":
            return forms.MultipleChoiceField(choices=_offered(custom, value), widget=forms.CheckboxSelectMultiple, **common)
        case "boolean":
            return forms.ChoiceField(choices=[*UNSAID, ("yes", _("yes")), ("no", _("no"))], **common)
        case "person":
            return forms.ChoiceField(choices=[*UNSAID, *_people(value)], **common)
        case "url":
            return forms.CharField(
                max_length=LONGEST["url"], widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}), **common
            )
        case "link":
            what = customizable_named(custom.target)
            name = names_of([(custom, value)], by=by).get(str(value), "")
            common["help_text"] = " ".join(str(one) for one in (name and f"{name}.", common["help_text"] or what.hint) if one)
            return forms.CharField(max_length=200, **common)
    return forms.CharField(max_length=LONGEST["text"], **common)


def _offered(custom: Custom, value: Any) -> list[tuple[str, str]]:
    has = value if isinstance(value, list) else [value]
    return [(one.code, one.title) for one in custom.choices if not one.is_retired or one.code in has]


def _people(value: Any) -> list[tuple[str, str]]:
    rows = fetch(
        "SELECT id::text, coalesce(nullif(name, ''), email) FROM platform_user WHERE is_active OR id::text = %s ORDER BY 2, 1",
        [str(value or "")],
    )
    return [(row[0], row[1]) for row in rows]


def _typed(amount: Decimal) -> str:
    """A number as its reader types it; three decimals would look like thousands, so a fourth follows them."""
    whole, _point, rest = f"{amount.normalize():f}".partition(".")
    sign = "," if language().startswith("id") else "."
    return f"{whole}{sign}{rest}{'0' if len(rest) == 3 else ''}" if rest else whole


def posted(custom: Custom, value: Any) -> list[str]:
    """A kept value as the form would send it."""
    began = initial(custom, value)
    if isinstance(began, list):
        return [str(one) for one in began]
    if isinstance(began, datetime):
        return [began.strftime("%Y-%m-%dT%H:%M")]
    return [str(began)]


def initial(custom: Custom, value: Any) -> Any:
    """A kept value as its form field begins with."""
    if value is None:
        return [] if custom.type == "choices" else ""
    match custom.type:
        case "number":
            return _typed(Decimal(value))
        case "money":
            return _typed(money.to_decimal(int(value), custom.currency))
        case "date":
            return date.fromisoformat(value)
        case "moment":
            return localtime(datetime.fromisoformat(value))
        case "boolean":
            return "yes" if value else "no"
    return value
