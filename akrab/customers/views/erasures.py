"""Erasures: asking once more, the list, and the receipt of each."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.customers.operations.erasing import REASONS, erase_customer, is_genuine, lift_tombstones, receipt_of
from akrab.customers.queries.privacy import erasures, get_erasure
from akrab.customers.queries.profiles import get_customer
from akrab.customers.views.privacy import tabs
from akrab.platform.holdings import holdings
from akrab.platform.operation import require
from akrab.platform.web import Request, page, redirect, toast


def new(request: Request, customer_id: UUID) -> HttpResponse:
    require(request.actor, "customers.erase_customers")
    customer = get_customer(by=request.actor, customer_id=customer_id)
    return page(request, "customers/erasure_new.html", customer=customer, stores=holdings(), sure=True)


def create(request: Request, customer_id: UUID) -> HttpResponse:
    require(request.actor, "customers.erase_customers")
    customer = get_customer(by=request.actor, customer_id=customer_id)
    reason = request.POST.get("reason", "request")
    if request.POST.get("name", "").strip() != customer.display_name:
        return page(request, "customers/erasure_new.html", status=422, customer=customer, stores=holdings(), sure=False)
    reason = reason if reason in {"request", "company"} else "request"
    made = erase_customer(by=request.actor, customer_id=customer_id, at=now(), reason=reason)
    toast(request, _("Erased. Files and the analytical copy follow now."))
    return redirect(request, "customers:erasure", made.erasure_id)


def index(request: Request) -> HttpResponse:
    lines = [
        {
            "erasure": one,
            "reason": REASONS.get(one.reason, one.reason),
            "seen": sum(each.seen for each in one.tombstones.all() if each.lifted_at is None),
        }
        for one in erasures(by=request.actor)
    ]
    return page(request, "customers/erasures.html", lines=lines, tabs=tabs())


def show(request: Request, erasure_id: UUID) -> HttpResponse:
    found = get_erasure(by=request.actor, erasure_id=erasure_id)
    words = told_stores()
    lines = [
        {**one, "title": title, "keeps": keeps}
        for one in found.stores
        for title, keeps in [words.get(one["store"], (one["store"], ""))]
    ]
    tombstones = list(found.tombstones.all())
    return page(
        request,
        "customers/erasure.html",
        erasure=found,
        reason=REASONS.get(found.reason, found.reason),
        lines=lines,
        genuine=bool(found.signature) and is_genuine(found),
        buried=sum(one.lifted_at is None for one in tombstones),
        seen=sum(one.seen for one in tombstones),
    )


def receipt(request: Request, erasure_id: UUID) -> HttpResponse:
    """The receipt as a file, with its signature."""
    found = get_erasure(by=request.actor, erasure_id=erasure_id)
    stays = {name: keeps for name, (_title, keeps) in told_stores().items() if keeps}
    body = {**receipt_of(found), "signature": found.signature, "stays": stays}
    return HttpResponse(
        json.dumps(body, ensure_ascii=False, indent=1),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="erasure-{erasure_id}.json"'},
    )


def lift(request: Request, erasure_id: UUID) -> HttpResponse:
    lift_tombstones(by=request.actor, erasure_id=erasure_id, at=now())
    toast(request, _("This person may be a customer again."))
    return redirect(request, "customers:erasure", erasure_id)


def told_stores() -> dict[str, tuple[str, str]]:
    """Title, and what stays and why, of every store by name."""
    told = {one.name: (str(one.title), str(one.keeps)) for one in holdings()}
    told["lake"] = (_("Analytical copy"), _("Months that the person was in are written again, and older files deleted."))
    told["backups"] = (
        _("Backups"),
        _("Backups made before are not rewritten. Restoring one erases everybody on the list of erasures again."),
    )
    return told
