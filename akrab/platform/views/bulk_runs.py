"""A large change while it runs: how far it is, stopping it, what came of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from akrab.platform.listing.bulk_models import BulkRun
from akrab.platform.operations.bulk_runs import stop_bulk_run
from akrab.platform.refusal import NotFound
from akrab.platform.rights.standing import person_of
from akrab.platform.web import Request, page, redirect


def show(request: Request, run_id: UUID) -> HttpResponse:
    run = BulkRun.objects.filter(pk=run_id, by_id=person_of(request.actor)).first()
    if run is None:
        raise NotFound
    return page(request, "platform/bulk_run.html", part="platform.bulk-progress", run=run)


def destroy(request: Request, run_id: UUID) -> HttpResponse:
    stop_bulk_run(by=request.actor, run_id=run_id)
    return redirect(request, "listing:bulk_run", run_id)
