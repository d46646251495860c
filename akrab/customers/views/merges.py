"""Merging: side by side, choose field by field, merge; and a merge that was done, with its undo."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.operations.merging import CHOOSABLE, merge_customers
from akrab.customers.queries.listing import pick_customers
from akrab.customers.queries.merging import get_merge, preview_merge
from akrab.customers.queries.profiles import get_customer
from akrab.platform.customizing.fields import stored_fields
from akrab.platform.operation import require
from akrab.platform.operations.undoing import undo_entry
from akrab.platform.presentation import tell
from akrab.platform.refusal import NotFound, Refusal
from akrab.platform.web import Request, fragment, page, redirect, toast


def new(request: Request) -> HttpResponse:
    """Side by side; with one customer only, whom to merge it with."""
    require(request.actor, "customers.merge_customers")
    ids = _ids(request.GET)
    if len(ids) < 2:
        customer = get_customer(by=request.actor, customer_id=ids[0])
        words = request.GET.get("q", "")
        return page(
            request, "customers/merge_with.html", customer=customer, words=words, found=_found(request, customer.pk, words)
        )
    preview = preview_merge(by=request.actor, survivor_id=ids[0], other_ids=ids[1:])
    return page(request, "customers/merge_new.html", preview=preview, next=request.GET.get("next", ""))


def found(request: Request) -> HttpResponse:
    """Customers to merge with, while somebody types."""
    ids = _ids(request.GET)
    return fragment(request, "customers.merge-found", customer_id=ids[0], found=_found(request, ids[0], request.GET.get("q", "")))


def create(request: Request) -> HttpResponse:
    ids = _ids(request.POST)
    survivor = _uuid(request.POST.get("survivor", "")) or ids[0]
    choices = {
        name: one
        for name in [*CHOOSABLE, *(one.name for one in stored_fields(CUSTOMER.name))]
        if (one := _uuid(request.POST.get(f"field.{name}", "")))
    }
    try:
        fact = merge_customers(
            by=request.actor,
            survivor_id=survivor,
            other_ids=ids,
            choices=choices,
            reason=request.POST.get("reason", ""),
            at=now(),
        )
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        preview = preview_merge(by=request.actor, survivor_id=ids[0], other_ids=ids[1:])
        return page(request, "customers/merge_new.html", status=422, preview=preview, problem=str(refusal), next="")
    toast(request, _("Merged. It can be undone for 30 days."), undo=True)
    if request.POST.get("next") == "duplicates":
        return redirect(request, "customers:duplicates")
    return redirect(request, "customers:show", fact.customer_id)


def show(request: Request, merge_id: UUID) -> HttpResponse:
    merge = get_merge(by=request.actor, merge_id=merge_id)
    later = [
        tell(
            fact_id=one.id, kind=one.kind, at=one.at, recorded_at=one.recorded_at, payload=one.payload, who=one.who,
            entrance=one.entrance,
        )
        for one in merge.later
    ]  # fmt: skip
    return page(request, "customers/merge.html", merge=merge, later=later, may_undo=merge.may_undo and _may(request))


def undo(request: Request, merge_id: UUID) -> HttpResponse:
    merge = get_merge(by=request.actor, merge_id=merge_id)
    if merge.entry_id is None:
        raise NotFound
    undo_entry(by=request.actor, entry_id=merge.entry_id, at=now())
    toast(request, _("The merge is undone. What was added since stays with the survivor."))
    return redirect(request, "customers:merge", merge_id)


def _may(request: Request) -> bool:
    return request.actor.may("customers.merge_customers")


def _found(request: Request, customer_id: UUID, words: str) -> list[Customer]:
    found = pick_customers(by=request.actor, words=words) if words.strip() else []
    return [one for one in found if one.pk != customer_id]


def _ids(given: QueryDict) -> list[UUID]:
    ids = [one for text in given.getlist("id") if (one := _uuid(text))]
    if not ids:
        raise NotFound
    return list(dict.fromkeys(ids))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
