"""Till closings over the API: a till says what it counted, and reads what arrived here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.commerce.api.shapes import Amount, Currency
from akrab.commerce.operations.closing import note_closing
from akrab.commerce.queries.catalog import DayRow, closing_days
from akrab.platform.api.replies import amount, reply
from akrab.platform.api.shapes import Day, Input, Text, Whole
from akrab.platform.money import to_minor
from akrab.platform.refusal import Invalid

router = Router(tags=["till closings"])
LONGEST = timedelta(days=400)


class ClosingIn(Input):
    """What the till of a branch counted for a day, in one currency."""

    branch: Annotated[Text, Field(min_length=1, max_length=60)]
    business_on: Day
    receipts: Annotated[Whole, Field(ge=0, le=1_000_000)]
    total: Amount
    currency: Currency


class TillFigures(TypedDict):
    receipts: int
    total: str


class Mispaid(TypedDict):
    receipts: int
    unpaid: str


class ClosingDay(TypedDict):
    """One branch and day: `till` is what the till counted (null before it said), `arrived` what is here.

    `mispaid` are the receipts whose payments do not come to their total; `unpaid` is what these leave open, negative when
    too much was paid.
    """

    branch: str
    business_on: date
    currency: str
    till: TillFigures | None
    arrived: TillFigures
    mispaid: Mispaid
    missing_receipts: int | None
    missing_total: str | None
    noted_at: datetime | None


class ClosingList(TypedDict):
    items: list[ClosingDay]
    next: None


@router.get("/till-closings", response=ClosingList, summary="Reconcile tills")
def index(request: Any, since: Day, until: Day, branch: str | None = None) -> HttpResponse:
    """Each branch and day of up to 400 days: the till's figures, those that arrived, and what is missing."""
    if not timedelta(0) <= until - since <= LONGEST:
        raise Invalid({"until": str(_("Ask for 1 to 400 days."))})
    days = closing_days(by=request.actor, since=since, until=until, branch=branch)
    return reply({"items": [_day(day) for day in days], "next": None})


@router.post("/till-closings", response={201: ClosingDay}, summary="Close a till")
def create(request: Any, body: ClosingIn) -> HttpResponse:
    """Notes (or replaces) what the till of a branch counted for a day, and answers with what arrived."""
    receipts, total, at = body.receipts, to_minor(body.total, body.currency), now()
    note_closing(
        by=request.actor,
        branch=body.branch,
        business_on=body.business_on,
        receipts=receipts,
        total=total,
        currency=body.currency,
        at=at,
    )
    days = closing_days(by=request.actor, since=body.business_on, until=body.business_on, branch=body.branch)
    day = next((one for one in days if one.currency == body.currency), None)
    if day is None or day.till_receipts is None:  # the rest of what arrived is out of sight
        day = day or DayRow(body.branch, body.business_on, body.currency, None, None, 0, 0, None, 0, 0)
        day = day._replace(till_receipts=receipts, till_total=total, noted_at=at)
    return reply(_day(day), status=201)


def _day(day: DayRow) -> ClosingDay:
    till = missing = None
    if day.till_receipts is not None and day.till_total is not None:
        till = TillFigures(receipts=day.till_receipts, total=amount(day.till_total, day.currency))
        missing = amount(day.till_total - int(day.total), day.currency)
    return ClosingDay(
        branch=day.branch,
        business_on=day.business_on,
        currency=day.currency,
        till=till,
        arrived=TillFigures(receipts=day.receipts, total=amount(int(day.total), day.currency)),
        mispaid=Mispaid(receipts=day.mispaid, unpaid=amount(int(day.unpaid), day.currency)),
        missing_receipts=None if day.till_receipts is None else day.till_receipts - day.receipts,
        missing_total=missing,
        noted_at=day.noted_at,
    )
