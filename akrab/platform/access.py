"""One log line and one request id for every request; the id comes back in the `X-Request-ID` header."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

from akrab.platform.ids import new_id
from akrab.platform.metering import REQUEST_SECONDS, REQUESTS

ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

log = structlog.get_logger("akrab.access")


class AccessMiddleware:
    """Logs the route, never the path: a path can carry a sign-in token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if ACCEPTABLE.fullmatch(given) else str(new_id())
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            begun = time.perf_counter()
            response = self.get_response(request)
            note(request, response, time.perf_counter() - begun)
        response["X-Request-ID"] = request_id
        return response


def note(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    route = request.resolver_match.route if request.resolver_match else "unknown"
    method = request.method or ""
    REQUESTS.labels(method, route, str(response.status_code)).inc()
    REQUEST_SECONDS.labels(method, route).observe(seconds)
    if request.path in QUIET or request.path.startswith("/static/"):
        return
    write = log.error if response.status_code >= 500 else log.info
    write("request", method=method, route=route, status=response.status_code, milliseconds=round(seconds * 1000, 1))
