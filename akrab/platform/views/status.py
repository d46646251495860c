"""How the installation is: queue, database, backup, and facts that a listener could not take."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akrab.platform.operations.parking import retry_parked
from akrab.platform.queries.health import database_size, last_backup, pending_migrations, queue
from akrab.platform.queries.parked import waiting_facts
from akrab.platform.web import Request, page, redirect, toast

STUCK_AFTER_SECONDS = 300


def show(request: Request) -> HttpResponse:
    jobs = queue(by=request.actor)
    version, size = database_size(by=request.actor)
    return page(
        request,
        "platform/status.html",
        jobs=jobs,
        stuck=jobs.oldest_seconds > STUCK_AFTER_SECONDS,
        parked=waiting_facts(by=request.actor),
        backup=last_backup(by=request.actor),
        version=version,
        megabytes=size // (1024 * 1024),
        pending=pending_migrations(by=request.actor),
    )


def retry(request: Request) -> HttpResponse:
    wanted = [UUID(one) for one in request.POST.getlist("parked")]
    facts = retry_parked(by=request.actor, parked_ids=wanted, at=now())
    count = sum(fact.facts for fact in facts)
    said = ngettext("%(count)d fact is on its way again.", "%(count)d facts are on their way again.", count)
    toast(request, said % {"count": count} if count else _("Nothing was waiting any more."))
    return redirect(request, "platform:status")
