"""Everything that can go wrong over HTTP becomes one shape: `application/problem+json` with a stable `code`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from ninja.errors import HttpError, ValidationError
from pydantic_core import to_json

from akrab.platform.ids import new_id
from akrab.platform.refusal import Invalid, NotFound, Refusal

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger(__name__)


class Unauthenticated(Refusal):
    code = "unauthenticated"
    status = 401
    message = _("Send an API key: Authorization: Bearer akrab_…")


class MalformedJson(Refusal):
    code = "malformed_json"
    status = 400
    message = _("The body is not JSON: %(reason)s.")


class NulCharacter(Refusal):
    code = "nul_character"
    status = 422
    message = _("A text contains a NUL character, which cannot be kept.")


class UnsupportedMediaType(Refusal):
    code = "unsupported_media_type"
    status = 415
    message = _("Send the body as %(wanted)s, not as %(given)s.")


class TooLarge(Refusal):
    code = "too_large"
    status = 413
    message = _("The body is larger than this server takes in one request; send it in parts.")


class TooManyItems(Refusal):
    code = "too_many_items"
    status = 413
    message = _("A batch takes at most %(most)s items; send the rest in another one.")


class TooManyRequests(Refusal):
    code = "too_many_requests"
    status = 429
    message = _("This key has used up its requests of the minute.")


class Busy(Refusal):
    code = "busy"
    status = 503
    message = _("Akrab is busy with the same record or cannot reach its database; nothing was changed. Try again.")


def problem(
    status: int,
    code: str,
    detail: str = "",
    *,
    errors: Iterable[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    """One answer of this shape (RFC 9457)."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    listed = list(errors)
    if listed:
        body["errors"] = listed
    return HttpResponse(to_json(body | more), status=status, content_type=MEDIA_TYPE, headers=headers)


def answer_to(request: HttpRequest, trouble: Exception) -> HttpResponse:
    """The problem answer of any exception; what nobody foresaw is logged and gets a reference."""
    with translation.override(_language(request)):
        return _answer(request, trouble)


def _answer(request: HttpRequest, trouble: Exception) -> HttpResponse:
    if isinstance(trouble, HttpError) and isinstance(trouble.__cause__, Exception):
        trouble = trouble.__cause__
    if isinstance(trouble, Refusal):
        return _refused(trouble)
    if isinstance(trouble, ValidationError):
        return problem(422, Invalid.code, str(Invalid.message), errors=[_field_error(one) for one in trouble.errors])
    if isinstance(trouble, Http404):
        return problem(404, NotFound.code, str(NotFound.message))
    if isinstance(trouble, RequestDataTooBig):
        return _refused(TooLarge())
    if isinstance(trouble, SuspiciousOperation):
        return problem(400, "bad_request", str(trouble))
    if isinstance(trouble, HttpError):
        return problem(trouble.status_code, "bad_request", trouble.message)
    if isinstance(trouble, DataError):
        return problem(422, Invalid.code, str(_("A value is out of range or too long.")))
    if isinstance(trouble, OperationalError):
        log.warning("api.busy", route=_route(request), reason=str(trouble), kind=type(trouble.__cause__).__name__)
        return _refused(Busy())
    return _failed(request, trouble)


def _refused(refusal: Refusal) -> HttpResponse:
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else None
    if refusal.status in {429, 503}:
        headers = {"Retry-After": str(refusal.details.get("wait", 1))}
    errors = getattr(refusal, "errors", {})
    listed = [{"field": field, "message": str(reason)} for field, reason in errors.items()]
    more = {name: value for name, value in refusal.details.items() if name in SHARED_DETAILS}
    return problem(refusal.status, refusal.code, str(refusal), errors=listed, headers=headers, **more)


SHARED_DETAILS = frozenset({"customer_id", "receipt_id", "version"})


def _failed(request: HttpRequest, trouble: Exception) -> HttpResponse:
    reference = new_id().hex[-12:]
    log.error("api.failed", route=_route(request), method=request.method, reference=reference, exc_info=trouble)
    detail = _("Akrab failed to answer; nothing of this request was kept. Give the reference to your administrator.")
    return problem(500, "failed", str(detail), reference=reference)


def _route(request: HttpRequest) -> str:
    """The pattern of the address: what stands in its places may be personal."""
    return request.resolver_match.route if request.resolver_match else ""


def _field_error(error: Mapping[str, Any]) -> dict[str, str]:
    return {"field": field_path(error["loc"][1:]), "message": str(error["msg"]).removeprefix("Value error, ")}


def field_path(places: Iterable[str | int]) -> str:
    """lines[0].sku from ("lines", 0, "sku"); the name of ninja's own body parameter is left out."""
    path = ""
    for place in places:
        if isinstance(place, int):
            path += f"[{place}]"
        elif place != "body":
            path += f".{place}" if path else str(place)
    return path


def _language(request: HttpRequest) -> str:
    if "HTTP_ACCEPT_LANGUAGE" in request.META:
        return translation.get_language_from_request(request)
    return getattr(request, "language", None) or "en"
