"""Choosing customers and people in forms: searched on the server, what is ticked stays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from akrab.collaboration.queries.people import people_called, people_named
from akrab.customers.public import CustomerCard, customer_cards, find_customers
from akrab.platform.actor import Actor
from akrab.platform.middleware import actor_of
from akrab.platform.web import Request, fragment


def customers(request: Request) -> HttpResponse:
    """The ticked customers, then those whom the words find."""
    chosen = chosen_customers(request.actor, request.GET.getlist("customers"))
    known = {one.id for one in chosen}
    found = find_customers(by=request.actor, words=request.GET.get("customer_words", ""))
    return fragment(
        request, "collaboration.customer-choices", chosen=chosen, found=[one for one in found if one.id not in known][:8]
    )


def people(request: Request) -> HttpResponse:
    """The ticked people, then those whom the words find; `name` is the field, `many` lets several be ticked."""
    if request.GET.get("as") == "options":
        return fragment(request, "collaboration.mention-options", people=_options(request))
    name = "attendees" if request.GET.get("many") else "assignee"
    picked = people_named(by=request.actor, ids=ids_of(request.GET.getlist(name)))
    chosen = [{"id": pk, "name": label} for pk, label in picked.items()]
    words = request.GET.get("person_words", "")
    found = [{"id": one.pk, "name": str(one)} for one in people_called(by=request.actor, words=words) if one.pk not in picked]
    return fragment(
        request,
        "collaboration.person-choices",
        chosen=chosen,
        found=found if words.strip() else [],
        name=name,
        many="yes" if name == "attendees" else "",
    )


def _options(request: Request) -> list[dict[str, Any]]:
    """Whom a note may name; who cannot see customers is marked, because the note would be closed to them."""
    words = request.GET.get("person_words", "").strip()
    found = people_called(by=request.actor, words=words) if words else []
    return [
        {"id": one.pk, "name": str(one), "warning": "" if actor_of(one).may("customers.view_customers") else _("has no access")}
        for one in found
    ]


def chosen_customers(by: Actor, ids: Iterable[Any]) -> list[CustomerCard]:
    """The cards of these customers in the order given; what is no id, or not visible, is left out."""
    wanted = ids_of(ids)
    cards = customer_cards(by=by, customer_ids=wanted)
    return [cards[one] for one in dict.fromkeys(wanted) if one in cards]


def ids_of(values: Iterable[Any]) -> list[UUID]:
    found = []
    for one in values:
        try:
            found.append(UUID(str(one)))
        except ValueError:
            continue
    return found
