"""Shape of what the commerce pages send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from akrab.commerce.models import HOME_ZONES, Branch, Category, Channel, ProductLink, Receipt
from akrab.commerce.queries.choosing import UNCATEGORIZED, ReceiptChoice
from akrab.customers.public import Contact
from akrab.platform import money
from akrab.platform.typed import TypedDecimalField


def _any(choices: Iterable[Any]) -> list[Any]:
    return [("", _("Any")), *choices]


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _amount(label: Any, **more: Any) -> TypedDecimalField:
    return TypedDecimalField(label=label, max_digits=18, decimal_places=4, **more)


def _currency() -> forms.CharField:
    return forms.CharField(label=_("Currency"), max_length=3, min_length=3, initial=settings.CURRENCY)


class CurrencyMixin:
    """A form with a currency code that has to exist."""

    cleaned_data: dict[str, Any]

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).upper()
        try:
            money.exponent(code)
        except money.UnknownCurrency as problem:
            raise ValidationError(_("This is not a currency code (ISO 4217).")) from problem
        return code

    def minor(self, name: str) -> int | None:
        """An amount of this form in minor units of its currency."""
        amount: Decimal | None = self.cleaned_data[name]
        return None if amount is None else money.to_minor(amount, self.cleaned_data["currency"])


class ReceiptChoiceForm(forms.Form):
    """The filters of the receipt list; the address of the page is this form."""

    q = forms.CharField(required=False, max_length=80)
    day_from = _day(_("From"))
    day_to = _day(_("To"))
    branch = forms.UUIDField(label=_("Branch"), required=False, widget=forms.Select)
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=_any(Channel.choices))
    kind = forms.ChoiceField(required=False, choices=_any(Receipt.Kind.choices), widget=forms.HiddenInput)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=_any(Receipt.Status.choices))
    who = forms.ChoiceField(
        label=_("Customer"),
        required=False,
        choices=_any([("known", _("Known")), ("anonymous", _("Anonymous")), ("claimed", _("Claimed later"))]),
    )
    customer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    amount = forms.ChoiceField(
        label=_("Amount"),
        required=False,
        choices=_any(
            [
                ("above", _("Sold something")),
                ("below", _("Took something back")),
                ("sold", _("Purchases")),
                ("kept", _("Purchases not wholly returned")),
                ("mispaid", _("Payments differ from the total")),
            ]
        ),
    )
    category = forms.CharField(label=_("Category"), required=False, widget=forms.Select)
    product = forms.UUIDField(required=False, widget=forms.HiddenInput)
    cohort = forms.RegexField(r"^[1-9]\d{3}-(0[1-9]|1[0-2])$", required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, branches: Iterable[Branch], categories: Iterable[Category]) -> None:
        super().__init__(data)
        self.fields["branch"].widget.choices = _any((str(one.pk), one.name) for one in branches)
        none = (UNCATEGORIZED, _("No category"))
        self.fields["category"].widget.choices = _any([*((str(one.pk), one.name) for one in categories), none])

    def clean_category(self) -> UUID | str | None:
        text = str(self.cleaned_data["category"])
        if not text or text == UNCATEGORIZED:
            return text or None
        try:
            return UUID(text)
        except ValueError as problem:
            raise ValidationError(_("There is no such category.")) from problem

    def title_of(self, name: str) -> str:
        """The words of what a choice field is set to."""
        value = self.data.get(name, "")
        return next((str(words) for key, words in getattr(self.fields[name].widget, "choices", ()) if key == value), value)

    def choice(self) -> ReceiptChoice:
        """The filters that can be read."""
        self.is_valid()
        clean = dict(self.cleaned_data)
        number = clean.pop("q", "").strip()
        return ReceiptChoice(number=number, **clean)


class ClaimForm(forms.Form):
    """Whose receipt it is: a customer who was chosen, or what identifies one."""

    phone = forms.CharField(label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(label=_("E-mail"), required=False)
    card = forms.CharField(label=_("Loyalty card"), max_length=60, required=False)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    other = forms.UUIDField(required=False)

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone and Contact((("phone", phone),)).unclear:
            raise ValidationError(_("This is not a phone number."))
        return phone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("other") and any(given.get(kind) for kind in ("phone", "email", "card")):
            raise ValidationError(_("Choose a customer or type what identifies one, not both."))
        return given

    def identifiers(self) -> tuple[tuple[str, str], ...]:
        clean = self.cleaned_data
        return tuple((kind, clean[kind]) for kind in ("phone", "email", "card") if clean[kind])


class ClaimCodeForm(forms.Form):
    code = forms.CharField(label=_("Code on the receipt"), max_length=200)


class ProductForm(CurrencyMixin, forms.Form):
    """A product's own fields; the SKU stays what it is."""

    name = forms.CharField(label=_("Name"), max_length=300)
    category = forms.ChoiceField(label=_("Category"), required=False)
    price = _amount(_("Price"), required=False)
    cost = _amount(_("Cost"), required=False, min_value=0)
    currency = _currency()
    is_active = forms.BooleanField(label=_("On sale"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, categories: Iterable[Category], custom: Mapping[str, forms.Field] | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["category"].choices = [("", _("None")), *((one.name, one.name) for one in categories)]  # type: ignore[attr-defined]
        self.added = list(custom or {})
        self.fields.update(custom or {})

    @property
    def custom_fields(self) -> list[forms.BoundField]:
        """The fields that the company added."""
        return [self[name] for name in self.added]


class NewProductForm(ProductForm):
    sku = forms.CharField(label=_("SKU"), max_length=80, help_text=_("The till's number of this product."))
    version = None  # type: ignore[assignment]
    is_active = None  # type: ignore[assignment]
    field_order = ("sku", "name", "category", "price", "cost", "currency")


class LinkForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=ProductLink.Kind.choices)
    other = forms.CharField(label=_("SKU of the other product"), max_length=80)


class CategoryForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    parent = forms.ChoiceField(label=_("Inside"), required=False)

    def __init__(self, *args: Any, categories: Iterable[Category], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["parent"].choices = [("", _("None")), *((str(one.pk), one.name) for one in categories)]  # type: ignore[attr-defined]


class BranchForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Decides the business date of its receipts."))
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    is_active = forms.BooleanField(label=_("Open"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = {code for code, _name in HOME_ZONES}
        places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix")))
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            (_("Indonesia"), list(HOME_ZONES)),
            (_("Elsewhere"), [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places if name not in known)]),
        ]


class NewBranchForm(BranchForm):
    code = forms.CharField(label=_("Code"), max_length=60, help_text=_("The name that tills send with each receipt."))
    is_active = None  # type: ignore[assignment]
    field_order = ("code", "name", "channel", "zone", "city")


class ClosingForm(CurrencyMixin, forms.Form):
    """What the till of a branch says about one business day."""

    branch = forms.ChoiceField(label=_("Branch"))
    business_on = _day(_("Business date"), required=True)
    receipts = forms.IntegerField(label=_("Receipts"), min_value=0, max_value=10**6)
    total = _amount(_("Total"), help_text=_("All documents of the day: sales less returns, with tax."))
    currency = _currency()

    def __init__(self, *args: Any, branches: Iterable[Branch], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["branch"].choices = [(one.code, one.name) for one in branches]  # type: ignore[attr-defined]


class RateForm(CurrencyMixin, forms.Form):
    """What one unit of a currency is worth from a day on."""

    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3)
    on = _day(_("From"), required=True)
    rate = TypedDecimalField(
        label=_("One is worth"),
        max_digits=24,
        decimal_places=12,
        min_value=Decimal("0.000000000001"),
        help_text=_("In the reporting currency, for example 16250 for one US dollar."),
    )

    def clean_currency(self) -> str:
        code = super().clean_currency()
        if code == settings.CURRENCY:
            raise ValidationError(_("This is the reporting currency itself."))
        return code
