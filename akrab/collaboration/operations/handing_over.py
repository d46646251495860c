"""Handover between departments: offered with what the next has to know, accepted, or returned with a reason; trainings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.collaboration.facts import CustomerHandedOver, TrainingCompleted
from akrab.collaboration.models.approvals import Handover
from akrab.collaboration.operations.opening import refuse_strangers, refuse_unknown_people
from akrab.collaboration.queries.calendars import working_hours
from akrab.collaboration.queries.people import NOBODY, person_of
from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, NotFound, Refusal
from akrab.platform.working_time import add_business_time, business_time_between


class AnsweredAlready(Refusal):
    code = "handover_answered"
    message = _("This handover was answered already.")


@operation(may="collaboration.edit_work")
def offer_handover(
    *,
    by: Actor,
    customer_id: UUID,
    to_id: UUID,
    situation: str,
    at: datetime,
    promised: str = "",
    open_points: str = "",
    department: str = "",
    checklist: Sequence[str] = (),
    answer_minutes: int = 480,
) -> CustomerHandedOver:
    """Hand a customer's matter to somebody; they have so many working minutes to answer."""
    refuse_strangers(by=by, customer_ids=[customer_id])
    refuse_unknown_people([to_id])
    if not situation.strip():
        raise Invalid({"situation": str(_("Say how things stand."))})
    if person_of(by) in {to_id, NOBODY}:
        raise Invalid({"to": str(_("Hand it to somebody else."))})
    made = Handover.objects.create(
        customer_id=customer_id,
        offered_by_id=person_of(by),
        to_id=to_id,
        department=department,
        situation=situation.strip(),
        promised=promised.strip(),
        open_points=open_points.strip(),
        checklist=[{"text": one, "done": False} for one in checklist],
        offered_at=at,
        due_at=add_business_time(at, timedelta(minutes=answer_minutes), working_hours(by=by)),
    )
    return _told(made, by=by, at=at)


@operation(may="collaboration.edit_work")
def answer_handover(
    *, by: Actor, handover_id: UUID, is_accepted: bool, at: datetime, reason: str = "", done: Sequence[int] = ()
) -> CustomerHandedOver:
    """Accept it with its whole checklist done, or return it with a reason; only whom it was offered to."""
    found = Handover.objects.select_for_update().filter(pk=handover_id, to_id=person_of(by)).first()
    if found is None:
        raise NotFound
    if found.status != Handover.Status.OFFERED:
        raise AnsweredAlready
    found.checklist = [{**one, "done": one["done"] or index in done} for index, one in enumerate(found.checklist)]
    if is_accepted and not all(one["done"] for one in found.checklist):
        raise Invalid({"done": str(_("The checklist is not done yet."))})
    if not is_accepted and not reason.strip():
        raise Invalid({"reason": str(_("Say why it goes back."))})
    found.status = Handover.Status.ACCEPTED if is_accepted else Handover.Status.RETURNED
    found.reason, found.answered_at = reason.strip(), at
    found.save()
    return _told(found, by=by, at=at)


@operation(may="collaboration.edit_work")
def complete_trainings(*, by: Actor, trainings: Sequence[tuple[UUID, str, str]], at: datetime) -> list[TrainingCompleted]:
    """Customers have finished courses: (customer, course, score); the same course counts once for a customer."""
    refuse_strangers(by=by, customer_ids={customer for customer, _course, _score in trainings})
    facts = [
        TrainingCompleted(customer_id=customer, completed_at=at, course=course, score=score)
        for customer, course, score in trainings
    ]
    keys = [f"{customer} {course}"[:300] for customer, course, _score in trainings]
    return record(facts, by=by, source="collaboration.training", source_keys=keys)


def _told(handover: Handover, *, by: Actor, at: datetime) -> CustomerHandedOver:
    waited = business_time_between(handover.offered_at, at, working_hours(by=by))
    fact = CustomerHandedOver(
        handover_id=handover.pk,
        changed_at=at,
        customer_id=handover.customer_id,
        status=str(handover.status),
        to_id=handover.to_id,
        offered_by=handover.offered_by_id,
        department=handover.department,
        reason=handover.reason[:500],
        working_minutes=int(waited.total_seconds() // 60),
    )
    record([fact], by=by)
    return fact
