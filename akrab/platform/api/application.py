"""The API as one object: rooms add their routers, and it writes the OpenAPI document."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from akrab.platform.api.bodies import BodyParser
from akrab.platform.api.keys import BearerKey
from akrab.platform.api.problems import answer_to
from akrab.platform.idempotency import once

VERSION = "1.0"


class Api(NinjaAPI):
    """Ninja with our keys, our errors and our idempotency."""

    def __init__(self) -> None:
        super().__init__(
            title="Akrab", version=VERSION, description=DESCRIPTION, urls_namespace="api", docs_url=None,
            openapi_url=None, auth=BearerKey(), parser=BodyParser(),
        )
        self.add_decorator(once)

    def set_default_exception_handlers(self) -> None:
        self.add_exception_handler(Exception, _answer)


def _answer(request: HttpRequest, trouble: Exception | type[Exception]) -> HttpResponse:
    return answer_to(request, trouble if isinstance(trouble, Exception) else trouble())


DESCRIPTION = ""
