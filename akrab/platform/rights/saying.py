"""Rules in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from akrab.platform.rights.registry import Protected


def say_record_rule(what: Protected, effect: str, level: str, scope: str, filters: Sequence[Sequence[Any]], who: str) -> str:
    """A rule about records as a sentence: "Staff see only customers of their own team."."""
    words = {"who": who, "things": str(what.title).lower(), "which": say_scope(what, scope, filters)}
    if effect == "deny":
        sentences = {
            "read": _("%(who)s: never see %(things)s %(which)s."),
            "edit": _("%(who)s: never edit %(things)s %(which)s."),
            "delete": _("%(who)s: never delete %(things)s %(which)s."),
        }
    elif scope == "all":
        sentences = {
            "read": _("%(who)s: see all %(things)s."),
            "edit": _("%(who)s: edit all %(things)s."),
            "delete": _("%(who)s: delete all %(things)s."),
        }
    else:
        sentences = {
            "read": _("%(who)s: see only %(things)s %(which)s."),
            "edit": _("%(who)s: edit only %(things)s %(which)s."),
            "delete": _("%(who)s: delete only %(things)s %(which)s."),
        }
    return " ".join((sentences[level] % words).split())


def say_scope(what: Protected, scope: str, filters: Sequence[Sequence[Any]]) -> str:
    """Which records a scope means."""
    scopes = {
        "all": "",
        "own": _("of their own"),
        "team": _("of their own team and the teams below"),
        "unit": _("of their own branch"),
        "shared": _("that are shared with them"),
        "customer": _("of customers whom they may see"),
    }
    if scope != "filter":
        return scopes.get(scope, scope)
    signs = {
        "is": _("is"), "is_not": _("is not"), "has": _("contains"), "at_least": _("is at least"), "at_most": _("is at most"),
    }  # fmt: skip
    parts = [f"{say_name(what, name)} {signs.get(sign, sign)} “{value}”" for name, sign, value in filters]
    return pgettext("rule", "where %(conditions)s") % {"conditions": _(" and ").join(parts)}


def say_name(what: Protected, name: str) -> str:
    """The title of a field or filter, or its name."""
    field = what.field(name)
    return str(field.title if field else what.titles.get(name) or name.replace("_", " "))


def say_field_rule(what: Protected, name: str, access: str, who: str) -> str:
    """A rule about a field as a sentence."""
    words = {"who": who, "field": say_name(what, name), "things": str(what.title).lower()}
    return {
        "hidden": _("%(who)s: “%(field)s” of %(things)s is hidden."),
        "masked": _("%(who)s: “%(field)s” of %(things)s is masked."),
        "read": _("%(who)s: “%(field)s” of %(things)s is read only."),
        "edit": _("%(who)s: “%(field)s” of %(things)s can be read and edited."),
    }[access] % words
