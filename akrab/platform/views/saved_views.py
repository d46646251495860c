"""Saved views of lists: keep what the address shows, rename and share it, pin it, put it away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.forms import ViewForm
from akrab.platform.listing.declaring import ListKind, list_named
from akrab.platform.operations.saved_views import ViewNameTaken, change_view, mark_view, retire_view, save_view
from akrab.platform.queries.saved_views import View, get_view, teams_of
from akrab.platform.web import Request, page, redirect, toast


def new(request: Request) -> HttpResponse:
    """The state of a list is to become a view."""
    kind = list_named(request.GET.get("list", ""))
    query = kind.canonical(request.GET.get("query", ""))
    form = _form(request, initial={"is_pinned": True})
    return page(request, "platform/view_new.html", form=form, kind=kind, query=query)


def create(request: Request) -> HttpResponse:
    kind = list_named(request.POST.get("list", ""))
    query = kind.canonical(request.POST.get("query", ""))
    form = _form(request, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            done = save_view(
                by=request.actor,
                object=kind.name,
                name=given["name"],
                query=query,
                at=now(),
                scope=given.get("scope") or "private",
                team_id=UUID(given["team"]) if given.get("team") else None,
                is_locked=bool(given.get("is_locked")),
            )
        except ViewNameTaken as taken:
            form.add_error("name", str(taken))
        else:
            toast(request, _("The view is saved."), undo=True)
            view = mark_view(by=request.actor, view_id=done.view_id, is_pinned=given["is_pinned"], is_default=given["is_default"])
            return redirect(request, address_of(view))
    return page(request, "platform/view_new.html", status=422, form=form, kind=kind, query=query)


def show(request: Request, view_id: UUID) -> HttpResponse:
    view = get_view(by=request.actor, view_id=view_id)
    return _page(request, view, _form(request, initial=_initial(view)))


def update(request: Request, view_id: UUID) -> HttpResponse:
    """Save what the list shows now into the view, or change its name and circle."""
    view = get_view(by=request.actor, view_id=view_id)
    if "query" in request.POST:
        changed = change_view(by=request.actor, view_id=view_id, changes={"query": request.POST["query"]}, at=now())
        toast(request, _("The view is saved."), undo=changed is not None)
        return redirect(request, address_of(get_view(by=request.actor, view_id=view_id)))
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, view, form, status=422)
    given = form.cleaned_data
    changes: dict[str, Any] = {name: given[name] for name in ("name", "scope", "is_locked") if name in given}
    try:
        if view.may_change:
            team_id = UUID(given["team"]) if given.get("team") else None
            change_view(by=request.actor, view_id=view_id, changes=changes, at=now(), team_id=team_id)
    except ViewNameTaken as taken:
        form.add_error("name", str(taken))
        return _page(request, view, form, status=422)
    marked = mark_view(by=request.actor, view_id=view_id, is_pinned=given["is_pinned"], is_default=given["is_default"])
    toast(request, _("Saved."))
    return redirect(request, address_of(marked))


def destroy(request: Request, view_id: UUID) -> HttpResponse:
    view = get_view(by=request.actor, view_id=view_id)
    retire_view(by=request.actor, view_id=view_id, at=now())
    toast(request, _("The view is put away."), undo=True)
    return redirect(request, list_named(view.object).url)


def mark(request: Request, view_id: UUID) -> HttpResponse:
    """Pin or unpin a view, or begin the list with it."""
    given = {name: request.POST[name] == "yes" for name in ("is_pinned", "is_default") if name in request.POST}
    view = mark_view(by=request.actor, view_id=view_id, **given)
    return redirect(request, address_of(view))


def address_of(view: View) -> str:
    """The whole state of the list is in the address; `view` says whose state it began with."""
    return f"{reverse(list_named(view.object).url)}?view={view.id}" + (f"&{view.query}" if view.query else "")


def _form(request: Request, *data: Any, **more: Any) -> ViewForm:
    may_share = request.actor.may("platform.share_views")
    return ViewForm(*data, teams=teams_of(by=request.actor) if may_share else [], may_share=may_share, **more)


def _initial(view: View) -> dict[str, Any]:
    names = ("name", "scope", "is_locked", "is_pinned", "is_default")
    return {**{name: getattr(view, name) for name in names}, "team": str(view.team_id or "")}


def _page(request: Request, view: View, form: ViewForm, *, status: int = 200) -> HttpResponse:
    kind: ListKind = list_named(view.object)
    if not view.may_change:
        for name in ("name", "scope", "team", "is_locked"):
            if name in form.fields:
                form.fields[name].disabled = True
    return page(request, "platform/view.html", status=status, view=view, form=form, kind=kind, address=address_of(view))
