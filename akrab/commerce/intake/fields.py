"""The columns that a file of receipts may have, and the settings of such a file."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akrab.commerce.models import Channel
from akrab.commerce.queries.shelves import all_branches
from akrab.platform.actor import Actor
from akrab.platform.importing.kinds import Choice, OfferGroup
from akrab.platform.importing.offering import currencies, usual_currency, usual_zone, zones
from akrab.platform.refusal import source_text
from akrab.platform.tabular.matching import Field
from akrab.platform.tabular.sentences import gettext_noop

KEY = ("branch", "receipt", "date", "time", "terminal")
HEADER = (
    "currency",
    "channel",
    "kind",
    "customer_id",
    "phone",
    "email",
    "card",
    "customer",
    "city",
    "country",
    "receipt_total",
    "receipt_discount",
    "shipping",
    "rounding",
    "tender",
    "tenders",
    "original",
    "voided",
    "attribute",
)
LINE = ("line", "sku", "product", "quantity", "price", "amount", "discount", "tax", "cost", "category", "line_kind")

FIELDS = (
    Field("receipt", gettext_lazy("Receipt number"), "code"),
    Field("date", gettext_lazy("Date"), "moment", required=True),
    Field("time", gettext_lazy("Time"), "text", ("time", "jam", "pukul")),
    Field("branch", gettext_lazy("Branch"), "code"),
    Field("terminal", gettext_lazy("Till"), "code", ("till", "terminal", "register", "mesin")),
    Field("sku", gettext_lazy("SKU"), "code"),
    Field("product", gettext_lazy("Product")),
    Field("quantity", gettext_lazy("Quantity"), "decimal"),
    Field("price", gettext_lazy("Unit price"), "money"),
    Field("amount", gettext_lazy("Line amount"), "money"),
    Field("discount", gettext_lazy("Line discount"), "money"),
    Field("tax", gettext_lazy("Line tax"), "money"),
    Field("cost", gettext_lazy("Line cost"), "money", ("cost", "cogs", "hpp", "modal", "harga pokok")),
    Field("category", gettext_lazy("Category"), synonyms=("category", "kategori", "department")),
    Field("line", gettext_lazy("Line number"), "integer", ("line", "line no", "line number", "baris")),
    Field("line_kind", gettext_lazy("Line kind"), synonyms=("line kind", "line type")),
    Field("kind", gettext_lazy("Receipt kind"), synonyms=("kind", "type", "transaction type", "jenis", "tipe")),
    Field("channel", gettext_lazy("Channel")),
    Field("currency", gettext_lazy("Currency"), "code"),
    Field("customer_id", gettext_lazy("Customer id"), "code"),
    Field("phone", gettext_lazy("Phone"), "phone"),
    Field("email", gettext_lazy("E-mail"), "email"),
    Field("card", gettext_lazy("Loyalty card"), "code", ("card", "loyalty card", "kartu", "no kartu")),
    Field("customer", gettext_lazy("Customer name"), meaning="name"),
    Field("city", gettext_lazy("City")),
    Field("country", gettext_lazy("Country")),
    Field("receipt_total", gettext_lazy("Receipt total"), "money", ("receipt total", "total struk", "total nota")),
    Field("receipt_discount", gettext_lazy("Receipt discount"), "money", ("receipt discount", "diskon struk")),
    Field("shipping", gettext_lazy("Shipping"), "money", ("shipping", "freight", "ongkir", "ongkos kirim")),
    Field("rounding", gettext_lazy("Rounding"), "money", ("rounding", "pembulatan")),
    Field("tender", gettext_lazy("Payment method")),
    Field("tenders", gettext_lazy("Payments, as method=amount; method=amount")),
    Field("original", gettext_lazy("Number of the original receipt"), "code", ("original", "original receipt", "struk asal")),
    Field("voided", gettext_lazy("Voided"), "boolean", ("voided", "void", "canceled", "batal", "dibatalkan")),
    Field("attribute", gettext_lazy("Kept as a note of the receipt"), synonyms=("cashier", "kasir"), many=True),
)


def _branches(by: Actor) -> list[OfferGroup]:
    """The branches of the company, by their names."""
    known = [(one.code, one.name if one.name == one.code else f"{one.name} ({one.code})") for one in all_branches(by=by)]
    return [OfferGroup("", [("", _("Choose a branch")), *known])] if known else []


SETTINGS = (
    Choice(
        "branch",
        gettext_lazy("Branch, when no column says it"),
        needed=gettext_lazy("Which branch are these receipts from? Choose a column for it, or a branch below."),
        offers=_branches,
        new=gettext_lazy("Code of a new branch"),
    ),
    Choice("branch_name", gettext_lazy("Its name"), beside="branch"),
    Choice(
        "new_branches",
        gettext_lazy("Branches in the file that are not known yet"),
        "open",
        (("open", gettext_lazy("Open them")), ("ask", gettext_lazy("Ask me first"))),
        on_page="ask",
    ),
    Choice("currency", gettext_lazy("Currency, when no column says it"), offers=currencies, usual=usual_currency),
    Choice("zone", gettext_lazy("Time zone of new branches"), offers=zones, usual=usual_zone, rare=True),
    Choice(
        "channel",
        gettext_lazy("Channel, when no column says it"),
        values=(("", gettext_lazy("As the branch")), *Channel.choices),
        rare=True,
    ),
    Choice(
        "tax_included",
        gettext_lazy("Do prices include tax?"),
        "yes",
        (("yes", gettext_lazy("Yes, they include tax")), ("no", gettext_lazy("No, tax is added"))),
    ),
    Choice("source", gettext_lazy("Name of the system that the file comes from; it keeps its customer ids apart"), rare=True),
    Choice(
        "numbers_with",
        gettext_lazy("Number prefixes and what they mean, for example C=return A=adjustment"),
        rare=True,
    ),
)


LABELS = {one.name: source_text(one.label) for one in FIELDS}


def lacking(fields: frozenset[str]) -> str:
    """What a mapping must still name before receipts can be made of the rows."""
    if "date" not in fields:
        return gettext_noop("Say which column holds the date of the receipt.")
    if not fields & {"price", "amount"}:
        return gettext_noop("Say which column holds the unit price, or the amount of the line.")
    return ""
