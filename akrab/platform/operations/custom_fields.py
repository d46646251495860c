"""Defining custom fields: one at a time, by administrators; a definition that goes leaves its values until it is purged."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akrab.platform import money
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.declaring import customizable_named
from akrab.platform.customizing.expressions import on
from akrab.platform.customizing.facts import CustomFieldChanged
from akrab.platform.customizing.fields import STORED, Custom, custom_fields, forget
from akrab.platform.customizing.formulas import BadFormula, compiled
from akrab.platform.customizing.models import CustomField
from akrab.platform.customizing.rollups import options_of
from akrab.platform.customizing.values import BadValue, kept
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, NotFound, Refusal, StaleVersion

MANAGE = "platform.manage_fields"
MOST = 200
MOST_CHOICES = 500
UNIQUE = frozenset({"text", "number", "url"})
DEFAULTED = STORED - {"person", "link"}
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class FieldInUse(Refusal):
    code = "field_in_use"
    message = gettext_lazy("The formula of %(names)s uses this field. Change that formula first.")


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    """One value of a choice; without a code it gets one from its title."""

    title_en: str
    title_id: str = ""
    code: str = ""
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What a definition says; key and type never change."""

    title_en: str
    type: str = "text"
    key: str = ""
    title_id: str = ""
    help_text: str = ""
    group: str = ""
    position: int = 0
    is_required: bool = False
    is_unique: bool = False
    is_searchable: bool = False
    choices: Sequence[ChoiceWords] = ()
    currency: str = ""
    target: str = ""
    default: Any = None
    formula: str = ""
    rollup: str = ""


@operation(may=MANAGE, journal=gettext_lazy("Defined the field %(subject)s"))
def define_field(*, by: Actor, object: str, words: FieldWords, at: datetime) -> CustomFieldChanged:
    """Give an object a field more."""
    customizable_named(object)
    if words.type not in CustomField.Type.values:
        raise Invalid({"type": _("There is no such type.")})
    if CustomField.objects.filter(object=object).count() >= MOST:
        raise Invalid({"": _("%(most)s fields are enough for one object.") % {"most": MOST}})
    key = words.key or _key_of(words.title_en)
    if not _KEY.fullmatch(key):
        raise Invalid({"key": _("Use small letters, digits and underscores, beginning with a letter.")})
    if CustomField.objects.filter(object=object, key=key).exists():
        raise Invalid({"key": _("There is a field with this key already, perhaps in the trash.")})
    field = CustomField(object=object, key=key, type=words.type, created_at=at)
    return _keep(field, words, "defined", by=by, at=at)


@operation(may=MANAGE, journal=gettext_lazy("Changed the field %(subject)s"))
def revise_field(*, by: Actor, field_id: UUID, words: FieldWords, at: datetime, version: int | None = None) -> CustomFieldChanged:
    """Change what a definition says; `type` and `key` of the words are not read."""
    field = _locked(field_id)
    if version is not None and version != field.version:
        raise StaleVersion
    field.version += 1
    return _keep(field, words, "revised", by=by, at=at)


@operation(may=MANAGE, journal=gettext_lazy("Moved the field %(subject)s to the trash"))
def trash_field(*, by: Actor, field_id: UUID, at: datetime) -> CustomFieldChanged:
    """Take a field away everywhere; its values stay until it is purged."""
    field = _locked(field_id)
    _demand_unused(field)
    field.trashed_at = at
    return _change(field, "trashed", by=by, at=at)


@operation(may=MANAGE, journal=gettext_lazy("Brought the field %(subject)s back"))
def restore_field(*, by: Actor, field_id: UUID, at: datetime) -> CustomFieldChanged:
    """Bring a field and all its values back."""
    field = _locked(field_id, is_trashed=True)
    field.trashed_at = None
    return _change(field, "restored", by=by, at=at)


@operation(may=MANAGE)
def purge_field(*, by: Actor, field_id: UUID, at: datetime) -> CustomFieldChanged:
    """Remove a trashed definition and every value of it for good."""
    field = _locked(field_id, is_trashed=True)
    what = customizable_named(field.object)
    fetch(
        f"UPDATE {what.table} SET custom = custom - %(key)s, computed = computed - %(key)s "
        "WHERE custom ? %(key)s OR computed ? %(key)s",
        {"key": field.key},
    )
    fact = CustomFieldChanged(field_id=field.pk, at=at, object=field.object, key=field.key, change="purged", title=field.title_en)
    field.delete()
    forget()
    record([fact], by=by)
    return fact


def _locked(field_id: UUID, *, is_trashed: bool = False) -> CustomField:
    field = CustomField.objects.select_for_update().filter(pk=field_id, trashed_at__isnull=not is_trashed).first()
    if field is None:
        raise NotFound
    return field


def _keep(field: CustomField, words: FieldWords, change: str, *, by: Actor, at: datetime) -> CustomFieldChanged:
    if not words.title_en.strip():
        raise Invalid({"title_en": _("A field needs a name.")})
    for name in ("title_en", "title_id", "help_text", "group"):
        setattr(field, name, getattr(words, name).strip())
    field.position = words.position
    field.is_required = words.is_required and field.type in STORED and field.type != "boolean"
    field.is_unique = words.is_unique
    field.is_searchable = words.is_searchable or words.is_unique
    if field.is_unique and field.type not in UNIQUE:
        raise Invalid({"is_unique": _("Only texts, numbers and web addresses can be unique.")})
    field.options = _options(field, words)
    if field.is_unique:
        _demand_distinct(field)
    fact = _change(field, change, by=by, at=at)
    if change == "revised" and field.type == "formula":
        _compile_again(field.object, field.key)
        forget()
    return fact


