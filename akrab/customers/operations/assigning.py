"""Who works for a customer: its owner, its office, and the people beside the owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import AccountTeamChanged, CustomerAssigned
from akrab.customers.models import CUSTOMER, AccountMember
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.operation import operation
from akrab.platform.queries.organization import names_of_people, names_of_teams
from akrab.platform.refusal import Invalid, Refusal
from akrab.platform.rights.limits import demand
from akrab.platform.rights.sharing import drop_shares
from akrab.platform.rights.standing import person_of

PART = 5000

_PEOPLE = (
    "(SELECT array_agg(p ORDER BY p) FROM (SELECT {owner}::uuid AS p "
    "UNION SELECT m.person_id FROM customers_accountmember m WHERE m.customer_id = c.id) AS who WHERE p IS NOT NULL)"
)
_ASSIGN = f"""
UPDATE customers_customer c SET
    owner_id = CASE WHEN %(sets_owner)s THEN %(owner)s ELSE c.owner_id END,
    team_id = CASE WHEN %(sets_team)s THEN %(team)s ELSE c.team_id END,
    people = CASE WHEN %(sets_owner)s THEN {_PEOPLE.format(owner="%(owner)s")} ELSE c.people END,
    version = c.version + 1, changed_at = %(at)s, changed_xid = pg_current_xact_id()::text::bigint
FROM (SELECT id, owner_id, team_id FROM customers_customer WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE) AS b
WHERE c.id = b.id AND ((%(sets_owner)s AND b.owner_id IS DISTINCT FROM %(owner)s)
    OR (%(sets_team)s AND b.team_id IS DISTINCT FROM %(team)s))
RETURNING c.id, b.owner_id, b.team_id, c.owner_id, c.team_id
"""


class SomebodyOwnsIt(Refusal):
    code = "somebody_owns_it"
    message = _("Somebody owns this customer already. Whoever assigns customers can hand it over.")


@operation(may="customers.assign_customers", journal=_("Assigned %(subject)s"))
def assign_customers(
    *, by: Actor, customer_ids: Sequence[UUID], change: Mapping[str, UUID | None], at: datetime, keep_shares: bool = True
) -> list[CustomerAssigned]:
    """Give customers another `owner`, another `team` (office), or both; None takes it away. What is so already stays."""
    return _assign(customer_ids, change, keep_shares=keep_shares, by=by, at=at)


@operation(may="customers.edit_customers", journal=_("Took %(subject)s"))
def take_customers(*, by: Actor, customer_ids: Sequence[UUID], at: datetime) -> list[CustomerAssigned]:
    """Become the owner of customers who have none."""
    person = person_of(by)
    if person is None:
        raise Invalid({"owner": str(_("Only a person can own a customer."))})
    demand(by, CUSTOMER.name, customer_ids)
    held = fetch(
        "SELECT 1 FROM (SELECT owner_id FROM customers_customer WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE) AS c "
        "WHERE owner_id IS NOT NULL AND owner_id <> %s",
        [list(customer_ids), person],
    )
    if held:
        raise SomebodyOwnsIt
    return _assign(customer_ids, {"owner": person}, by=by, at=at)


@operation(may="customers.assign_customers", journal=_("Handed customers over"))
def hand_over_customers(*, by: Actor, from_id: UUID, to_id: UUID, at: datetime) -> int:
    """Everything that one person owns or works on becomes another's; returns how many customers changed hands."""
    names_of_people([to_id], active=True)
    rows = fetch("SELECT id FROM customers_customer WHERE people && ARRAY[%s]::uuid[] ORDER BY id FOR UPDATE", [from_id])
    ids = [row[0] for row in rows]
    demand(by, CUSTOMER.name, ids)
    fetch(
        "UPDATE customers_accountmember m SET person_id = %(to)s WHERE person_id = %(from)s AND NOT EXISTS "
        "(SELECT 1 FROM customers_accountmember o WHERE o.customer_id = m.customer_id AND o.person_id = %(to)s)",
        {"from": from_id, "to": to_id},
    )
    fetch("DELETE FROM customers_accountmember WHERE person_id = %s", [from_id])
    owned = [row[0] for row in fetch("SELECT id FROM customers_customer WHERE owner_id = %s ORDER BY id", [from_id])]
    for start in range(0, len(owned), PART):
        _assign(owned[start : start + PART], {"owner": to_id}, by=by, at=at)
    _note_people(sorted(set(ids) - set(owned)))
    return len(ids)


