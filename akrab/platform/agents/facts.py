"""What can have happened between agents and people."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("platform.proposal_made", subject="proposal", audited=False)
class ProposalMade:
    """An agent proposed something; a person decides."""

    proposal_id: UUID
    at: datetime
    kind: str


@fact("platform.proposal_decided", subject="proposal")
class ProposalDecided:
    """A person approved or declined what an agent proposed."""

    proposal_id: UUID
    at: datetime
    kind: str
    status: str


@fact("platform.agent_tools_chosen", subject="choice")
class AgentToolsChosen:
    """An administrator chose the tools that agents may use."""

    choice_id: UUID
    at: datetime
    tools: list[str]