def _change(field: CustomField, change: str, *, by: Actor, at: datetime) -> CustomFieldChanged:
    field.changed_at = at
    if change in {"trashed", "restored"}:
        field.version += 1
    field.save()
    forget()
    fact = CustomFieldChanged(field_id=field.pk, at=at, object=field.object, key=field.key, change=change, title=field.title_en)
    record([fact], by=by)
    return fact


def _options(field: CustomField, words: FieldWords) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if field.type in {"choice", "choices"}:
        options["choices"] = _choices(words.choices, field.options.get("choices", []))
    if field.type == "money":
        options["currency"] = words.currency.strip().upper() or Custom(field.pk, field.object, field.key, "money", "").currency
        money.exponent(options["currency"])
        before = field.options.get("currency")
        if before and before != options["currency"]:
            raise Invalid({"currency": _("The currency of a field does not change; make another field.")})
    if field.type == "link":
        options["target"] = customizable_named(words.target or field.options.get("target", "")).name
    if field.type == "formula":
        options |= _formula(field, words.formula or str(field.options.get("formula", "")))
    if field.type == "rollup":
        options |= options_of(field.object, words.rollup or str(field.options.get("rollup", "")))
    if words.default not in (None, "", []):
        if field.type not in DEFAULTED:
            raise Invalid({"default": _("This kind of field has no default.")})
        options["default"] = _default(field, words.default, options)
    return options


def _formula(field: CustomField, text: str) -> dict[str, Any]:
    fields = {one.key: one for one in custom_fields(field.object)}
    if not text.strip():
        raise Invalid({"formula": _("Write a formula.")})
    try:
        found = compiled(text, customizable_named(field.object), fields, key=field.key)
    except BadFormula as refusal:
        raise Invalid({"formula": str(refusal)}) from refusal
    before = field.options.get("kind")
    if before and before != found.kind:
        raise Invalid({"formula": _("The result is of another kind than before. Make another field.")})
    return {
        "formula": text.strip(),
        "sql": found.sql,
        "kind": found.kind,
        "currency": found.currency,
        "uses": found.uses,
        "protects": found.protects,
    }


def _compile_again(object: str, key: str) -> None:
    """Formulas that rest on a changed one follow, those first that others rest on."""
    using = {
        one.key: one
        for one in CustomField.objects.filter(object=object, type="formula", trashed_at=None)
        if key in one.options.get("uses", ())
    }
    for one in sorted(using.values(), key=lambda one: (len(one.options["uses"]), one.key)):
        forget()
        one.options = {**one.options, **_formula(one, str(one.options["formula"]))}
        one.save(update_fields=["options"])


def _default(field: CustomField, value: Any, options: Mapping[str, Any]) -> Any:
    custom = Custom(field.pk, field.object, field.key, field.type, field.title_en, options=options)
    try:
        return kept(custom, value, zone=ZoneInfo("UTC"))
    except BadValue as problem:
        raise Invalid({"default": problem.sentence.translated()}) from problem


def _choices(words: Sequence[ChoiceWords], before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The choices in the order given; one that was there before and is not named is retired, never forgotten."""
    known = {one["code"]: one for one in before}
    by_title = {one["title_en"].casefold(): one["code"] for one in before}
    made: dict[str, dict[str, Any]] = {}
    for one in words:
        title = " ".join(one.title_en.split())
        if not title:
            continue
        code = one.code or by_title.get(title.casefold()) or _free_code(title, {*known, *made})
        if code in made or any(title.casefold() == other["title_en"].casefold() for other in made.values()):
            raise Invalid({"choices": _("“%(title)s” is there twice.") % {"title": title}})
        made[code] = dataclasses.asdict(ChoiceWords(title[:80], one.title_id.strip()[:80], code[:40], one.is_retired))
    if not made:
        raise Invalid({"choices": _("Say at least one choice.")})
    if len(made) > MOST_CHOICES:
        raise Invalid({"choices": _("%(most)s choices are enough.") % {"most": MOST_CHOICES}})
    return [*made.values(), *({**one, "is_retired": True} for code, one in known.items() if code not in made)]


def _free_code(title: str, used: set[str]) -> str:
    base = _key_of(title)[:36]
    return next(code for n in range(1, len(used) + 2) if (code := base if n == 1 else f"{base}_{n}") not in used)


def _key_of(title: str) -> str:
    key = slugify(title).replace("-", "_").strip("_")[:40].rstrip("_")
    return key if key[:1].isalpha() else f"f_{key}".rstrip("_")


def _demand_distinct(field: CustomField) -> None:
    """A field becomes unique only while no two records have the same value."""
    what = customizable_named(field.object)
    twice = fetch(
        f"SELECT akrab_normal(custom->>%(key)s), count(*) FROM {what.table} WHERE custom ? %(key)s "
        f"AND {on(what.alive, '')} GROUP BY 1 HAVING count(*) > 1 LIMIT 1",
        {"key": field.key},
    )
    if twice:
        said = _("%(count)s records have “%(value)s”. Make their values different first.")
        raise Invalid({"is_unique": said % {"count": twice[0][1], "value": twice[0][0]}})


def _demand_unused(field: CustomField) -> None:
    using = [
        one.title_en
        for one in CustomField.objects.filter(object=field.object, type="formula", trashed_at=None)
        if field.key in one.options.get("uses", ())
    ]
    if using:
        raise FieldInUse(names=", ".join(using))
