"""Shape of what the customer pages send."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akrab.customers.models import CUSTOMER, AccountMember, Customer, Identifier, Relationship, Stage
from akrab.customers.operations.changing_many import ManyChange
from akrab.customers.queries.choosing import ORDERS, Choice
from akrab.customers.queries.filtering import SEGMENTS
from akrab.customers.tables.consent import Channel, Purpose
from akrab.customers.tables.duplicates import DuplicateRule
from akrab.customers.tables.privacy import PrivacyRequest
from akrab.platform.customizing.fields import grouped, stored_fields
from akrab.platform.customizing.listing import is_order
from akrab.platform.customizing.widgets import sent
from akrab.platform.listing.tree import read_tree
from akrab.platform.typed import TypedWholeField

SORTS = {
    "name": _("Name"),
    "-last_purchase": _("Last purchase"),
    "-spend": _("Spend"),
    "-purchases": _("Purchases"),
    "-registered": _("Registered"),
}
MONTH = r"^[1-9]\d{3}-(0[1-9]|1[0-2])$"
_DAY = {"type": "date"}


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))


def _whole(label: Any) -> TypedWholeField:
    return TypedWholeField(label=label, required=False, min_value=0, max_value=10**12)


WHOSE = {"mine": _("Mine"), "team": _("My team’s"), "nobody": _("Nobody’s")}


class AssignmentForm(forms.Form):
    """Owner and office of a customer; `people` and `teams` are (id, name) to choose from."""

    owner = forms.ChoiceField(label=_("Owner"), required=False)
    team = forms.ChoiceField(label=_("Office or team"), required=False)
    keep_shares = forms.BooleanField(label=_("Keep what is shared as it is"), required=False, initial=True)

    def __init__(self, *arguments: Any, people: Sequence[Any] = (), teams: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        owner: Any = self.fields["owner"]
        owner.choices = [("", _("Nobody")), *((str(one), name) for one, name in people)]
        team: Any = self.fields["team"]
        team.choices = [("", _("None")), *((str(one), name) for one, name in teams)]


class AccountMemberForm(forms.Form):
    """A person beside the owner."""

    person = forms.ChoiceField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), choices=AccountMember.Role.choices)

    def __init__(self, *arguments: Any, people: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        person: Any = self.fields["person"]
        person.choices = [(str(one), name) for one, name in people]


class ChoiceForm(forms.Form):
    """The filters of the customer list; the address of the page is this form."""

    q = forms.CharField(required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Any")), *Customer.Kind.choices])
    stage = forms.MultipleChoiceField(
        label=_("Stage"), required=False, choices=Stage.choices, widget=forms.CheckboxSelectMultiple
    )
    city = forms.CharField(
        label=_("City"), required=False, max_length=100, widget=forms.TextInput(attrs={"list": "cities", "autocomplete": "off"})
    )
    has = forms.MultipleChoiceField(
        label=_("Has"),
        required=False,
        choices=[("email", _("E-mail")), ("phone", _("Phone"))],
        widget=forms.CheckboxSelectMultiple,
    )
    purchases_from = _whole(_("Purchases from"))
    purchases_to = _whole(_("Purchases to"))
    spend_from = _whole(_("Spend from"))
    spend_to = _whole(_("Spend to"))
    bought_from = _day(_("Bought from"))
    bought_to = _day(_("Bought to"))
    interval_from = _whole(_("Days between purchases from"))
    interval_to = _whole(_("Days between purchases to"))
    last_from = _day(_("Last purchase from"))
    last_to = _day(_("Last purchase to"))
    registered_from = _day(_("Registered from"))
    registered_to = _day(_("Registered to"))
    segment = forms.ChoiceField(label=_("Segment"), required=False, choices=[("", _("Any")), *SEGMENTS.items()])
    first = forms.RegexField(MONTH, label=_("First purchase in"), required=False, widget=forms.DateInput(attrs={"type": "month"}))
    first_before = forms.RegexField(
        MONTH, label=_("First purchase before"), required=False, widget=forms.DateInput(attrs={"type": "month"})
    )
    quiet = forms.BooleanField(label=_("Gone quiet"), required=False)
    whose = forms.ChoiceField(label=_("Whose"), required=False, choices=[("", _("Anybody’s")), *WHOSE.items()])
    where = forms.CharField(required=False, max_length=3000, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, max_length=60)

    def clean_sort(self) -> str:
        """An order that there is, built in or by a custom field."""
        sort = str(self.cleaned_data["sort"])
        if sort and sort not in ORDERS and not is_order(CUSTOMER.name, sort):
            raise forms.ValidationError(_("There is no such order."))
        return sort

    def close(self, names: Collection[str]) -> None:
        """Take away the filters over fields that the reader cannot read."""
        for name in list(self.fields):
            field = CUSTOMER.field(name.removesuffix("_from").removesuffix("_to"))
            if field and field.name in names:
                del self.fields[name]
        has: Any = self.fields["has"]
        has.choices = [(code, title) for code, title in has.choices if code not in names]

    def told(self) -> QueryDict:
        """What was asked, for addresses: numbers without thousands signs, so that they mean the same in every language."""
        self.is_valid()
        told = QueryDict(mutable=True)
        for name, values in self.data.lists():  # type: ignore[attr-defined]
            if name not in self.errors:
                number = isinstance(self.fields.get(name), TypedWholeField) and self.cleaned_data.get(name) is not None
                told.setlist(name, [str(self.cleaned_data[name])] if number else values)
        return told

    @property
    def refused(self) -> list[tuple[str, str]]:
        """The filters that cannot be read, by their title."""
        return [
            (str(self.fields[name].label or name), " ".join(str(one) for one in said))
            for name, said in self.errors.items()
            if name in self.fields and self.fields[name].label
        ]

    def choice(self) -> Choice:
        """The filters that can be read; what cannot be read filters nothing and is told beside its field."""
        self.is_valid()
        clean = self.cleaned_data
        return Choice(
            words=clean.get("q", ""),
            kind=clean.get("kind", ""),
            stage=tuple(clean.get("stage") or ()),
            city=clean.get("city", ""),
            has=tuple(clean.get("has") or ()),
            sort=clean.get("sort", ""),
            segment=clean.get("segment", ""),
            first_month=clean.get("first", ""),
            first_before=clean.get("first_before", ""),
            is_quiet=bool(clean.get("quiet")),
            whose=clean.get("whose", ""),
            where=read_tree(clean.get("where", "")),
            **{
                name: clean.get(name)
                for name in (
                    "purchases_from",
                    "purchases_to",
                    "spend_from",
                    "spend_to",
                    "bought_from",
                    "bought_to",
                    "interval_from",
                    "interval_to",
                    "last_from",
                    "last_to",
                    "registered_from",
                    "registered_to",
                )
            },
        )


class BulkForm(forms.Form):
    """One change for many customers; beside `what`, the field of its name carries the value."""

    use_required_attribute = False

    what = forms.ChoiceField(
        label=_("What to change"), widget=forms.RadioSelect, error_messages={"required": _("Choose one thing to change.")}
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    team = forms.ChoiceField(label=_("Office or team"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=Customer.Kind.choices)
    city = forms.CharField(label=_("City"), required=False, max_length=100)
    country = forms.CharField(label=_("Country"), required=False, max_length=60)
    honorific = forms.CharField(label=_("Honorific"), required=False, max_length=40)

    def __init__(
        self,
        *arguments: Any,
        people: Sequence[Any] = (),
        teams: Sequence[Any] = (),
        closed: Collection[str] = (),
        may_assign: bool = False,
        may_trash: bool = False,
        custom: Mapping[str, forms.Field] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.fields.update(custom or {})
        for name in [*closed, *(() if may_assign else ("owner", "team"))]:
            self.fields.pop(name, None)
        for name, offered, nobody in (("owner", people, _("Nobody")), ("team", teams, _("None"))):
            if name in self.fields:
                field: Any = self.fields[name]
                field.choices = [("", nobody), *((str(one), title) for one, title in offered)]
        what: Any = self.fields["what"]
        what.choices = [(name, field.label) for name, field in self.fields.items() if name != "what"]
        if may_trash:
            what.choices += [("trash", _("Move to the trash"))]

    def clean(self) -> dict[str, Any]:
        """Whoever filled exactly one field means that one."""
        clean = super().clean() or self.cleaned_data
        filled = [name for name in self.fields if name not in {"what", "kind"} and clean.get(name)]
        if not self.data.get("what") and len(filled) == 1:
            clean["what"] = filled[0]
            self.errors.pop("what", None)
        return clean

    def change(self) -> ManyChange:
        what = self.cleaned_data["what"]
        return ManyChange(what, sent(self.cleaned_data.get(what)))

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """Each possible change with the field of its value."""
        return [(radio, self[code] if (code := radio.data["value"]) in self.fields else None) for radio in self["what"]]


class CustomerForm(forms.Form):
    """A customer's own fields, without those that the editor may not change."""

    def __init__(
        self, *arguments: Any, closed: Collection[str] = (), custom: Mapping[str, forms.Field] | None = None, **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        for name in closed:
            self.fields.pop(name, None)
        self.added = {name: one for name, one in (custom or {}).items() if name not in closed}
        self.fields.update(self.added)

    @property
    def custom_groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields that the company added, group by group."""
        named = {one.name: one for one in stored_fields(CUSTOMER.name) if one.name in self.added}
        return [(title, [self[one.name] for one in members]) for title, members in grouped(list(named.values()))]

    kind = forms.ChoiceField(label=_("Kind"), choices=Customer.Kind.choices, initial="person")
    display_name = forms.CharField(label=_("Name"), max_length=200, help_text=_("The whole name as one; a single word is fine."))
    honorific = forms.CharField(label=_("Honorific"), max_length=40, required=False, help_text=_("For example Bapak, Ibu, dr."))
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    address = forms.CharField(label=_("Address"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    country = forms.CharField(label=_("Country"), max_length=60, required=False)
    born_on = forms.DateField(label=_("Born on"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    given_name = forms.CharField(label=_("Given name"), max_length=100, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=100, required=False)


class IdentifierForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Identifier.Kind.choices, initial="phone")
    value = forms.CharField(label=_("Value"), max_length=254)


class RelationshipForm(forms.Form):
    kind = forms.ChoiceField(label=_("Relationship"), choices=Relationship.Kind.choices)
    other = forms.UUIDField(label=_("Customer"), error_messages={"required": _("Choose a customer from the list.")})
    note = forms.CharField(label=pgettext_lazy("text", "Note"), max_length=200, required=False)
    since = forms.DateField(label=_("Since"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))


class ConsentForm(forms.Form):
    """Consent given or taken back, with the proof."""

    purpose = forms.ChoiceField(label=_("Purpose"))
    channel = forms.MultipleChoiceField(label=_("Channels"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple)
    state = forms.ChoiceField(choices=[("granted", ""), ("withdrawn", "")], widget=forms.HiddenInput)
    evidence = forms.CharField(
        label=_("How was it given?"),
        required=False,
        max_length=500,
        error_messages={"required": _("Consent counts only with proof: say how it was given.")},
        widget=forms.TextInput(attrs={"placeholder": _("for example: signed form at the counter")}),
    )
    where = forms.CharField(label=_("Where"), required=False, max_length=300)
    wording_language = forms.ChoiceField(
        label=_("Language of the wording"), required=False, choices=[("id", "Bahasa Indonesia"), ("en", "English")]
    )

    def __init__(self, *args: Any, purposes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purpose: Any = self.fields["purpose"]
        purpose.choices = purposes
        given = self.data.get("state") if self.is_bound else self.initial.get("state")
        self.fields["evidence"].required = given == "granted"


class PrivacyRequestForm(forms.Form):
    """What a customer asked for, and when."""

    kind = forms.ChoiceField(label=_("Right"), choices=PrivacyRequest.Kind.choices)
    received_at = forms.DateTimeField(
        label=_("Received"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    came_by = forms.CharField(label=_("Came by"), required=False, max_length=60)
    details = forms.CharField(label=_("What they wrote or said"), required=False, widget=forms.Textarea(attrs={"rows": 4}))


class HandlingForm(forms.Form):
    """Who works on a request, and whether the person is who they say."""

    identity = forms.ChoiceField(label=_("Identity"), choices=PrivacyRequest.Identity.choices)
    identity_how = forms.CharField(label=_("How it was checked"), required=False, max_length=300)
    assignee = forms.ChoiceField(label=_("Assignee"), required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assignee: Any = self.fields["assignee"]
        assignee.choices = [("", _("Nobody yet")), *people]


class DecisionForm(forms.Form):
    """The decision on a request and what was answered."""

    decision = forms.ChoiceField(label=_("Decision"), choices=[one for one in PrivacyRequest.Decision.choices if one[0]])
    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    answer = forms.CharField(label=_("Answer to the person"), required=False, widget=forms.Textarea(attrs={"rows": 4}))


class RuleForm(forms.Form):
    """A retention rule."""

    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=600)
    is_active = forms.BooleanField(label=_("Propose every night"), required=False)


class PurposeForm(forms.Form):
    """A purpose of using data."""

    code = forms.RegexField(r"^[a-z][a-z0-9_]{1,39}$", label=_("Code"), max_length=40)
    name_en = forms.CharField(label=_("Name in English"), max_length=100)
    name_id = forms.CharField(label=_("Name in Bahasa Indonesia"), max_length=100)
    basis = forms.ChoiceField(label=_("Legal basis"), choices=Purpose.Basis.choices)
    is_active = forms.BooleanField(label=_("In use"), required=False)


class DuplicateRuleForm(forms.Form):
    """How one field speaks for or against one person."""

    how = forms.ChoiceField(label=_("Comparison"), choices=DuplicateRule.How.choices)
    same = forms.FloatField(label=_("Same"))
    close = forms.FloatField(label=_("Similar"))
    different = forms.FloatField(label=_("Different"))
    on_entry = forms.ChoiceField(label=_("While a customer is typed in"), choices=DuplicateRule.OnEntry.choices, required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False)


class DuplicateLimitsForm(forms.Form):
    """From how many bits a pair is shown, and from how many it is sure."""

    review_from = forms.FloatField(label=_("Show pairs from (bits)"))
    sure_from = forms.FloatField(label=_("Almost sure from (bits)"))
