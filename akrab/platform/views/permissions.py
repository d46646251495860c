"""Permissions: rules in plain words, what a new one would touch, and the reason behind every yes and no."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.operation import require
from akrab.platform.operations.rules import retire_rule, write_field_rule, write_record_rule
from akrab.platform.policy_forms import FieldRuleForm, RecordRuleForm
from akrab.platform.queries.organization import active_people
from akrab.platform.queries.people import get_user
from akrab.platform.queries.rules import Preview, all_rules, rehearse
from akrab.platform.refusal import Invalid, Refusal
from akrab.platform.rights.explaining import Explanation, explain
from akrab.platform.rights.registry import protected
from akrab.platform.views.teams import team_choices
from akrab.platform.web import Request, page, redirect, toast

KINDS: dict[str, tuple[type[Any], Any]] = {
    "record": (RecordRuleForm, write_record_rule),
    "field": (FieldRuleForm, write_field_rule),
}


def index(request: Request) -> HttpResponse:
    return page(request, "platform/permissions.html", objects=all_rules(by=request.actor))


def new(request: Request, object: str, kind: str) -> HttpResponse:
    require(request.actor, "platform.manage_rules")
    return _form(request, object, kind, None)


def create(request: Request, object: str, kind: str) -> HttpResponse:
    """Say what the rule would touch; it is kept when these very words come back confirmed."""
    require(request.actor, "platform.manage_rules")
    made, write = KINDS.get(kind, KINDS["record"])
    form = made(request.POST, what=protected(object), **team_choices(request.actor))
    if not form.is_valid():
        return _form(request, object, kind, form)
    act = partial(write, by=request.actor, words=form.words(), at=now())
    try:
        if request.POST.get("confirmed") != form.mark():
            level = form.cleaned_data.get("level", "read")
            preview = rehearse(by=request.actor, object=object, level=level, change=act, field=form.cleaned_data.get("field", ""))
            return _form(request, object, kind, form, preview=preview)
        act()
    except Invalid as refusal:
        for name, reason in refusal.errors.items():
            form.add_error(name if name in form.fields else None, reason)
        return _form(request, object, kind, form)
    toast(request, _("The rule speaks from now on."), undo=True)
    return redirect(request, "platform:permissions")


def destroy(request: Request, rule_id: UUID) -> HttpResponse:
    retire_rule(by=request.actor, rule_id=rule_id, at=now())
    toast(request, _("The rule is retired."), undo=True)
    return redirect(request, "platform:permissions")


def inspect(request: Request) -> HttpResponse:
    """The inspector: a person, an object and a record give the reasons."""
    people = active_people(by=request.actor)
    require(request.actor, "platform.manage_rules")
    found: Explanation | None = None
    problem = ""
    given = {name: request.GET.get(name, "") for name in ("person", "object", "record")}
    if given["record"]:
        try:
            user = get_user(by=request.actor, user_id=UUID(given["person"]))
            found = explain(by=request.actor, email=user.email, object=given["object"], record_id=UUID(given["record"].strip()))
        except (Refusal, ValueError) as refusal:
            problem = str(refusal) if isinstance(refusal, Refusal) else _("This is not an id.")
    objects = [(one.name, one.title) for one in all_rules(by=request.actor)]
    return page(
        request,
        "platform/inspector.html",
        people=[(str(one), name) for one, name in people],
        objects=objects,
        given=given,
        found=found,
        problem=problem,
    )


def _form(request: Request, name: str, kind: str, form: Any, *, preview: Preview | None = None) -> HttpResponse:
    what = protected(name)
    made, _write = KINDS.get(kind, KINDS["record"])
    status = 200 if form is None or preview is not None else 422
    shown = form or made(what=what, **team_choices(request.actor))
    return page(request, "platform/rule_new.html", status=status, form=shown, what=what, kind=kind, preview=preview)
