"""Editing a customer: edits of different fields merge, two edits of one field are shown to the later editor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import CustomerEdited
from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.operations.identifying import find_and_lock, point_to
from akrab.platform.actor import Actor
from akrab.platform.bulk import current_xid
from akrab.platform.customizing.fields import PREFIX, is_custom
from akrab.platform.customizing.writing import checked, in_fact, merged, split
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, Refusal, StaleVersion
from akrab.platform.rights.fields import demand_editable

EDITABLE = (
    "kind",
    "display_name",
    "honorific",
    "given_name",
    "family_name",
    "email",
    "phone",
    "address",
    "city",
    "country",
    "born_on",
)
IDENTIFYING = ("email", "phone")


class EditConflict(Refusal):
    """`fields` maps each field that somebody else changed to (as it was, theirs, mine)."""

    code = "edit_conflict"
    message = _("Somebody else changed the same fields while you were editing. Nothing was saved yet.")

    def __init__(self, fields: Mapping[str, tuple[Any, Any, Any]]) -> None:
        self.fields = dict(fields)
        super().__init__()


@operation(may="customers.edit_customers", journal=_("Edited %(subject)s"))
def edit_customer(
    *,
    by: Actor,
    customer_id: UUID,
    changes: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
    was: Mapping[str, Any] | None = None,
) -> CustomerEdited:
    """Give fields of a customer new values.

    With `was` (what the editor saw), fields that somebody else changed meanwhile are kept unless this edit changes them
    too: then it is an `EditConflict`. With only a `version`, any change since is a `StaleVersion`.
    """
    customer = find_and_lock(customer_id, by=by)
    built_in, added = split(changes)
    demand_editable(by, CUSTOMER.name, changes)
    wanted = _checked(built_in) | checked(CUSTOMER.name, added, by=by, was=customer.custom, owner=customer_id)
    if was is None and version is not None and version != customer.version:
        raise StaleVersion
    clashes = _clashes(customer, wanted, was or {})
    if clashes:
        raise EditConflict(clashes)
    kept = {name: value for name, value in wanted.items() if _differs(customer, name, value, was)}
    fact = CustomerEdited(
        customer_id=customer.pk,
        edited_at=at,
        changes={name: [_text(_of(customer, name)), _text(value)] for name, value in kept.items()},
    )
    if kept:
        _apply(customer, kept, by=by, at=at)
        record([fact], by=by)
    return fact


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise Invalid({name: str(_("This field cannot be edited.")) for name in unknown})
    wanted = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    if "display_name" in wanted and not wanted["display_name"]:
        raise Invalid({"display_name": str(_("A customer needs a name."))})
    return wanted


def _clashes(customer: Customer, wanted: Mapping[str, Any], was: Mapping[str, Any]) -> dict[str, tuple[Any, Any, Any]]:
    return {
        name: (was[name], _of(customer, name), mine)
        for name, mine in wanted.items()
        if name in was and mine != was[name] and _of(customer, name) not in (was[name], mine)
    }


def _differs(customer: Customer, name: str, value: Any, was: Mapping[str, Any] | None) -> bool:
    """Whether the editor meant to change this field, and it is not so already."""
    return bool(value != _of(customer, name) and (was is None or name not in was or value != was[name]))


def _apply(customer: Customer, kept: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    built_in, added = split(kept)
    for name, value in built_in.items():
        setattr(customer, name, value)
        if name in IDENTIFYING and value:
            point_to(customer.pk, name, value, by=by, at=at)
    customer.custom = merged(customer.custom, added)
    customer.version += 1
    customer.changed_at, customer.changed_xid = at, current_xid()
    customer.save(update_fields=[*built_in, *(["custom"] if added else []), "version", "changed_at", "changed_xid"])


def _of(customer: Customer, name: str) -> Any:
    """The stored value of a field, built in or custom."""
    return customer.custom.get(name.removeprefix(PREFIX)) if is_custom(name) else getattr(customer, name)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else in_fact(value)
