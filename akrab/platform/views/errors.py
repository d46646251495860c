"""Error pages: what happened, what was kept, what to do, and a reference for whoever helps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from akrab.platform.actor import ANONYMOUS
from akrab.platform.refusal import Refusal
from akrab.platform.web import Request, is_partial, page, plain

NOTHING_CHANGED = {"HX-Reswap": "none"}


def refused(request: Request, refusal: Refusal) -> HttpResponse:
    """The answer to a refusal: a toast when a part of the page asked, else a page."""
    titles = {403: _("You may not do this"), 404: _("Not found"), 422: _("This cannot be taken")}
    title = titles.get(refusal.status, _("This cannot be done"))
    return problem(request, refusal.status, title=title, message=str(refusal))


def problem(request: Request, status: int, *, title: str, message: str, advice: str = "") -> HttpResponse:
    """One error page or toast; errors of the server also carry the reference."""
    if _wants_toast(request):
        words = message if status < 500 else f"{message} ({request.reference})"
        request.news["akrab:toast"] = {"message": words, "tone": "warning" if status < 500 else "danger"}
        return HttpResponse(status=status, headers=NOTHING_CHANGED)
    return page(
        request,
        "platform/problem.html",
        status=status,
        code=status,
        title=title,
        message=message,
        advice=advice,
        reference=request.reference if status >= 500 else "",
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(
        _ready(request),
        400,
        title=_("The request was not understood"),
        message=_("The address or the form sent something Akrab cannot read. Nothing was changed."),
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(
        _ready(request),
        403,
        title=_("You may not do this"),
        message=_("Your role does not allow this. An administrator can grant it. Nothing was changed."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(
        _ready(request),
        404,
        title=_("Not found"),
        message=_("There is nothing at this address, or it is not visible to you."),
        advice=_("It may have been moved or removed. Search with Ctrl+K, or go back."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return problem(
        _ready(request),
        500,
        title=_("Something went wrong in Akrab"),
        message=_("Akrab failed to answer. Nothing of this step was saved; everything before it is kept."),
        advice=_("Try again. If it happens again, give the reference to your administrator."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(
        _ready(request),
        403,
        title=_("This form has expired"),
        message=_("The form was open for too long, or cookies are blocked. Nothing was changed."),
        advice=_("Go back, reload the page and send it again."),
    )


def _wants_toast(request: Request) -> bool:
    return bool(request.htmx) and is_partial(request)


def _ready(request: HttpRequest) -> Request:
    """Errors may come before our middleware has prepared the request."""
    missing: dict[str, Any] = {"reference": "", "news": {}, "htmx": False, "actor": ANONYMOUS}
    for name, value in missing.items():
        if not hasattr(request, name):
            setattr(request, name, value)
    return plain(request)
