"""Who hears of a fact: those it names, those it is given to, those who follow its customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from akrab.collaboration.facts import (
    ActivityChanged,
    ActivityHeld,
    ActivityPlanned,
    ApprovalChanged,
    CustomerHandedOver,
    NoteEdited,
    NoteWritten,
    TaskCompleted,
    TaskEdited,
    TaskOpened,
)
from akrab.collaboration.queries.notices import followers
from akrab.customers.public import CustomerEdited, StageChanged, customer_cards
from akrab.platform.actor import SYSTEM
from akrab.platform.declaring import DECLARED

MANY = 10
Heard = tuple[UUID, str, UUID, str, str, str, Any]


def audience(facts: Sequence[Any]) -> list[Heard]:
    """(user, record kind, record id, title, link, reason, moment) for everyone who is to hear; bulk is silent."""
    loud = [fact for fact in facts if not getattr(fact, "is_quiet", False)]
    heard = [one for fact in loud for one in _named(fact)]
    customers = {fact.customer_id for fact in loud if fact.customer_id}
    if len(customers) > MANY:
        return heard
    names = {pk: card.name for pk, card in customer_cards(by=SYSTEM, customer_ids=customers).items()}
    following = followers(by=SYSTEM, record_kind="customer", record_ids=customers)
    for fact in loud:
        for user in following.get(fact.customer_id, ()):
            if str(user) != getattr(fact, "by_id", ""):
                link = reverse("customers:show", args=[fact.customer_id])
                heard.append((user, "customer", fact.customer_id, names.get(fact.customer_id, ""), link, "followed", _at(fact)))
    return heard


def _named(fact: Any) -> Iterable[Heard]:
    """Those whom the fact itself names, but never who did it."""
    if isinstance(fact, NoteWritten | NoteEdited):
        kind, record, title, link = "note", fact.note_id, fact.excerpt[:120], reverse("collaboration:note", args=[fact.note_id])
        people, reason = [UUID(one) for one in fact.mentioned], "mentioned"
    elif isinstance(fact, TaskOpened | TaskEdited) and fact.assignee_id:
        kind, record, title, link = "task", fact.task_id, fact.title, reverse("collaboration:task", args=[fact.task_id])
        people, reason = [fact.assignee_id], "assigned"
    elif isinstance(fact, ActivityPlanned | ActivityChanged):
        kind, record, title = "activity", fact.activity_id, fact.title
        link = reverse("collaboration:activity", args=[fact.activity_id])
        people, reason = [UUID(one) for one in fact.people], "invited"
    else:
        return
    for user in people:
        if str(user) != fact.by_id:
            yield (user, kind, record, title, link, reason, _at(fact))


def _at(fact: Any) -> Any:
    return getattr(fact, DECLARED[fact.fact_kind].at)


def deciders(facts: Sequence[ApprovalChanged]) -> list[Heard]:
    """Those whose seat waits; when it is decided, who asked."""
    page = reverse("collaboration:approvals")
    asked = [
        (UUID(seat), "approval", one.approval_request_id, one.title, page, "approval", one.changed_at)
        for one in facts
        for seat in one.waiting_for
    ]
    decided = [
        (one.asked_by, "approval", one.approval_request_id, one.title, one.link, "decided", one.changed_at)
        for one in facts
        if one.status in {"approved", "rejected", "expired"}
    ]
    return [*asked, *decided]


def receivers(facts: Sequence[CustomerHandedOver]) -> list[Heard]:
    """To whom it goes; when it was answered, who offered it."""
    names = customer_cards(by=SYSTEM, customer_ids={one.customer_id for one in facts})
    page = reverse("collaboration:approvals")
    heard: list[Heard] = []
    for one in facts:
        offered = one.status == "offered"
        who, reason = (one.to_id, "handover") if offered else (one.offered_by, "decided")
        link = page if offered else reverse("customers:show", args=[one.customer_id])
        title = names[one.customer_id].name if one.customer_id in names else ""
        heard.append((who, "handover", one.handover_id, title, link, reason, one.changed_at))
    return heard


HEARD = (
    ActivityChanged,
    ActivityHeld,
    ActivityPlanned,
    CustomerEdited,
    NoteEdited,
    NoteWritten,
    StageChanged,
    TaskCompleted,
    TaskEdited,
    TaskOpened,
)
