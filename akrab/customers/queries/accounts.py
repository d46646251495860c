"""Who works for a customer, and whether two people work the same prospect without knowing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from akrab.customers.models import AccountMember, Customer
from akrab.customers.queries.profiles import get_customer
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.queries.organization import names_of_people, names_of_teams

SAME_PROSPECT = timedelta(days=14)

_WORKED = """
SELECT DISTINCT actor_id FROM platform_fact
WHERE customer_id = %s AND actor_kind = 'person' AND entrance = 'page' AND occurred_at >= %s AND occurred_at <= %s
"""


@dataclass(frozen=True, slots=True)
class Account:
    """The people of a customer; `rivals` worked on the same prospect lately, when there are two or more."""

    customer: Customer
    owner: str
    team: str
    members: Sequence[tuple[UUID, str, str]]
    rivals: Sequence[str]


def account_of(*, by: Actor, customer_id: UUID, at: datetime) -> Account:
    """Owner, office and account team of a customer."""
    customer = get_customer(by=by, customer_id=customer_id)
    members = list(AccountMember._default_manager.filter(customer=customer_id).order_by("since", "pk"))
    worked = _workers(customer, at=at)
    people = names_of_people({*(one.person_id for one in members), *worked, *([customer.owner_id] if customer.owner_id else [])})
    teams = names_of_teams([customer.team_id] if customer.team_id else [])
    return Account(
        customer,
        people.get(customer.owner_id, "") if customer.owner_id else "",
        teams.get(customer.team_id, "") if customer.team_id else "",
        [(one.person_id, people[one.person_id], str(AccountMember.Role(one.role).label)) for one in members],
        sorted(people[one] for one in worked if one in people) if len(worked) > 1 else [],
    )


def _workers(customer: Customer, *, at: datetime) -> set[UUID]:
    """Who did something for a prospect within the last days."""
    if customer.stage not in {"prospect", "lead"}:
        return set()
    found = set()
    for (word,) in fetch(_WORKED, [customer.pk, at - SAME_PROSPECT, at]):
        try:
            found.add(UUID(word))
        except ValueError:
            continue
    return found
