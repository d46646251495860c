"""Programs for tests: an outside program with a key, talking JSON to the API."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils.timezone import now

from akrab.platform.actor import command_actor
from akrab.platform.models import Token, User
from akrab.platform.operations.tokens import create_token

_numbers = itertools.count(1)
PREFIX = "/api/v1"


class Program(Client):
    """Sends JSON with its key to paths below /api/v1; `sends` and `reads` answer with the parsed body."""

    def __init__(self, secret: str = "", token_id: UUID | None = None) -> None:
        super().__init__(headers={"Authorization": f"Bearer {secret}"} if secret else {}, raise_request_exception=False)
        self.token_id = token_id

    def ask(self, method: str, path: str, body: Any = None, content_type: str = "application/json", **headers: str) -> Any:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.generic(method, PREFIX + path, data, content_type, headers=named)

    def reads(self, path: str) -> Any:
        response = self.ask("GET", path)
        assert response.status_code == 200, response.content
        return response.json()

    def sends(self, path: str, body: Any, **headers: str) -> Any:
        response = self.ask("POST", path, body, **headers)
        assert response.status_code in {200, 201}, response.content
        return response.json()


def make_program(
    role: str = "administrator", scopes: Sequence[str] = (), expires_at: datetime | None = None, is_active: bool = True
) -> Program:
    user = User.objects.create(email=f"{role}{next(_numbers)}@example.test", name=role.title(), role=role)
    secret, fact = create_token(by=command_actor(), user_id=user.pk, at=now(), name="till", scopes=scopes)
    if expires_at is not None:
        Token.objects.filter(pk=fact.token_id).update(expires_at=expires_at)
    if not is_active:
        User.objects.filter(pk=user.pk).update(is_active=False)
    return Program(secret, fact.token_id)


def problem_of(response: Any) -> tuple[int, str]:
    """Status and code of a refused request; checks that it has the shape of a problem."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    body = response.json()
    assert body["status"] == response.status_code
    assert body["title"]
    return response.status_code, body["code"]
