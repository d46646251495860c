"""Closing a till: its own figures for one branch and day, to be reconciled with the receipts that arrived."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from akrab.commerce.facts import TillClosed
from akrab.commerce.models import Branch, TillClosing
from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import Refusal


class UnknownBranch(Refusal):
    code = "unknown_branch"
    status = 422
    message = _("There is no branch with the code %(branch)s.")


@operation(may="commerce.record_receipts")
def note_closing(
    *, by: Actor, branch: str, business_on: date, receipts: int, total: int, currency: str, at: datetime
) -> TillClosed:
    """Note (or replace) what the till of a branch counted for a day; `total` in minor units."""
    place = Branch.objects.filter(code=branch).first()
    if place is None:
        raise UnknownBranch(branch=branch)
    TillClosing.objects.update_or_create(
        branch=place, business_on=business_on, currency=currency,
        defaults={"receipts": receipts, "total": total, "noted_at": at},
    )
    fact = TillClosed(
        branch_id=place.id, business_on=business_on, noted_at=at, receipts=receipts, total=total, currency=currency
    )
    record([fact], by=by)
    return fact
