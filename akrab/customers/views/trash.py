"""The trash: moving a customer there, looking through it, bringing one back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.customers.operations.trashing import restore_customers, trash_customers
from akrab.customers.queries.profiles import get_customer
from akrab.customers.queries.trash import customers_in_trash
from akrab.platform.api.lists import read_cursor, write_cursor
from akrab.platform.operation import require
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request) -> HttpResponse:
    found, place = customers_in_trash(by=request.actor, after=read_cursor("trash", request.GET.get("cursor", "")))
    following = f"{reverse('customers:trash')}?cursor={write_cursor('trash', place)}" if place else ""
    return page(request, "customers/trash.html", customers=found, next=following)


def show(request: Request, customer_id: UUID) -> HttpResponse:
    """Asks before a customer is moved to the trash."""
    require(request.actor, "customers.delete_customers")
    return page(request, "customers/trashing.html", customer=get_customer(by=request.actor, customer_id=customer_id))


def create(request: Request, customer_id: UUID) -> HttpResponse:
    trash_customers(by=request.actor, customer_ids=[customer_id], at=now())
    toast(request, _("The customer is in the trash."), undo=True)
    return redirect(request, "customers:index")


def destroy(request: Request, customer_id: UUID) -> HttpResponse:
    restore_customers(by=request.actor, customer_ids=[customer_id], at=now())
    toast(request, _("The customer is back."), undo=True)
    return redirect(request, "customers:show", customer_id)
