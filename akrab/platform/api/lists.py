"""Lists over the API: `limit`, a signed `cursor`, and an answer of `items` with the cursor of what follows."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from django.core import signing
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from akrab.platform.refusal import Refusal

Limit = Annotated[int, Field(ge=1, le=500)]
Cursor = Annotated[str, Field(max_length=2000)]
Fields = Annotated[str, Field(max_length=1000)]


class CursorInvalid(Refusal):
    code = "cursor_invalid"
    status = 422
    message = _("This cursor was not given by this list in this order; begin again without one.")


def write_cursor(name: str, place: Iterable[Any]) -> str:
    """The address of a place in a list; `name` says which list and order, so that it fits no other."""
    body = base64.urlsafe_b64encode(json.dumps(list(place), separators=(",", ":")).encode()).decode().rstrip("=")
    return _signer(name).sign(body)


def read_cursor(name: str, cursor: str) -> list[Any]:
    if not cursor:
        return []
    try:
        body = _signer(name).unsign(cursor)
        return list(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
    except (signing.BadSignature, binascii.Error, ValueError, TypeError) as trouble:
        raise CursorInvalid from trouble


def listed(items: list[Any], name: str, place: Iterable[Any] | None) -> Mapping[str, Any]:
    return {"items": items, "next": None if place is None else write_cursor(name, place)}


def _signer(name: str) -> signing.Signer:
    return signing.Signer(sep=".", salt=f"api.list.{name}")
