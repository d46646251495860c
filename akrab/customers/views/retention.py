"""Retention rules with their dry count, and the customers that they propose for erasure."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akrab.customers.forms import RuleForm
from akrab.customers.operations.retaining import change_rule, erase_proposed, keep_proposed
from akrab.customers.queries.privacy import open_proposals, retention_rules
from akrab.customers.views.privacy import tabs
from akrab.platform.refusal import Invalid
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request) -> HttpResponse:
    rules = retention_rules(by=request.actor)
    lines = [(one, RuleForm(initial={"months": one.months, "is_active": one.is_active}, prefix=str(one.pk))) for one in rules]
    return page(
        request,
        "customers/retention.html",
        rules=lines,
        proposals=open_proposals(by=request.actor),
        tabs=tabs(),
        may_erase=request.actor.may("customers.erase_customers"),
    )


def update(request: Request, rule_id: UUID) -> HttpResponse:
    form = RuleForm(request.POST, prefix=str(rule_id))
    if not form.is_valid():
        raise Invalid({name: str(errors[0]) for name, errors in form.errors.items()})
    fact = change_rule(by=request.actor, rule_id=rule_id, at=now(), **form.cleaned_data)
    toast(request, _("Saved.") if fact.is_active else _("Saved. This rule proposes nobody."))
    return redirect(request, "customers:retention")


def settle(request: Request) -> HttpResponse:
    """Keep or erase the customers that were ticked."""
    chosen = [UUID(one) for one in request.POST.getlist("proposal")]
    if request.POST.get("decision") == "erase":
        done = erase_proposed(by=request.actor, proposal_ids=chosen, at=now())
        toast(request, ngettext("%(n)s customer was erased.", "%(n)s customers were erased.", done) % {"n": done})
    else:
        done = keep_proposed(by=request.actor, proposal_ids=chosen, at=now())
        toast(request, ngettext("%(n)s customer is kept.", "%(n)s customers are kept.", done) % {"n": done})
    return redirect(request, "customers:retention")
