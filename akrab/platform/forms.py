"""Shape of what the platform's own pages send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import ANONYMOUS
from akrab.platform.importing import offering
from akrab.platform.importing.kinds import load_kinds
from akrab.platform.models import SavedView, User
from akrab.platform.policy import ROLES
from akrab.platform.refusal import Invalid

EVERYTHING = "*"
SCOPES = {
    "commerce.record_receipts": _("A till: record receipts, nothing else"),
    "customers.view_*": _("Read customers"),
    "customers.*": _("Read and change customers"),
    "collaboration.view_*": _("Read tasks, notes and meetings"),
    "collaboration.*": _("Read and change tasks, notes and meetings"),
    "commerce.view_*": _("Read receipts and products"),
    "commerce.*": _("Read and record receipts and products"),
    "insight.view_*": _("Read reports and measures"),
    "platform.run_imports": _("Run imports"),
    "platform.export": _("Export data"),
    EVERYTHING: _("Everything I may do"),
}


def zones() -> list[Any]:
    """Indonesia's three zones first, then the world."""
    return [(group.label, list(group.offers)) for group in offering.zones(ANONYMOUS)]


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class PreferencesForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("en", "English"), ("id", "Bahasa Indonesia")])
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    theme = forms.ChoiceField(label=_("Theme"), choices=User.Theme.choices)
    density = forms.ChoiceField(label=_("Table density"), choices=User.Density.choices)
    shortcuts = forms.BooleanField(
        label=_("Single-key shortcuts"), required=False, help_text=_("Press ? on any page to see them.")
    )


class PasswordForm(forms.Form):
    current = forms.CharField(
        label=_("Current password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        min_length=10,
        help_text=_("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["current"].required = has_password


class NewUserForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()), initial="staff")


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()), initial="staff")


class AcceptForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Choose a password"), strip=False, min_length=10, help_text=_("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )


class NewPasswordForm(forms.Form):
    new = forms.CharField(
        label=_("New password"), strip=False, min_length=10, help_text=_("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )  # fmt: skip


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )  # fmt: skip

    def forget(self) -> None:
        """The next code is typed into an empty field."""
        self.data = {}


class ConfirmForm(forms.Form):
    proof = forms.CharField(
        label=_("Password"), strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )  # fmt: skip

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_password:
            self.fields["proof"].label = _("Code of your app, or a recovery code")


class TwoFactorForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Who needs a second factor?"), choices=list(ROLES.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class ProviderForm(forms.Form):
    name = forms.CharField(label=_("Name on the button"), max_length=40)
    address = forms.URLField(
        label=_("Address of the provider (issuer)"), assume_scheme="https",
        help_text=_("For example https://accounts.google.com"),
    )  # fmt: skip
    client_id = forms.CharField(label=_("Client id"), max_length=190)
    secret = forms.CharField(
        label=_("Client secret"), max_length=400, required=False, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept sealed. Leave it empty to keep the one that is there."),
    )  # fmt: skip
    domains = forms.CharField(
        label=_("Mail domains"), required=False, max_length=500,
        help_text=_("People with these domains get an account when they first come in. Empty: only people who have one already."),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Their role"), choices=list(ROLES.items()), initial="staff")

    trusts_addresses = forms.BooleanField(
        label=_("Its addresses count without being verified"), required=False,
        help_text=_("Only for a provider of your own that hands out the addresses, such as Microsoft Entra ID of one company."),
    )  # fmt: skip

    def clean_domains(self) -> list[str]:
        return [one for one in self.cleaned_data["domains"].replace(",", " ").split() if one]


class UserForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()))
    is_active = forms.BooleanField(label=_("May sign in"), required=False)


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What is it for?"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one thing that the key may do.")},
    )
    days = forms.TypedChoiceField(
        label=_("Expires"),
        coerce=int,
        initial=365,
        choices=[(30, _("In 30 days")), (90, _("In 90 days")), (365, _("In a year")), (0, _("Never"))],
    )


def import_kinds() -> list[tuple[str, Any]]:
    return [(kind.name, kind.label) for kind in load_kinds().values()]


def import_presets() -> list[tuple[str, Any]]:
    """Presets of every kind under one name each; a preset of another kind is refused when the file is read."""
    known = {preset.name: preset.label for kind in load_kinds().values() for preset in kind.presets}
    return [("", _("Other: I choose the columns")), *sorted(known.items())]


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("What are the rows?"), choices=import_kinds, initial="receipts")
    preset = forms.ChoiceField(label=_("Known layout"), choices=import_presets, required=False)
    file = forms.FileField(label=_("File"), max_length=250)


class ViewForm(forms.Form):
    """A saved view: its name, who has it, and whether only its owner changes it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    scope = forms.ChoiceField(label=_("For whom"), choices=SavedView.Scope.choices, initial="private", required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    is_locked = forms.BooleanField(label=_("Locked: only I and administrators change it"), required=False)
    is_pinned = forms.BooleanField(label=_("Keep it as a tab"), required=False)
    is_default = forms.BooleanField(label=_("Begin this list with it"), required=False)

    def __init__(self, *args: Any, teams: Sequence[tuple[UUID, str]] = (), may_share: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.choices = [("", "–"), *((str(one), name) for one, name in teams)]
        scope: Any = self.fields["scope"]
        if not teams:
            scope.choices = [one for one in scope.choices if one[0] != "team"]
            del self.fields["team"]
        if not may_share:
            for name in ("scope", "team", "is_locked"):
                self.fields.pop(name, None)


class WebhookForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Who listens, for example: web shop."))
    address = forms.CharField(
        label=_("Address"), max_length=1000, widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"})
    )
    topics = forms.CharField(
        label=_("Topics"),
        max_length=3000,
        initial="customers.*",
        help_text=_("Kinds of facts, separated by spaces; * stands for all, customers.* for all of customers."),
    )

    def clean_topics(self) -> list[str]:
        return str(self.cleaned_data["topics"]).replace(",", " ").split()

    def take_errors(self, refused: Invalid) -> None:
        """Show the reasons of a refusal at their fields."""
        for name, reason in refused.errors.items():
            self.add_error(name if name in self.fields else None, reason)
