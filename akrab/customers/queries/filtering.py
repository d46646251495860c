"""What filters may ask of customers: own fields, identifiers, purchases, measures, who owns them, consent."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from akrab.customers.models import CUSTOMER, Customer, Identifier, Stage, Trait
from akrab.customers.tables.consent import Channel, ConsentEvent
from akrab.platform import money
from akrab.platform.actor import Actor
from akrab.platform.customizing.listing import filter_fields
from akrab.platform.listing.filtering import Filterable, FilterField, column, moment
from akrab.platform.listing.tree import FilterUnreadable
from akrab.platform.queries.organization import names_of_people
from akrab.platform.rights.conditions import as_q
from akrab.platform.rights.limits import scope_named
from akrab.platform.rights.standing import belonging_of
from akrab.platform.templatetags.shell import number

WHOSE = (("mine", _("me")), ("team", _("my team")), ("nobody", _("nobody")))


SEGMENTS = {
    "champions": _("Champion"),
    "loyal": _("Loyal customer"),
    "potential_loyal": _("Could become loyal"),
    "new": _("New customer"),
    "promising": _("Promising"),
    "needs_attention": _("Needs attention"),
    "about_to_sleep": _("About to sleep"),
    "at_risk": _("At risk"),
    "cannot_lose": _("Must not be lost"),
    "lost": _("Lost"),
}


def _number(word: str) -> str:
    return number(Decimal(word))


def _minor(units: Decimal) -> int:
    return int(units * 10 ** money.exponent(settings.CURRENCY))


def _identifier(kind: str) -> Callable[[str, Any, Actor], Q]:
    def meets(operator: str, value: Any, by: Actor) -> Q:
        known = Q(pk__in=Identifier._default_manager.filter(kind=kind).values("customer_id"))
        return known if operator == "any" else ~known

    return meets


def _trait(name: str) -> Callable[[str, Any, Actor], Q]:
    def meets(operator: str, value: Any, by: Actor) -> Q:
        wanted: dict[str, dict[str, Any]] = {
            "is": {"text__in": value},
            "not": {"text__in": value},
            "min": {"number__gte": value},
            "max": {"number__lte": value},
        }
        known = Q(pk__in=Trait._default_manager.filter(name=name, **wanted[operator]).values("customer_id"))
        return ~known if operator == "not" else known

    return meets


def _owner(operator: str, value: Any, by: Actor) -> Q:
    found = Q(pk__in=[])
    for one in value:
        if one == "nobody":
            found |= Q(owner=None)
        elif one in {"mine", "team"}:
            found |= as_q(scope_named(belonging_of(by), CUSTOMER, {"mine": "own"}.get(one, one), by=by))
        else:
            try:
                found |= Q(owner_id=UUID(one))
            except ValueError as problem:
                raise FilterUnreadable(where=one[:60]) from problem
    return found if operator == "is" else ~found


def _consent(operator: str, value: Any, by: Actor) -> Q:
    """The latest word for any purpose on one of the channels is a consent."""
    if not set(value) <= set(Channel.values):
        raise FilterUnreadable(where="|".join(value)[:60])
    latest = ConsentEvent._default_manager.filter(
        customer=OuterRef("customer"), channel=OuterRef("channel"), purpose=OuterRef("purpose")
    ).order_by("-at", "-id")
    granted = ConsentEvent._default_manager.filter(channel__in=value, state="granted", pk=Subquery(latest.values("pk")[:1]))
    known = Q(pk__in=granted.values("customer_id"))
    return known if operator == "is" else ~known


def _segments(by: Actor) -> list[tuple[str, Any]]:
    return list(SEGMENTS.items())


def _person(word: str) -> str:
    try:
        return names_of_people([UUID(word)]).get(UUID(word), word)
    except ValueError:
        return word


_FIELDS = (
    FilterField("name", _("Name"), "text", column("display_name"), operators=("is", "not", "has")),
    FilterField("kind", _("Kind"), "choice", column("kind"), options=lambda by: Customer.Kind.choices),
    FilterField("stage", _("Stage"), "choice", column("stage"), options=lambda by: Stage.choices),
    FilterField("city", _("City"), "text", column("city"), "city"),
    FilterField("country", _("Country"), "text", column("country"), "country"),
    FilterField("email", _("E-mail"), "there", column("email"), "email"),
    FilterField("phone", _("Phone"), "there", column("phone"), "phone"),
    FilterField("card", _("Loyalty card"), "there", _identifier("card"), "card"),
    FilterField("purchases", _("Purchases"), "number", column("purchase_count"), "purchases", shown=_number),
    FilterField("spend", _("Spend"), "number", column("spend", scale=_minor), "spend", shown=_number),
    FilterField("last", _("Last purchase"), "day", moment("last_purchase_at"), "purchases"),
    FilterField("since", _("First purchase"), "day", moment("first_purchase_at"), "purchases"),
    FilterField("registered", _("Registered"), "day", moment("registered_at"), operators=("within", "before", "from", "until")),
    FilterField("segment", _("Segment"), "choice", _trait("rfm_segment"), "traits", options=_segments),
    FilterField("interval", _("Days between purchases"), "number", _trait("purchase_interval"), "traits"),
    FilterField("owner", _("Owner"), "choice", _owner, options=lambda by: WHOSE, shown=_person),
    FilterField("consent", _("Consent by"), "choice", _consent, options=lambda by: Channel.choices),
)
FILTERABLE = Filterable(CUSTOMER.name, {one.name: one for one in _FIELDS}, lambda: filter_fields(CUSTOMER.name))
