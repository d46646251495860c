"""Shape of what the pages of teams, permissions and shares send."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from akrab.platform.models import FieldRule, RecordRule, Share
from akrab.platform.operations.rules import Addressee, FieldWords, RecordWords
from akrab.platform.policy import ROLES
from akrab.platform.rights.registry import Protected
from akrab.platform.rights.saying import say_name

Choices = Sequence[tuple[Any, Any]]
COMPARISONS = [
    ("is", _("is")),
    ("is_not", _("is not")),
    ("has", _("contains")),
    ("at_least", _("is at least")),
    ("at_most", _("is at most")),
]


def _named(pairs: Choices) -> list[tuple[str, str]]:
    return [(str(one), str(name)) for one, name in pairs]


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    parent = forms.ChoiceField(label=_("Inside"), required=False)
    lead = forms.ChoiceField(label=_("Lead"), required=False)

    def __init__(self, *arguments: Any, teams: Choices = (), people: Choices = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        fields: dict[str, Any] = self.fields
        fields["parent"].choices = [("", _("No other team")), *_named(teams)]
        fields["lead"].choices = [("", _("Nobody")), *_named(people)]

    def chosen(self) -> dict[str, Any]:
        clean = self.cleaned_data
        return {"name": clean["name"], "parent_id": _id(clean["parent"]), "lead_id": _id(clean["lead"])}


class WhoForm(forms.Form):
    """Whom a rule is about, as one choice: everybody, role:…, team:… or person:…; nothing is chosen for its writer."""

    who = forms.ChoiceField(label=_("For whom"))

    def __init__(self, *arguments: Any, teams: Choices = (), people: Choices = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        who: Any = self.fields["who"]
        who.choices = [
            ("", _("Choose…")),
            ("everybody", _("Everybody")),
            (_("Roles"), [(f"role:{code}", name) for code, name in ROLES.items() if code != "administrator"]),
            (_("Teams"), [(f"team:{one}", name) for one, name in teams]),
            (_("People"), [(f"person:{one}", name) for one, name in people]),
        ]

    def addressee(self) -> Addressee:
        kind, _colon, word = str(self.cleaned_data["who"]).partition(":")
        if kind == "role":
            return Addressee(role=word)
        return Addressee(team_id=_id(word) if kind == "team" else None, person_id=_id(word) if kind == "person" else None)

    def words(self) -> RecordWords | FieldWords:
        """What the rule would say."""
        raise NotImplementedError

    def mark(self) -> str:
        """Tells these words from any others, so that nobody confirms one rule and keeps another."""
        return hashlib.sha256(repr(self.words()).encode()).hexdigest()[:16]


class RecordRuleForm(WhoForm):
    effect = forms.ChoiceField(
        label=_("Rule"), choices=[("allow", _("May reach only")), ("deny", _("May never reach"))], initial="allow"
    )
    level = forms.ChoiceField(label=_("To"), choices=RecordRule.Level.choices[:2], initial="read")
    scope = forms.ChoiceField(label=_("Which"), choices=RecordRule.Scope.choices, initial="team")
    field = forms.ChoiceField(label=_("Where"), required=False)
    comparison = forms.ChoiceField(label=_("Comparison"), required=False, choices=COMPARISONS)
    value = forms.CharField(label=_("Value"), required=False, max_length=100)

    def __init__(self, *arguments: Any, what: Protected, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.what = what
        fields: dict[str, Any] = self.fields
        fields["scope"].choices = [(code, name) for code, name in RecordRule.Scope.choices if code in what.scopes]
        fields["field"].choices = [("", "–"), *((name, say_name(what, name).capitalize()) for name in what.filters)]

    def words(self) -> RecordWords:
        clean = self.cleaned_data
        value: Any = clean["value"]
        if clean["comparison"] in {"at_least", "at_most"} or clean["field"] in {"purchases", "spend", "total"}:
            value = int(value) if value.isdecimal() else value
        conditions = [(clean["field"], clean["comparison"], value)] if clean["scope"] == "filter" else []
        return RecordWords(self.what.name, clean["scope"], clean["effect"], clean["level"], conditions, self.addressee())


class FieldRuleForm(WhoForm):
    field = forms.ChoiceField(label=_("Field"))
    access = forms.ChoiceField(label=_("Access"), choices=FieldRule.Access.choices, initial="masked")

    def __init__(self, *arguments: Any, what: Protected, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.what = what
        field: Any = self.fields["field"]
        field.choices = [(one.name, one.title) for one in what.all_fields]

    def words(self) -> FieldWords:
        return FieldWords(self.what.name, self.cleaned_data["field"], self.cleaned_data["access"], self.addressee())


class ShareForm(forms.Form):
    """With whom a record is shared: team:… or person:…."""

    receiver = forms.ChoiceField(label=_("Share with"))
    level = forms.ChoiceField(label=_("To"), choices=Share.Level.choices, initial="read")
    expires_at = forms.DateTimeField(
        label=_("Until"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )

    def __init__(self, *arguments: Any, teams: Choices = (), people: Choices = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        receiver: Any = self.fields["receiver"]
        receiver.choices = [
            (_("People"), [(f"person:{one}", name) for one, name in people]),
            (_("Teams"), [(f"team:{one}", name) for one, name in teams]),
        ]

    def chosen(self) -> dict[str, Any]:
        kind, _colon, word = self.cleaned_data["receiver"].partition(":")
        return {f"{kind}_id": UUID(word), "level": self.cleaned_data["level"], "expires_at": self.cleaned_data["expires_at"]}


def _id(word: str) -> UUID | None:
    return UUID(word) if word else None
