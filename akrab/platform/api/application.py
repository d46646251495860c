"""The API as one object: rooms add their routers; it serves them, their OpenAPI document and its page."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI
from ninja.operation import Operation
from pydantic_core import to_json

from akrab.platform.api.bodies import BodyParser
from akrab.platform.api.document import complete
from akrab.platform.api.keys import BearerKey
from akrab.platform.api.problems import answer_to
from akrab.platform.api.reading import chapters, shapes
from akrab.platform.idempotency import once
from akrab.platform.web import page, resource

VERSION = "1.0"
PREFIX = "/api/v1/"


class Api(NinjaAPI):
    """Ninja with our keys, our errors, our idempotency, and documents that need no other host."""

    def __init__(self) -> None:
        super().__init__(
            title="Akrab",
            version=VERSION,
            description=DESCRIPTION,
            urls_namespace="api",
            docs_url=None,
            openapi_url=None,
            auth=BearerKey(),
            parser=BodyParser(),
        )
        self.add_decorator(once)

    def set_default_exception_handlers(self) -> None:
        self.add_exception_handler(Exception, _answer)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return re.sub(r"[^a-z]+", "_", str(operation.summary).lower()).strip("_")

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document; the same until the program changes."""
        return complete(self.get_openapi_schema(path_prefix=PREFIX))

    @cached_property
    def document_bytes(self) -> bytes:
        return to_json(self.document, indent=1)

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        return [
            path("openapi.json", self.show_document, name="openapi"),
            path("docs", resource(get=self.show_page, public=True), name="docs"),
            *super()._get_urls(),
        ]

    def show_document(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(self.document_bytes, content_type="application/json")

    def show_page(self, request: Any) -> HttpResponse:
        return page(
            request,
            "platform/api_docs.html",
            chapters=chapters(self.document),
            shapes=shapes(self.document),
            address=request.build_absolute_uri("/")[:-1],
            wide="" if request.actor.id else "platform/plain_wide.html",
        )


def _answer(request: HttpRequest, trouble: Exception | type[Exception]) -> HttpResponse:
    return answer_to(request, trouble if isinstance(trouble, Exception) else trouble())


DESCRIPTION = """Everything a till, a web shop or a script needs: customers, receipts, products, and what happened.

Send an API key with each request (`Authorization: Bearer akrab_…`). Money is decimal text with its currency beside it;
moments are ISO 8601; ids are UUIDs. Lists answer `items` and `next`: send `next` back as `cursor` for what follows.
Every POST takes an `Idempotency-Key`. Records carry a version as ETag; send it back as `If-Match` to edit safely.
A refusal is `application/problem+json` with a stable `code`."""
