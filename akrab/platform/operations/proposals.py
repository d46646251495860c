"""What agents propose, and what people make of it: approving runs the ordinary operation in the approver's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.agents.calling import CHOSEN
from akrab.platform.agents.facts import AgentToolsChosen, ProposalDecided, ProposalMade
from akrab.platform.agents.models import AgentCall, Proposal
from akrab.platform.agents.tools import Proposable, all_tools, proposables
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.journal import entries
from akrab.platform.models import Setting
from akrab.platform.operation import operation, require
from akrab.platform.refusal import Forbidden, NotFound, Refusal
from akrab.platform.rights.limits import demand

ENTRANCE = "proposal"
OPEN_MOST = 200


class AlreadyDecided(Refusal):
    code = "already_decided"
    message = _("Somebody has decided this already.")


class TooManyProposals(Refusal):
    code = "too_many_proposals"
    message = _("%(most)s proposals wait for a decision. Decide some first.")


@operation(may="platform.propose")
def propose(
    *,
    by: Actor,
    kind: str,
    payload: Mapping[str, Any],
    at: datetime,
    customer_id: UUID | None = None,
    seen: Mapping[str, Any] | None = None,
    reason: str = "",
) -> ProposalMade:
    """Keep what an agent would do; nothing else happens until a person approves."""
    if kind not in proposables():
        raise NotFound
    if customer_id is not None:
        demand(by, "customers.customer", [customer_id], "read")
    person = UUID(by.person or by.id)
    if Proposal.objects.filter(person_id=person, status="open").count() >= OPEN_MOST:
        raise TooManyProposals(most=OPEN_MOST)
    made = Proposal.objects.create(
        kind=kind, customer_id=customer_id, person_id=person, agent=by.label, payload=dict(payload),
        seen=dict(seen or {}), reason=reason.strip()[:500], made_at=at,
    )  # fmt: skip
    fact = ProposalMade(proposal_id=made.pk, at=at, kind=kind)
    record([fact], by=by)
    return fact


@operation(may="platform.decide_proposals")
def approve_proposal(*, by: Actor, proposal_id: UUID, at: datetime) -> Proposal:
    """Do what was proposed, as the approver: their role, their limits, their entry in the journal."""
    proposal, kind = _open(by, proposal_id)
    before = entries.latest()
    kind.apply(by.through(ENTRANCE), proposal, at)
    entry = entries.latest()
    proposal.entry_id = entry if entry != before else None
    return _decide(proposal, "approved", by, at)


@operation(may="platform.decide_proposals")
def decline_proposal(*, by: Actor, proposal_id: UUID, at: datetime) -> Proposal:
    """Leave everything as it is."""
    proposal, _kind = _open(by, proposal_id)
    return _decide(proposal, "declined", by, at)


@operation(may="platform.manage_agents")
def choose_tools(*, by: Actor, tools: Sequence[str], at: datetime) -> AgentToolsChosen:
    """Say which tools agents may use; what is not named is off."""
    wanted = sorted(set(tools) & set(all_tools()))
    Setting.objects.update_or_create(name=CHOSEN, defaults={"value": wanted})
    fact = AgentToolsChosen(choice_id=new_id(), at=at, tools=wanted)
    record([fact], by=by)
    return fact


@operation(may="platform.keep_house")
def forget_agents(*, by: Actor, before: datetime) -> int:
    """Clear the log of calls, and what was proposed and decided, before a moment."""
    calls, _counts = AgentCall.objects.filter(at__lt=before).delete()
    decided, _counts = Proposal.objects.filter(decided_at__lt=before).delete()
    return calls + decided


def _open(by: Actor, proposal_id: UUID) -> tuple[Proposal, Proposable]:
    if by.kind == "agent":
        raise Forbidden(verb="platform.decide_proposals")
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if proposal is None or proposal.kind not in proposables():
        raise NotFound
    if proposal.customer_id is not None:
        demand(by, "customers.customer", [proposal.customer_id], "read")
    kind = proposables()[proposal.kind]
    require(by, kind.may)
    if proposal.status != "open":
        raise AlreadyDecided
    return proposal, kind


def _decide(proposal: Proposal, status: str, by: Actor, at: datetime) -> Proposal:
    proposal.status, proposal.decided_at = status, at
    proposal.decided_by_id = UUID(by.person or by.id) if by.kind in {"person", "key"} else None
    proposal.save(update_fields=["status", "decided_at", "decided_by", "entry_id"])
    record([ProposalDecided(proposal_id=proposal.pk, at=at, kind=proposal.kind, status=status)], by=by)
    return proposal


def erase_proposals(customer_id: UUID, texts: Sequence[str]) -> int:
    """Remove what agents proposed about a person, and calls that name them."""
    gone = fetch("DELETE FROM platform_proposal WHERE customer_id = %s RETURNING 1", [customer_id])
    words = ["%" + one.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for one in (str(customer_id), *texts)]
    gone += fetch("DELETE FROM platform_agentcall WHERE arguments::text ILIKE ANY(%s) RETURNING 1", [words])
    return len(gone)
