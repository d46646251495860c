"""What agents may propose to write down and to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from akrab.collaboration.operations.opening import TaskDraft, open_tasks
from akrab.collaboration.operations.writing import NoteDraft, write_notes
from akrab.platform.actor import Actor
from akrab.platform.agents.models import Proposal
from akrab.platform.agents.tools import Proposable, id_in, proposable, tool
from akrab.platform.operations.proposals import propose
from akrab.platform.refusal import Invalid

TEXT = {"type": "string"}
REASON = {**TEXT, "description": "Why, for the person who decides"}


@tool(
    "propose_note",
    title=_("Propose a note"),
    may="platform.propose",
    arguments={"customer_id": TEXT, "body": TEXT, "reason": REASON},
    required=["customer_id", "body"],
    proposes=True,
)
def propose_note(by: Actor, given: Mapping[str, Any]) -> Any:
    """Propose a note about a customer. It is kept once a person approves it."""
    return _propose(by, "collaboration.note", given, {"body": given["body"]})


@tool(
    "propose_task",
    title=_("Propose a task"),
    may="platform.propose",
    arguments={"customer_id": TEXT, "title": TEXT, "due_on": {**TEXT, "format": "date"}, "reason": REASON},
    required=["customer_id", "title"],
    proposes=True,
)
def propose_task(by: Actor, given: Mapping[str, Any]) -> Any:
    """Propose a task about a customer. It is opened once a person approves it."""
    if given.get("due_on"):
        _day(given["due_on"])
    return _propose(by, "collaboration.task", given, {name: given[name] for name in ("title", "due_on") if given.get(name)})


def _propose(by: Actor, kind: str, given: Mapping[str, Any], payload: Mapping[str, Any]) -> Any:
    made = propose(
        by=by, kind=kind, customer_id=id_in(given, "customer_id"), payload=payload, reason=str(given.get("reason", "")), at=now()
    )
    return {"proposal_id": made.proposal_id, "status": "open"}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as trouble:
        raise Invalid({"due_on": "Write it as 2026-03-31."}) from trouble


def apply_note(by: Actor, proposal: Proposal, at: datetime) -> None:
    write_notes(by=by, notes=[NoteDraft(body=proposal.payload["body"], customer_id=proposal.customer_id)], at=at)


def apply_task(by: Actor, proposal: Proposal, at: datetime) -> None:
    due = proposal.payload.get("due_on")
    customers = (proposal.customer_id,) if proposal.customer_id else ()
    draft = TaskDraft(title=proposal.payload["title"], due_on=_day(due) if due else None, customer_ids=customers)
    open_tasks(by=by, tasks=[draft], at=at)


def _page_of(customer_id: UUID) -> str:
    return reverse("customers:show", args=[customer_id])


for kind, title, icon, apply, labels in (
    ("collaboration.note", _("Write a note"), "note", apply_note, {"body": _("Note")}),
    ("collaboration.task", _("Open a task"), "checkbox", apply_task, {"title": _("Title"), "due_on": _("Due")}),
):
    proposable(Proposable(kind, title, icon, "collaboration.edit_work", apply, labels, _page_of))
