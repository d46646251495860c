"""Pages: one resource per URL, whole page or fragment, rendering with the database closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Protocol, cast

from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template import RequestContext, Template
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from akrab.platform.actor import Actor
from akrab.platform.journal.entries import latest
from akrab.platform.models import User
from akrab.platform.viewing import Viewed


class Request(HttpRequest):
    """A request after our middleware: it knows its actor, its person and how htmx asked."""

    actor: Actor
    user: User
    htmx: HtmxDetails
    reference: str
    news: dict[str, Any]
    viewed: Viewed | None


class View(Protocol):
    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse: ...


class QueryWhileRendering(RuntimeError):
    """A template asked the database; the query must finish in the view."""


def resource(
    *,
    get: View | None = None,
    post: View | None = None,
    put: View | None = None,
    patch: View | None = None,
    delete: View | None = None,
    public: bool = False,
) -> View:
    """One URL, one noun: the method says what to do with it. `public` lets people in who have not signed in.

    A plain form reaches put, patch and delete by posting `_method`.
    """
    verbs = {"GET": get, "HEAD": get, "POST": post, "PUT": put, "PATCH": patch, "DELETE": delete}
    allowed = [name for name, view in verbs.items() if view]

    def dispatch(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        method = request.method or "GET"
        if method == "POST":
            method = request.POST.get("_method", "POST").upper()
        elif method in {"PUT", "PATCH", "DELETE"}:
            _read_form(request, method)
        view = verbs.get(method)
        return view(request, *args, **kwargs) if view else HttpResponseNotAllowed(allowed)

    dispatch.public = public  # type: ignore[attr-defined]
    return dispatch


def _read_form(request: Request, method: str) -> None:
    """Django reads a form only from POST; the same body under PUT, PATCH and DELETE is read the same way."""
    request.method = "POST"
    request.POST  # noqa: B018
    request.method = method


def is_partial(request: Request) -> bool:
    """Whether htmx asked for a part of the page, not for the page."""
    return bool(request.htmx) and request.headers.get("HX-Request-Type", "partial") != "full"


def page(request: Request, template: str, *, part: str = "", status: int = 200, **context: Any) -> HttpResponse:
    """A whole page; to htmx its content without the frame, or only the component named `part`."""
    partial = is_partial(request)
    if partial and part and not request.htmx.history_restore_request:
        response = fragment(request, part, status=status, **context)
    else:
        context["layout"] = _layout(request, partial)
        with database_closed():
            body = get_template(template).render(context, request)
        response = HttpResponse(body, status=status)
    patch_vary_headers(response, ["HX-Request"])
    if partial:
        response["Cache-Control"] = "no-store"
    return response


def _layout(request: Request, partial: bool) -> str:
    if partial:
        return "platform/part.html"
    return "platform/layout.html" if request.actor.id else "platform/plain.html"


def fragment(request: Request, component: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """One component, for htmx to swap: fragment(request, "customers.list", customers=...)."""
    response = HttpResponse(render_component(request, component, context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    response["Cache-Control"] = "no-store"
    return response


def answer(request: Request, component: str, *, to: Any, **context: Any) -> HttpResponse:
    """After a change: the component to htmx, a redirect to `to` (URL name, path or object) for a plain form."""
    if request.htmx:
        return fragment(request, component, **context)
    return redirect(request, to)


def redirect(request: Request, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Go to another page after a change, with htmx and without."""
    address = resolve_url(to, *args, **kwargs)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return SeeOther(address)


class SeeOther(HttpResponseRedirect):
    status_code = 303


def toast(request: Request, message: Any, tone: str = "success", *, undo: bool = False, again: bool = False) -> None:
    """Say something short after a change; tones are info, success, warning and danger.

    With `undo`, the operation that just ran can be taken back from the toast; with `again` too, that operation was
    an undo, and taking it back does the thing again.
    """
    entry = latest() if undo else None
    address = resolve_url("platform:change_undo", entry) if entry else ""
    if request.htmx:
        request.news["akrab:toast"] = {"message": str(message), "tone": tone} | (
            {"undo": address, "again": again} if address else {}
        )
    else:
        messages.info(request, str(message), extra_tags=f"{tone} {address}{' again' if address and again else ''}".strip())


def announce_news(request: Request, response: HttpResponse, facts: set[str]) -> None:
    """Name the facts just recorded, and toasts, in the answer's HX-Trigger."""
    news = {name: {} for name in sorted(facts)} | request.news
    if not request.htmx or not news:
        return
    carries_detail = any(news.values())
    response["HX-Trigger"] = json.dumps(news) if carries_detail else ", ".join(news)


def render_component(request: HttpRequest, component: str, context: dict[str, Any]) -> str:
    """The HTML of one component with these inputs."""
    with database_closed():
        return _shell_of(component).render(RequestContext(request, {"inputs": context}))


@cache
def _shell_of(component: str) -> Template:
    return Template(f'{{% cotton {component} :attrs="inputs" / %}}')


@contextmanager
def database_closed() -> Iterator[None]:
    """While a template renders, a query is an error in development and tests."""
    if not settings.STRICT:
        yield
        return
    with connection.execute_wrapper(_refuse_query):
        yield


def _refuse_query(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    raise QueryWhileRendering(f"A template ran: {str(sql)[:300]}")


def plain(request: HttpRequest) -> Request:
    """The same request with our type, where Django's own signatures meet ours."""
    return cast(Request, request)
