"""Changing the chosen customers, or all that a list shows: choose a change, see what it would do, do it, undo it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akrab.customers.forms import BulkForm, ChoiceForm
from akrab.customers.models import Customer, CustomerQuerySet
from akrab.customers.operations.changing_many import ManyChange, change_many, preview_change
from akrab.customers.queries.listing import matching
from akrab.customers.queries.lists import CUSTOMERS
from akrab.platform.actor import Actor
from akrab.platform.customizing.widgets import fields_for_all
from akrab.platform.jobs import run_queued_bulk
from akrab.platform.listing.bulk import AT_ONCE
from akrab.platform.operations.bulk_runs import note_bulk_run
from akrab.platform.queries.organization import active_people, all_teams
from akrab.platform.refusal import Invalid
from akrab.platform.rights.fields import uneditable
from akrab.platform.templatetags.shell import number
from akrab.platform.web import Request, page, redirect, toast

MOST_CHOSEN = 1_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """The customers that were ticked, or all that the list with `query` shows."""

    ids: list[UUID]
    query: str
    is_all: bool

    def rows(self, by: Actor) -> CustomerQuerySet:
        if self.is_all:
            return matching(ChoiceForm(QueryDict(self.query)).choice(), by=by)
        return Customer.objects.visible_to(by).filter(pk__in=self.ids)

    @property
    def back(self) -> str:
        return reverse("customers:index") + (f"?{self.query}" if self.query else "")


def update(request: Request) -> HttpResponse:
    """Each step posts what was chosen: first nothing more, then a change to be looked at, then the same for sure."""
    chosen = _chosen(request)
    if not chosen.is_all and not chosen.ids:
        toast(request, _("Choose customers first: tick their boxes, or choose all."), tone="warning")
        return redirect(request, chosen.back)
    form = _form(request)
    if not form.is_bound:
        return _show(request, chosen, form)
    if not form.is_valid():
        return _show(request, chosen, form, status=422)
    change = form.change()
    try:
        outcome = preview_change(chosen.rows(request.actor), change, by=request.actor)
    except Invalid as refused:
        form.add_error(None, " ".join(refused.errors.values()))
        return _show(request, chosen, form, status=422)
    if "sure" not in request.POST:
        return _show(request, chosen, form, outcome=outcome, change=change)
    if outcome.total > AT_ONCE:
        return _queue(request, chosen, change, outcome.total)
    ids = list(chosen.rows(request.actor).order_by("pk").values_list("pk", flat=True))
    done = change_many(by=request.actor, customer_ids=ids, change=change, at=now())
    said = ngettext("%(count)s customer changed.", "%(count)s customers changed.", done.changed)
    toast(request, said % {"count": number(done.changed)}, undo=bool(done.changed))
    return redirect(request, chosen.back)


def _queue(request: Request, chosen: Chosen, change: ManyChange, total: int) -> HttpResponse:
    with transaction.atomic():
        run = note_bulk_run(
            by=request.actor,
            object=CUSTOMERS.name,
            query=chosen.query if chosen.is_all else "",
            ids=[] if chosen.is_all else chosen.ids,
            change={"what": change.what, "value": change.value},
            total=total,
            at=now(),
        )
        run_queued_bulk.defer(run_id=str(run.pk), user_id=request.actor.id)
    return redirect(request, "listing:bulk_run", run.pk)


def _chosen(request: Request) -> Chosen:
    query = QueryDict(request.POST.get("query", "")).copy()
    query.pop("cursor", None)
    is_all = "all" in request.POST
    ids = [] if is_all else [_id(one) for one in request.POST.getlist("id")[:MOST_CHOSEN]]
    return Chosen(list(dict.fromkeys(ids)), query.urlencode(), is_all)


def _id(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError as problem:
        raise Invalid({"id": word[:40]}) from problem


def _form(request: Request) -> BulkForm:
    by = request.actor
    assigns = by.may("customers.assign_customers")
    closed = uneditable(by, "customers.customer")
    return BulkForm(
        request.POST if any(name in request.POST for name in BulkForm.base_fields) else None,
        custom=fields_for_all("customers.customer", by=by, closed=closed),
        people=active_people(by=by) if assigns else (),
        teams=[(one.id, one.name) for one in all_teams(by=by, on=now().date())] if assigns else (),
        closed=closed,
        may_assign=assigns,
        may_trash=by.may("customers.delete_customers"),
    )


def _show(request: Request, chosen: Chosen, form: BulkForm, *, status: int = 200, **more: Any) -> HttpResponse:
    total = more["outcome"].total if "outcome" in more else chosen.rows(request.actor).count()
    return page(request, "customers/bulk.html", status=status, chosen=chosen, form=form, total=total, **more)
