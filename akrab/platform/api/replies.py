"""Answers of the API: JSON written once, versions as ETag, and only the fields that were asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from pydantic_core import to_json

from akrab.platform.money import exponent
from akrab.platform.refusal import Invalid, Refusal

JSON = "application/json"
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')
NDJSON = "application/x-ndjson"


class Reply(HttpResponse):
    """An answer with work to do after it has gone out."""

    afterwards: Callable[[], None] | None = None
    is_secret = False  # whether it shows a secret, so that an answer kept for repeats is sealed

    def close(self) -> None:
        if self.afterwards is not None:
            self.afterwards()
        super().close()


class BadIfMatch(Refusal):
    code = "if_match_invalid"
    status = 400
    message = _('If-Match takes the ETag of a record, for example "3".')


def reply(data: Any, *, status: int = 200, version: int | None = None, location: str = "", content: bytes | None = None) -> Reply:
    """A JSON answer; `version` becomes the ETag, `location` the address of what was created."""
    response = Reply(to_json(data) if content is None else content, status=status, content_type=JSON)
    if version is not None:
        response.headers["ETag"] = f'"{version}"'
    if location:
        response.headers["Location"] = location
    return response


def wanted_version(request: HttpRequest) -> int | None:
    """The version in If-Match; None when the edit may meet any version."""
    said = request.headers.get("If-Match")
    if said is None or said.strip() == "*":
        return None
    found = _ETAG.fullmatch(said.strip())
    if found is None:
        raise BadIfMatch
    return int(found[1])


def chosen(fields: str, known: Sequence[str] | frozenset[str]) -> frozenset[str] | None:
    """The names in `?fields=`; None means all."""
    if not fields:
        return None
    names = frozenset(name.strip() for name in fields.split(",") if name.strip())
    strangers = sorted(names - frozenset(known))
    if strangers:
        raise Invalid({"fields": str(_("Unknown: %(names)s.") % {"names": ", ".join(strangers)})})
    return names


def only(item: Mapping[str, Any], names: frozenset[str] | None) -> Mapping[str, Any]:
    return item if names is None else {name: value for name, value in item.items() if name in names}


def amount(minor: int, currency: str) -> str:
    """Money as a decimal text, with all decimals of its currency: amount(3600000, "IDR") == "36000.00"."""
    places = exponent(currency) if currency else 0
    if not places:
        return str(minor)
    digits = str(abs(minor)).rjust(places + 1, "0")
    return f"{'-' if minor < 0 else ''}{digits[:-places]}.{digits[-places:]}"
