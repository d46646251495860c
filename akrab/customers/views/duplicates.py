"""The queue of likely duplicates, and the rules by which they are found."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.customers.forms import DuplicateLimitsForm, DuplicateRuleForm
from akrab.customers.operations.deduplicating import ask_for_scan, keep_apart
from akrab.customers.operations.ruling_duplicates import change_duplicate_rule, set_limits
from akrab.customers.queries.duplicates import all_rules, last_scan, open_duplicates
from akrab.customers.queries.likely import thresholds
from akrab.platform.api.lists import read_cursor, write_cursor
from akrab.platform.refusal import Invalid
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request) -> HttpResponse:
    """Likeliest first; m merges, n keeps apart."""
    pairs, place = open_duplicates(by=request.actor, after=read_cursor("duplicates", request.GET.get("cursor", "")))
    following = f"{reverse('customers:duplicates')}?cursor={write_cursor('duplicates', place)}" if place else ""
    return page(request, "customers/duplicates.html", pairs=pairs, next=following, scan=last_scan(by=request.actor))


def scan(request: Request) -> HttpResponse:
    ask_for_scan(by=request.actor, at=now())
    toast(request, _("All customers are being compared. New pairs appear here."), tone="info")
    return redirect(request, "customers:duplicates")


def settle(request: Request, duplicate_id: UUID) -> HttpResponse:
    keep_apart(by=request.actor, duplicate_ids=[duplicate_id], at=now())
    toast(request, _("Kept apart. The pair returns only when what was compared changes."))
    return redirect(request, "customers:duplicates")


def rules(request: Request) -> HttpResponse:
    given = [
        (one, DuplicateRuleForm(initial={name: getattr(one, name) for name in DuplicateRuleForm.base_fields}, prefix=str(one.pk)))
        for one in all_rules(by=request.actor)
    ]
    review, sure = thresholds()
    limits = DuplicateLimitsForm(initial={"review_from": review, "sure_from": sure})
    return page(request, "customers/duplicate_rules.html", rules=given, limits=limits)


def update(request: Request, rule_id: UUID) -> HttpResponse:
    form = DuplicateRuleForm(request.POST, prefix=str(rule_id))
    if not form.is_valid():
        raise Invalid({name: str(errors[0]) for name, errors in form.errors.items()})
    change_duplicate_rule(by=request.actor, rule_id=rule_id, values=form.cleaned_data, at=now())
    toast(request, _("Saved. The next comparison uses it."))
    return redirect(request, "customers:duplicate_rules")


def limit(request: Request) -> HttpResponse:
    form = DuplicateLimitsForm(request.POST)
    if not form.is_valid():
        raise Invalid({name: str(errors[0]) for name, errors in form.errors.items()})
    set_limits(by=request.actor, at=now(), **form.cleaned_data)
    toast(request, _("Saved. The next comparison uses it."))
    return redirect(request, "customers:duplicate_rules")
