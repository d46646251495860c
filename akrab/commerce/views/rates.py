"""Currency rates: noting them by day, and the receipts that wait for one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from akrab.commerce.forms import RateForm
from akrab.commerce.queries.rates import list_rates, waiting_for_rates
from akrab.platform.operations.rates import Rate, note_rates
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request) -> HttpResponse:
    waiting = waiting_for_rates(by=request.actor)
    first = {"currency": waiting[0].currency, "on": waiting[0].first_on} if waiting else {"on": localdate()}
    return _page(request, RateForm(initial=first))


def create(request: Request) -> HttpResponse:
    form = RateForm(request.POST)
    if form.is_valid():
        clean = form.cleaned_data
        note_rates(by=request.actor, rates=[Rate(clean["currency"], clean["on"], clean["rate"])], at=now())
        toast(request, _("Noted. Receipts that waited for it are being converted."), undo=True)
        return redirect(request, "commerce:rates")
    return _page(request, form, status=422)


def _page(request: Request, form: RateForm, *, status: int = 200) -> HttpResponse:
    found = list_rates(by=request.actor, cursor=request.GET.get("cursor", ""))
    here = reverse("commerce:rates")
    results: dict[str, Any] = {
        "page": found,
        "next": f"{here}?cursor={found.next}" if found.next else "",
        "previous": f"{here}?cursor={found.previous}" if found.previous else "",
        "waiting": waiting_for_rates(by=request.actor),
        "base": settings.CURRENCY,
    }
    return page(
        request,
        "commerce/rates.html",
        part="commerce.rates" if status == 200 else "",
        status=status,
        form=form,
        results=results,
        may_edit=request.actor.may("commerce.edit_rates"),
    )
