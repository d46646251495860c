"""Proposals of agents for those who may decide, and the log of what agents asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from akrab.platform.actor import Actor
from akrab.platform.agents.models import AgentCall, Proposal
from akrab.platform.agents.tools import proposables
from akrab.platform.operation import require
from akrab.platform.rights.fields import unreadable
from akrab.platform.rights.limits import reachable

SHOWN = 100
CLOSED = "•••"


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal with its changes as the reader may see them: label, before, after."""

    proposal: Proposal
    title: str | Promise
    icon: str
    changes: list[tuple[str, str, str]]
    link: str = ""


def list_proposals(*, by: Actor, status: str = "open") -> list[ProposalLine]:
    """The newest proposals about what the actor may see and decide."""
    require(by, "platform.decide_proposals")
    known = {name: kind for name, kind in proposables().items() if by.may(kind.may)}
    found = list(
        Proposal.objects.filter(status=status, kind__in=known).select_related("person", "decided_by").order_by("-pk")[:SHOWN]
    )
    seen = reachable(by, "customers.customer", [one.customer_id for one in found if one.customer_id])
    closed = unreadable(by, "customers.customer")
    lines = []
    for one in found:
        if one.customer_id is None or one.customer_id in seen:
            kind = known[one.kind]
            changes = [_change(str(kind.labels.get(name, name)), name, one, closed) for name in one.payload]
            lines.append(ProposalLine(one, kind.title, kind.icon, changes, kind.link(one.customer_id) if one.customer_id else ""))
    return lines


def _change(label: str, name: str, proposal: Proposal, closed: Any) -> tuple[str, str, str]:
    if name in closed:
        return label, CLOSED, CLOSED
    return label, str(proposal.seen.get(name) or ""), str(proposal.payload[name] or "")


def recent_calls(*, by: Actor) -> list[AgentCall]:
    """The newest calls of all agents."""
    require(by, "platform.manage_agents")
    return list(AgentCall.objects.select_related("person").order_by("-at", "-pk")[:SHOWN])
