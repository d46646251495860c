"""Registering a customer by hand, when somebody stands at the counter or calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import CustomerRegistered
from akrab.customers.models import CUSTOMER, Customer, Stage
from akrab.customers.operations.editing import EDITABLE, IDENTIFYING
from akrab.customers.operations.identifying import point_to
from akrab.platform.actor import Actor
from akrab.platform.bulk import current_xid, fetch
from akrab.platform.customizing.writing import created, split
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, Refusal
from akrab.platform.rights.limits import is_limited
from akrab.platform.rights.standing import person_of


class LooksLikeAnother(Refusal):
    code = "looks_like_another"
    message = _("Somebody is called exactly so already, and a rule of duplicates refuses a second one.")


def _refuse_namesake(name: str, kind: str) -> None:
    """Only while a rule says so: by default people share names."""
    refused = "SELECT 1 FROM customers_duplicaterule WHERE kind = %s AND field IN ('name', 'company') AND on_entry = 'block'"
    if fetch(f"{refused} AND is_active", [kind]) and fetch(
        "SELECT 1 FROM customers_customer WHERE name_key = akrab_normal(%s) AND kind = %s AND trashed_at IS NULL LIMIT 1",
        [name, kind],
    ):
        raise LooksLikeAnother


def keeping(by: Actor) -> dict[str, Any]:
    """Who owns a customer that the actor registers: they themselves, when they would not see it otherwise."""
    person = person_of(by)
    if person is None or not is_limited(by, CUSTOMER.name):
        return {}
    return {"owner_id": person, "people": [person]}


@operation(may="customers.register_customers", journal=_("Added %(subject)s"))
def register_customer(
    *, by: Actor, fields: Mapping[str, Any], at: datetime, identifiers: Mapping[str, str] | None = None
) -> CustomerRegistered:
    """Add a person or company; its e-mail, phone and other identifiers must not belong to somebody else."""
    given = {name: fields[name] for name in EDITABLE if fields.get(name)}
    name = str(given.get("display_name", "")).strip()
    if not name:
        raise Invalid({"display_name": str(_("A customer needs a name."))})
    _refuse_namesake(name, str(given.get("kind") or Customer.Kind.PERSON))
    custom = created(CUSTOMER.name, split(fields)[1], by=by)
    customer = Customer(
        **{**given, "display_name": name},
        **keeping(by),
        custom=custom,
        stage=Stage.PROSPECT,
        source=by.entrance,
        registered_at=at,
        changed_at=at,
        changed_xid=current_xid(),
    )
    customer.save(force_insert=True)
    pointing = {kind: given[kind] for kind in IDENTIFYING if kind in given} | dict(identifiers or {})
    for kind, value in pointing.items():
        if value:
            point_to(customer.pk, kind, value, by=by, at=at)
    fact = CustomerRegistered(customer_id=customer.pk, registered_at=at, name=name, kind=customer.kind, through=by.entrance)
    record([fact], by=by)
    return fact
