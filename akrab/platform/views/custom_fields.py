"""Custom fields: what a company adds to customers, products and other objects."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.customizing.declaring import all_customizable, customizable_named
from akrab.platform.customizing.fields import Custom
from akrab.platform.customizing.models import CustomField
from akrab.platform.field_forms import FieldForm, beginning
from akrab.platform.jobs import run_queued_bulk
from akrab.platform.operation import require
from akrab.platform.operations.custom_fields import (
    MANAGE,
    define_field,
    purge_field,
    restore_field,
    revise_field,
    trash_field,
)
from akrab.platform.operations.replacing_choices import retire_choice
from akrab.platform.queries.custom_fields import definitions, get_definition, usage
from akrab.platform.refusal import Forbidden, Invalid, NotFound, Refusal
from akrab.platform.web import Request, page, redirect, toast

ICONS = {
    "text": "typography", "long": "align-left", "number": "hash", "money": "coin", "date": "calendar", "moment": "clock",
    "choice": "list", "choices": "list-check", "person": "user", "link": "link", "boolean": "square-check", "url": "world",
    "formula": "math-function", "rollup": "sum",
}  # fmt: skip


def index(request: Request, object: str = "") -> HttpResponse:
    require(request.actor, MANAGE)
    objects = all_customizable()
    what = customizable_named(object) if object else objects[0]
    return page(
        request,
        "platform/custom_fields.html",
        what=what,
        tabs=[{"key": one.name, "title": str(one.title), "url": reverse("platform:fields", args=[one.name])} for one in objects],
        fields=[_line(one) for one in definitions(by=request.actor, object=what.name)],
        trash=[_line(one) for one in definitions(by=request.actor, object=what.name, in_trash=True)],
    )


def new(request: Request, object: str) -> HttpResponse:
    """First the type, then its form."""
    require(request.actor, MANAGE)
    what, type_ = customizable_named(object), request.GET.get("type", "")
    if type_ not in CustomField.Type.values:
        types = [(code, title, ICONS[code]) for code, title in CustomField.Type.choices]
        return page(request, "platform/custom_field_types.html", what=what, types=types)
    return _new(request, object, FieldForm(object=object, kind=type_, is_new=True))


def create(request: Request, object: str) -> HttpResponse:
    require(request.actor, MANAGE)
    type_ = request.POST.get("type", "")
    if type_ not in CustomField.Type.values:
        return redirect(request, "platform:field_new", object)
    form = FieldForm(request.POST, object=object, kind=type_, is_new=True)
    if form.is_valid():
        try:
            fact = define_field(by=request.actor, object=object, words=form.words(), at=now())
        except Refusal as refusal:
            _explain(form, refusal)
        else:
            toast(request, _("%(name)s is a field now.") % {"name": fact.title}, undo=True)
            return redirect(request, "platform:fields", object)
    return _new(request, object, form, status=422)


def show(request: Request, field_id: UUID) -> HttpResponse:
    require(request.actor, MANAGE)
    field = get_definition(by=request.actor, field_id=field_id)
    return _show(request, field, FieldForm(initial=beginning(field), object=field.object, kind=field.type, is_new=False))


def update(request: Request, field_id: UUID) -> HttpResponse:
    require(request.actor, MANAGE)
    field = get_definition(by=request.actor, field_id=field_id)
    form = FieldForm(request.POST, object=field.object, kind=field.type, is_new=False)
    if form.is_valid():
        version = request.POST.get("version", "")
        try:
            revise_field(
                by=request.actor,
                field_id=field_id,
                words=form.words(),
                version=int(version) if version.isdecimal() else None,
                at=now(),
            )
        except Refusal as refusal:
            _explain(form, refusal)
        else:
            toast(request, _("Saved."), undo=True)
            return redirect(request, "platform:fields", field.object)
    return _show(request, field, form, status=422)


def destroy(request: Request, field_id: UUID) -> HttpResponse:
    """Into the trash, or with `forever` out of it with every value."""
    if "forever" in request.POST:
        fact = purge_field(by=request.actor, field_id=field_id, at=now())
        toast(request, _("%(name)s and all its values are gone.") % {"name": fact.title})
    else:
        fact = trash_field(by=request.actor, field_id=field_id, at=now())
        toast(
            request,
            _("%(name)s is in the trash. Its values stay until it is removed for good.") % {"name": fact.title},
            undo=True,
        )
    return redirect(request, "platform:fields", fact.object)


def restore(request: Request, field_id: UUID) -> HttpResponse:
    fact = restore_field(by=request.actor, field_id=field_id, at=now())
    toast(request, _("%(name)s is back.") % {"name": fact.title})
    return redirect(request, "platform:fields", fact.object)


def retire(request: Request, field_id: UUID) -> HttpResponse:
    """Offer a choice no more; what has it keeps it, or gets another one by a job."""
    choice, instead = request.POST.get("choice", ""), request.POST.get("instead", "")
    try:
        with transaction.atomic():
            run = retire_choice(by=request.actor, field_id=field_id, choice=choice, instead=instead, at=now())
            if run is not None:
                run_queued_bulk.defer(run_id=str(run.pk), user_id=request.actor.id)
    except Invalid as refusal:
        toast(request, " ".join(refusal.errors.values()), tone="warning")
        return redirect(request, "platform:field", field_id)
    toast(request, _("The choice is retired."))
    return redirect(request, "listing:bulk_run", run.pk) if run else redirect(request, "platform:field", field_id)


def _explain(form: FieldForm, refusal: Refusal) -> None:
    if isinstance(refusal, Forbidden | NotFound):
        raise refusal
    for name, reason in (refusal.errors if isinstance(refusal, Invalid) and refusal.errors else {"": str(refusal)}).items():
        form.add_error(name if name in form.fields else None, reason)


def _line(field: CustomField) -> dict[str, Any]:
    return {"field": field, "icon": ICONS[field.type], "type": field.get_type_display()}


def _new(request: Request, object: str, form: FieldForm, *, status: int = 200) -> HttpResponse:
    what = customizable_named(object)
    type_ = CustomField.Type(form.kind).label
    return page(request, "platform/custom_field_new.html", status=status, what=what, form=form, type=type_)


def _show(request: Request, field: CustomField, form: FieldForm, *, status: int = 200) -> HttpResponse:
    what = customizable_named(field.object)
    used = usage(by=request.actor, field_id=field.pk)
    choices = Custom(field.pk, field.object, field.key, field.type, "", options=field.options).choices
    return page(
        request, "platform/custom_field.html", status=status, form=form, what=what, used=used, choices=choices, **_line(field)
    )
