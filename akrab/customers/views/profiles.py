"""The profile of one customer: show, edit, and the form for a new one."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from akrab.customers.forms import CustomerForm
from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.operations.editing import EditConflict, edit_customer
from akrab.customers.operations.registering import register_customer
from akrab.customers.queries.identity import survivor_of
from akrab.customers.queries.profiles import get_customer, known_already, may_edit
from akrab.customers.queries.showing import closed_fields
from akrab.customers.queries.timeline import customer_timeline
from akrab.customers.views.timelines import storied
from akrab.platform.actor import Actor
from akrab.platform.customizing.fields import PREFIX, custom_field, is_custom, stored_fields
from akrab.platform.customizing.showing import shown_groups
from akrab.platform.customizing.values import said
from akrab.platform.customizing.widgets import form_fields, initial, posted
from akrab.platform.customizing.writing import names_of
from akrab.platform.operation import require
from akrab.platform.panels import panels_for
from akrab.platform.refusal import Invalid, NotFound, Refusal
from akrab.platform.rights.fields import uneditable
from akrab.platform.rights.limits import demand
from akrab.platform.web import Request, fragment, page, redirect, toast


def show(request: Request, customer_id: UUID) -> HttpResponse:
    try:
        customer = get_customer(by=request.actor, customer_id=customer_id)
    except NotFound:
        return _to_survivor(request, customer_id)
    timeline = customer_timeline(by=request.actor, customer_id=customer_id)
    panels = [
        {"title": one.title, "address": reverse(one.url, args=[customer_id]), "icon": one.icon}
        for one in panels_for("customers.profile", request.actor)
    ]
    return page(
        request,
        "customers/show.html",
        customer=customer,
        timeline=storied(request, customer_id, timeline),
        panels=panels,
        composers=[reverse(one.url, args=[customer_id]) for one in panels_for("customers.composer", request.actor)],
        custom=shown_groups(CUSTOMER.name, customer, by=request.actor),
        closed=dict.fromkeys(closed_fields(request.actor), True),
        may_edit=(mine := may_edit(by=request.actor, customer_id=customer_id)),
        may_trash=mine and request.actor.may("customers.delete_customers"),
        may_merge=mine and request.actor.may("customers.merge_customers"),
    )


def _to_survivor(request: Request, customer_id: UUID) -> HttpResponse:
    """The address of a customer who was merged leads to the one who stayed."""
    survivor = survivor_of(customer_id)
    if survivor == customer_id:
        raise NotFound
    name = get_customer(by=request.actor, customer_id=survivor).display_name
    toast(request, _("This customer was merged into %(name)s.") % {"name": name}, tone="info")
    return HttpResponseRedirect(reverse("customers:show", args=[survivor]))


def edit(request: Request, customer_id: UUID) -> HttpResponse:
    require(request.actor, "customers.edit_customers")
    customer = get_customer(by=request.actor, customer_id=customer_id)
    demand(request.actor, CUSTOMER.name, [customer_id])
    form = _form(request, customer)
    values = {name: getattr(customer, name) for name in form.fields if not is_custom(name)}
    form.initial = values | {one.name: initial(one, customer.custom.get(one.key)) for one in stored_fields(CUSTOMER.name)}
    values |= {name: customer.custom.get(name.removeprefix(PREFIX)) for name in form.added}
    return page(request, "customers/edit.html", form=form, customer=customer, was=_was(values))


def update(request: Request, customer_id: UUID) -> HttpResponse:
    require(request.actor, "customers.edit_customers")
    form = _form(request, get_customer(by=request.actor, customer_id=customer_id), _picked(request.POST))
    was = {name: request.POST.get(f"was_{name}", "") for name in form.fields}
    conflicts: list[dict[str, Any]] = []
    if form.is_valid():
        seen = {name: _seen(name, value) for name, value in was.items()}
        try:
            edit_customer(by=request.actor, customer_id=customer_id, changes=form.cleaned_data, was=seen, at=now())
        except EditConflict as conflict:
            conflicts = _told(conflict, form, request.actor)
            was |= {name: _noted(name, theirs) for name, (_was_, theirs, _mine) in conflict.fields.items()}
            form.add_error(None, str(conflict))
        except Invalid as refusal:
            _explain(form, refusal)
        except Refusal as refusal:
            if refusal.status in {403, 404}:
                raise
            form.add_error(refusal.details.get("kind") if refusal.details.get("kind") in form.fields else None, str(refusal))
        else:
            toast(request, _("Saved."), undo=True)
            return redirect(request, "customers:show", customer_id)
    customer = get_customer(by=request.actor, customer_id=customer_id)
    return page(
        request,
        "customers/edit.html",
        status=409 if conflicts else 422,
        form=form,
        customer=customer,
        was=list(was.items()),
        conflicts=conflicts,
    )


def new(request: Request) -> HttpResponse:
    require(request.actor, "customers.register_customers")
    form = _form(request, None)
    added = {one.name: initial(one, one.default) for one in stored_fields(CUSTOMER.name)}
    form.initial = {"display_name": request.GET.get("name", ""), **added}
    return page(request, "customers/new.html", form=form)


def create(request: Request) -> HttpResponse:
    require(request.actor, "customers.register_customers")
    form = _form(request, None, request.POST)
    known: list[Customer] = []
    if form.is_valid():
        try:
            fact = register_customer(by=request.actor, fields=form.cleaned_data, at=now())
        except Invalid as refusal:
            _explain(form, refusal)
        except Refusal as refusal:
            kind = refusal.details.get("kind")
            form.add_error(kind if kind in form.fields else None, str(refusal))
            known = _known(request)
        else:
            toast(request, _("%(name)s is a customer now.") % {"name": fact.name}, undo=True)
            return redirect(request, "customers:show", fact.customer_id)
    return page(request, "customers/new.html", status=422, form=form, known=known)


def _form(request: Request, customer: Customer | None, data: QueryDict | None = None) -> CustomerForm:
    """The form of a customer, with the fields that the company added."""
    closed = uneditable(request.actor, CUSTOMER.name) if customer else ()
    values = customer.custom if customer else {}
    added = form_fields(CUSTOMER.name, by=request.actor, closed=uneditable(request.actor, CUSTOMER.name), values=values)
    return CustomerForm(data, closed=closed, custom=added)


def hints(request: Request) -> HttpResponse:
    """Customers who may be the same as the one being typed."""
    return fragment(request, "customers.hints", known=_known(request))


def _known(request: Request) -> list[Customer]:
    given = request.POST or request.GET
    values = [(kind, given.get(kind, "")) for kind in ("phone", "email")]
    return known_already(by=request.actor, values=values, name=given.get("display_name", ""))


def _explain(form: CustomerForm, refusal: Invalid) -> None:
    for name, reason in (refusal.errors or {"": str(refusal)}).items():
        form.add_error(name if name in form.fields else None, reason)


def _picked(given: QueryDict) -> QueryDict:
    """What was sent, with the choice made for each field that two people changed: mine as typed, theirs, or as it was before."""
    data = given.copy()
    added = {one.name: one for one in stored_fields(CUSTOMER.name)}
    for name in (*CustomerForm.base_fields, *added):
        source = {"theirs": f"was_{name}", "before": f"before_{name}"}.get(given.get(f"pick_{name}", ""))
        if source and source in given:
            said = posted(added[name], _seen(name, str(given[source]))) if name in added else given.getlist(source)
            data.setlist(name, said)
    return data


def _was(values: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, _noted(name, value)) for name, value in values.items()]


def _noted(name: str, value: Any) -> str:
    """A value as the form remembers it: of a custom field, as it is kept."""
    return json.dumps(value) if is_custom(name) else _text(value)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _seen(name: str, text: str) -> Any:
    """What the form showed, as the field's own type."""
    if is_custom(name):
        return json.loads(text) if text else None
    if name != "born_on":
        return text.replace("\r\n", "\n")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _told(conflict: EditConflict, form: CustomerForm, by: Actor) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": form.fields[name].label,
            "before": _noted(name, was),
            "options": [
                ("mine", pgettext("value", "Yours"), _words(name, mine, by)),
                ("theirs", pgettext("value", "Theirs"), _words(name, theirs, by)),
                ("before", pgettext("value", "Before"), _words(name, was, by)),
            ],
        }
        for name, (was, theirs, mine) in conflict.fields.items()
    ]


def _words(name: str, value: Any, by: Actor) -> str:
    custom = custom_field(CUSTOMER.name, name)
    return said(custom, value, names_of([(custom, value)], by=by)) if custom else _text(value)
