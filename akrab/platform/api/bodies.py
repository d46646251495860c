"""Reading bodies: JSON with exact decimals, batches as JSON or one JSON per line, and no NUL characters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn, TypeVar, cast

from django.http import HttpRequest
from ninja.parser import Parser
from pydantic import BaseModel, TypeAdapter, ValidationError

from akrab.platform.api.problems import MalformedJson, NulCharacter, TooManyItems, UnsupportedMediaType, field_path
from akrab.platform.refusal import Invalid

BATCH_MOST = 1000
NDJSON_TYPES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/jsonlines"})
M = TypeVar("M", bound=BaseModel)


class BodyParser(Parser):
    """Ninja's way in: the body of a request as plain values."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        _want(request, {"application/json"})
        return cast(dict[str, Any], load(request.body))


def load(body: bytes | str) -> Any:
    """The value of a JSON text; numbers with a fraction stay exact."""
    try:
        value = json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as trouble:
        raise MalformedJson(reason=str(trouble) or "too deep") from trouble
    quick = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    if (b"\\u" in quick or b"\0" in quick) and _unkeepable(value):
        raise NulCharacter
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _unkeepable(value: Any) -> bool:
    """NUL characters and lone surrogates: valid JSON that no database keeps."""
    if isinstance(value, str):
        return "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, Mapping):
        return any(_unkeepable(key) or _unkeepable(inside) for key, inside in value.items())
    return isinstance(value, Sequence) and any(map(_unkeepable, value))


def batch(request: HttpRequest, adapter: TypeAdapter[M]) -> list[M | Invalid]:
    """The items of a batch, in order; one that cannot be read is an `Invalid` in its place and spoils nothing else."""
    kind = _want(request, {"application/json", *NDJSON_TYPES})
    found = _lines(request.body) if kind in NDJSON_TYPES else _listed(load(request.body))
    if len(found) > BATCH_MOST:
        raise TooManyItems(most=BATCH_MOST)
    return [_item(one, adapter) for one in found]


def _lines(body: bytes) -> list[Any]:
    found: list[Any] = []
    for line in body.splitlines():
        if line.strip():
            try:
                found.append(load(line))
            except (MalformedJson, NulCharacter) as trouble:
                found.append(Invalid({"": str(trouble)}))
    return found


def _listed(value: Any) -> list[Any]:
    items = value.get("items") if isinstance(value, dict) else value
    if not isinstance(items, list):
        raise Invalid({"items": "A batch is a list, or an object with a list of items."})
    return items


def _item(value: Any, adapter: TypeAdapter[M]) -> M | Invalid:
    if isinstance(value, Invalid):
        return value
    try:
        return adapter.validate_python(value)
    except ValidationError as trouble:
        return Invalid(field_errors(trouble))


def field_errors(trouble: ValidationError) -> dict[str, str]:
    """Each field's path and what is wrong with it."""
    return {
        field_path(one["loc"]): one["msg"].removeprefix("Value error, ")
        for one in trouble.errors(include_url=False, include_input=False, include_context=False)
    }


def _want(request: HttpRequest, kinds: set[str]) -> str:
    kind = request.content_type or "application/json"
    if kind not in kinds:
        raise UnsupportedMediaType(wanted=" / ".join(sorted(kinds)), given=kind)
    return kind
