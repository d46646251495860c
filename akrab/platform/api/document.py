"""The OpenAPI document: what ninja knows of the operations, and what holds for all of them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from akrab.platform.api.bodies import BATCH_MOST

Shape = dict[str, Any]

PROBLEM: Shape = {
    "type": "object",
    "title": "Problem",
    "description": "Why a request was refused (RFC 9457); programs go by `code`, people read `detail`.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; never translated."},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "reference": {"type": "string", "description": "Of a failure, for whoever looks into it."},
    },
}
BATCHED: dict[str, Shape] = {}
PARAMETERS: dict[str, str] = {
    "limit": "Most items in one answer.",
    "cursor": "The `next` of the answer before; empty for the first page.",
    "fields": "Names of the fields to answer, separated by commas; empty for all.",
    "q": "Words; each must occur.",
    "sort": "The order; the API says which there are when asked for another.",
    "kind": "Only this kind.",
    "set": "A parameter of the report as name=value; repeat for more.",
    "open_branches": "Open the branches that are named for the first time, in the home zone.",
}
REFUSALS: dict[int, str] = {
    400: "Not JSON, or a header that cannot be read.",
    401: "No key, or one that does not work (unauthenticated, key_unknown, key_expired, key_revoked).",
    403: "The role or the scopes of the key do not allow this (forbidden).",
    404: "Not there, or not visible (not_found).",
    409: "The business says no; `code` says why.",
    412: "Somebody changed it in the meantime (stale_version).",
    413: "The body is too large (too_large, too_many_items).",
    415: "The body is in another format (unsupported_media_type).",
    422: "Some values cannot be taken (invalid); `errors` names the fields.",
    429: "The key has used up its requests of the minute (too_many_requests); see Retry-After.",
    500: "Akrab failed (failed); nothing of the request was kept.",
    503: "Akrab is busy (busy); nothing was changed, try again.",
}
ALWAYS = (400, 401, 403, 404, 409, 422, 429, 500, 503)
WITH_BODY = (413, 415)
IDEMPOTENCY_KEY: Shape = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": ("Any text of your own; the same key with the same request gives the first answer again and changes nothing."),
}
IF_MATCH: Shape = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string", "pattern": '^((W/)?"[0-9]{1,9}"|\\*)$'},
    "description": "The ETag that was read; the edit is refused (412) when it is no longer that version.",
}


def complete(document: Shape) -> Shape:
    """Add to ninja's document what every operation shares: problems, idempotency, versions."""
    document["servers"] = [{"url": "/"}]
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for name, schema in BATCHED.items():
        schemas.setdefault(name, schema)
    document["components"]["responses"] = {f"Problem{status}": _problem(words) for status, words in REFUSALS.items()}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(path, method, operation)
    return document


def _complete(path: str, method: str, operation: Shape) -> None:
    statuses = list(ALWAYS)
    parameters = operation.setdefault("parameters", [])
    for one in parameters:
        if one["name"] in PARAMETERS:
            one.setdefault("description", PARAMETERS[one["name"]])
    if method in {"post", "put", "patch", "delete"}:
        statuses += WITH_BODY
    if method == "post":
        parameters.append(IDEMPOTENCY_KEY)
    if method == "patch":
        statuses.append(412)
        parameters.append(IF_MATCH)
    for status in sorted(statuses):
        operation["responses"].setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})


def _problem(words: str) -> Shape:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}


def batch_of(item: str | type[BaseModel]) -> Shape:
    """What ninja is told of a batch body: a list of a component, as JSON or one JSON per line.

    A component that no other operation names is given as its model.
    """
    if not isinstance(item, str):
        schema = item.model_json_schema(ref_template="#/components/schemas/{model}")
        BATCHED.update({**schema.pop("$defs", {}), item.__name__: schema})
        item = item.__name__
    items = {"type": "array", "maxItems": BATCH_MOST, "items": {"$ref": f"#/components/schemas/{item}"}}
    whole = {"type": "object", "required": ["items"], "additionalProperties": False, "properties": {"items": items}}
    lines = {"type": "string", "description": "One JSON object per line."}
    content = {"application/json": {"schema": whole}, "application/x-ndjson": {"schema": lines}}
    return {"requestBody": {"required": True, "content": content}}
