"""Idempotency keys: the first answer to a POST is kept with its effect, and a repeat gets the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from akrab.platform.bulk import fetch
from akrab.platform.ids import new_id
from akrab.platform.operation import noting_verbs, require
from akrab.platform.refusal import Refusal
from akrab.platform.sealing import seal, unseal

KEPT_HEADERS = ("ETag", "Location")
LOCK_TIMEOUT = "10s"
_SEALED = b"sealed:"

_CLAIM = (
    "INSERT INTO platform_idempotencykey (id, owner, key, request_hash, content_type, headers, verbs, created_at) "
    "SELECT %s, %s, %s, %s, '', '{}'::jsonb, '[]'::jsonb, now() "
    f"FROM (SELECT set_config('lock_timeout', '{LOCK_TIMEOUT}', true)) AS patience "
    "ON CONFLICT (owner, key) DO NOTHING RETURNING id"
)
_FIRST = (
    "SELECT request_hash, status, content_type, headers::text, body, verbs::text FROM platform_idempotencykey "
    "WHERE owner = %s AND key = %s"
)
_KEEP = (
    "UPDATE platform_idempotencykey SET status = %s, content_type = %s, headers = %s::jsonb, body = %s, verbs = %s::jsonb "
    "WHERE id = %s"
)


class KeyReused(Refusal):
    code = "idempotency_key_reused"
    status = 409
    message = _("This Idempotency-Key was used for another request; take a new one for each request.")


class KeyInvalid(Refusal):
    code = "idempotency_key_invalid"
    status = 400
    message = _("An Idempotency-Key has 1 to 200 visible characters.")


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Ninja's decorator around every operation: a POST with an `Idempotency-Key` happens once per person and key.

    The key is written in the transaction of the effect, so one cannot exist without the other. A repeat that comes
    while the first still runs waits for it. A request that was refused leaves nothing behind; its key stays free. What
    the first one needed to be allowed is asked again before its answer is given to a repeat.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        if key is None:
            return view(request, *args, **kwargs)
        if not 1 <= len(key) <= 200 or not key.isprintable():
            raise KeyInvalid
        with transaction.atomic():
            return _first_or_kept(request, key, lambda: view(request, *args, **kwargs))

    return answered


def _first_or_kept(request: Any, key: str, run: Callable[[], HttpResponse]) -> HttpResponse:
    owner, digest, claim = str(request.person), _hash(request), new_id()
    if not fetch(_CLAIM, [claim, owner, key, digest]):
        return _kept(request, owner, key, digest)
    with noting_verbs(request.actor) as verbs:
        response = run()
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    fetch(
        _KEEP,
        [
            response.status_code,
            response.headers["Content-Type"],
            json.dumps(headers),
            _SEALED + seal(response.content.decode()).encode() if getattr(response, "is_secret", False) else response.content,
            json.dumps(sorted(verbs)),
            claim,
        ],
    )
    return response


def _kept(request: Any, owner: str, key: str, digest: str) -> HttpResponse:
    request_hash, status, content_type, headers, body, verbs = fetch(_FIRST, [owner, key])[0]
    if request_hash != digest:
        raise KeyReused
    for verb in json.loads(verbs):
        require(request.actor, verb)
    body = bytes(body)
    if body.startswith(_SEALED):
        body = unseal(body.removeprefix(_SEALED).decode()).encode()
    return HttpResponse(
        body,
        status=status,
        content_type=content_type,
        headers={**json.loads(headers), "Idempotency-Replayed": "true"},
    )


def _hash(request: HttpRequest) -> str:
    whole = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    whole.update(request.body)
    return whole.hexdigest()