@operation(may="customers.assign_customers", journal=_("Account team of %(subject)s"))
def join_accounts(
    *, by: Actor, customer_ids: Sequence[UUID], person_id: UUID, role: str, at: datetime, team_id: UUID | None = None
) -> list[AccountTeamChanged]:
    """Put a person beside the owner of customers, with a role there; said again, it renews the role."""
    if role not in AccountMember.Role.values:
        raise Invalid({"role": str(_("There is no such role."))})
    names = names_of_people([person_id], active=True)
    names_of_teams([team_id] if team_id else [])
    demand(by, CUSTOMER.name, customer_ids)
    said = fetch(
        "INSERT INTO customers_accountmember AS m (id, customer_id, person_id, role, team_id, since) "
        "SELECT n.id, c.id, %(person)s, %(role)s, %(team)s, %(at)s "
        "FROM unnest(%(new)s::uuid[], %(ids)s::uuid[]) AS n(id, customer) JOIN customers_customer c ON c.id = n.customer "
        "WHERE c.owner_id IS DISTINCT FROM %(person)s "
        "ON CONFLICT (customer_id, person_id) DO UPDATE SET role = excluded.role, team_id = excluded.team_id "
        "WHERE (m.role, m.team_id) IS DISTINCT FROM (excluded.role, excluded.team_id) RETURNING m.customer_id",
        {
            "new": [new_id() for _one in customer_ids],
            "ids": list(customer_ids),
            "person": person_id,
            "role": role,
            "team": team_id,
            "at": at,
        },
    )
    return _joined([row[0] for row in said], person_id, names[person_id], role, by=by, at=at)


@operation(may="customers.assign_customers", journal=_("Account team of %(subject)s"))
def leave_accounts(*, by: Actor, customer_ids: Sequence[UUID], person_id: UUID, at: datetime) -> list[AccountTeamChanged]:
    """Take a person out of the account team of customers."""
    demand(by, CUSTOMER.name, customer_ids)
    gone = fetch(
        "DELETE FROM customers_accountmember WHERE customer_id = ANY(%s::uuid[]) AND person_id = %s RETURNING customer_id, role",
        [list(customer_ids), person_id],
    )
    name = names_of_people([person_id])[person_id]
    return _joined([row[0] for row in gone], person_id, name, gone[0][1] if gone else "", ended=True, by=by, at=at)


def _assign(
    customer_ids: Sequence[UUID],
    change: Mapping[str, UUID | None],
    *,
    by: Actor,
    at: datetime,
    keep_shares: bool = True,
) -> list[CustomerAssigned]:
    unknown = sorted(set(change) - {"owner", "team"})
    if unknown or not change:
        raise Invalid(dict.fromkeys(unknown or ["owner"], str(_("Say an owner, a team, or both."))))
    demand(by, CUSTOMER.name, customer_ids)
    owner, team = change.get("owner"), change.get("team")
    names_of_people([owner] if owner else [], active=True)
    names_of_teams([team] if team else [], active=True)
    if owner:
        fetch(
            "DELETE FROM customers_accountmember WHERE customer_id = ANY(%s::uuid[]) AND person_id = %s",
            [list(customer_ids), owner],
        )
    values: dict[str, Any] = {
        "ids": list(customer_ids), "owner": owner, "team": team, "at": at,
        "sets_owner": "owner" in change, "sets_team": "team" in change,
    }  # fmt: skip
    rows = fetch(_ASSIGN, values)
    people = names_of_people({one for row in rows for one in (row[1], row[3]) if one})
    teams = names_of_teams({one for row in rows for one in (row[2], row[4]) if one})
    facts = [
        CustomerAssigned(
            customer_id=customer,
            assigned_at=at,
            owner_id=now_owner,
            owner_name=people.get(now_owner, ""),
            owner_before=people.get(was_owner, ""),
            team_id=now_team,
            team_name=teams.get(now_team, ""),
            team_before=teams.get(was_team, ""),
        )
        for customer, was_owner, was_team, now_owner, now_team in rows
    ]
    record(facts, by=by)
    if not keep_shares:
        drop_shares(CUSTOMER.name, [row[0] for row in rows], at=at)
    return facts


def _joined(
    ids: Sequence[UUID], person_id: UUID, name: str, role: str, *, by: Actor, at: datetime, ended: bool = False
) -> list[AccountTeamChanged]:
    _note_people(ids)
    facts = [
        AccountTeamChanged(customer_id=one, changed_at=at, person_id=person_id, person_name=name, role=role, ended=ended)
        for one in ids
    ]
    record(facts, by=by)
    return facts


def _note_people(ids: Sequence[UUID]) -> None:
    """Everybody who works for these customers, beside the customer itself, where rules look."""
    if ids:
        fetch(
            f"UPDATE customers_customer c SET people = {_PEOPLE.format(owner='c.owner_id')}, "
            "changed_xid = pg_current_xact_id()::text::bigint WHERE c.id = ANY(%s::uuid[])",
            [list(ids)],
        )
