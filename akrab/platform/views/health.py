"""For machines that watch: whether Akrab can serve, and its figures."""

from __future__ import annotations

import ipaddress
import secrets

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, generate_latest

from akrab.platform.actor import SYSTEM
from akrab.platform.queries.health import parked_facts, queue, readiness


def show_readiness(request: HttpRequest) -> HttpResponse:
    state = readiness(by=SYSTEM)
    parts = {"database": state.database, "migrations": state.migrations, "queue": state.queue}
    return JsonResponse(
        {"ready": state.ready, **parts}, status=200 if state.ready else 503, headers={"Cache-Control": "no-store"}
    )


def show_metrics(request: HttpRequest) -> HttpResponse:
    if not allowed(request):
        return HttpResponse("Only from this machine, or with the metrics token.\n", status=403, content_type="text/plain")
    return HttpResponse(generate_latest(REGISTRY) + generate_latest(of_database()), content_type=CONTENT_TYPE_LATEST)


def allowed(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    return is_loopback(request.META.get("REMOTE_ADDR", "")) and "X-Forwarded-For" not in request.headers


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def of_database() -> CollectorRegistry:
    """Figures that live in the database, read once for this answer."""
    registry = CollectorRegistry()
    up = Gauge("akrab_database_up", "Whether the database answers.", registry=registry)
    try:
        state, parked = queue(by=SYSTEM), parked_facts(by=SYSTEM)
    except DatabaseError:
        up.set(0)
        return registry
    up.set(1)
    jobs = Gauge("akrab_jobs", "Jobs by state.", ["state"], registry=registry)
    jobs.labels("waiting").set(state.waiting)
    jobs.labels("running").set(state.running)
    jobs.labels("failed").set(state.failed)
    Gauge("akrab_workers", "Workers that are alive.", registry=registry).set(state.workers)
    oldest = Gauge("akrab_oldest_job_seconds", "How long the oldest due job has waited.", registry=registry)
    oldest.set(state.oldest_seconds)
    Gauge("akrab_parked_facts", "Facts that a listener could not take.", registry=registry).set(parked)
    return registry
