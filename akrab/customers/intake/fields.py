"""The columns that a file of customers may have, and the settings of such a file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from akrab.platform.importing.kinds import Choice
from akrab.platform.importing.offering import usual_zone, zones
from akrab.platform.tabular.matching import Field
from akrab.platform.tabular.sentences import gettext_noop

IDENTIFIERS = {
    "customer_id": "external", "card": "card", "phone": "phone", "whatsapp": "whatsapp", "email": "email",
}  # fmt: skip

FIELDS = (
    Field("name", gettext_lazy("Name"), synonyms=("fn",)),
    Field("given_name", gettext_lazy("Given name")),
    Field("family_name", gettext_lazy("Family name")),
    Field("honorific", gettext_lazy("Title before the name"), synonyms=("honorific", "salutation", "prefix", "sapaan", "gelar")),
    Field("company", gettext_lazy("Company, when the row is about a company")),
    Field("kind", gettext_lazy("Person or company"), synonyms=("customer kind", "customer type", "jenis pelanggan")),
    Field("customer_id", gettext_lazy("Customer id"), "code", ("uid",)),
    Field("card", gettext_lazy("Loyalty card"), "code", ("loyalty card", "kartu member", "no kartu")),
    Field("phone", gettext_lazy("Phone"), "phone", ("phones",), many=True),
    Field("whatsapp", gettext_lazy("WhatsApp"), "phone", ("whatsapp", "wa", "no wa"), many=True),
    Field("email", gettext_lazy("E-mail"), "email", ("emails",), many=True),
    Field("address", gettext_lazy("Address"), many=True),
    Field("city", gettext_lazy("City")),
    Field("region", gettext_lazy("Province")),
    Field("postal_code", gettext_lazy("Postal code"), "code"),
    Field("country", gettext_lazy("Country")),
    Field("born_on", gettext_lazy("Date of birth"), "date", meaning="birthday"),
    Field("registered_on", gettext_lazy("Customer since"), "moment"),
)

SETTINGS = (
    Choice(
        "kind",
        gettext_lazy("What the rows are, when no column says it"),
        "person",
        (("person", gettext_lazy("People")), ("company", gettext_lazy("Companies"))),
    ),
    Choice("zone", gettext_lazy("Time zone of the file"), offers=zones, usual=usual_zone, rare=True),
    Choice("source", gettext_lazy("Name of the system that the file comes from; it keeps its customer ids apart"), rare=True),
)


def lacking(fields: frozenset[str]) -> str:
    """What a mapping must still name before customers can be made of the rows."""
    if fields & {"name", "given_name", "family_name", "company", *IDENTIFIERS}:
        return ""
    return gettext_noop("No column looks like a name, e-mail address, phone number or customer id. Say which columns they are.")
