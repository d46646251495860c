"""My tasks on the start page: late, due today, next."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.collaboration.queries.tasks import desk_of
from akrab.collaboration.views.rows import rows_of
from akrab.platform.web import Request, fragment


def show(request: Request) -> HttpResponse:
    at = now()
    desk = desk_of(by=request.actor, at=at)
    groups = [
        (title, rows_of(part, request.actor, at), tone)
        for title, part, tone in (
            (_("Overdue"), desk.overdue, "danger"),
            (_("Today"), desk.today, "warning"),
            (_("Next"), desk.following, "neutral"),
        )
        if part
    ]
    return fragment(
        request, "collaboration.today", groups=groups, more=desk.more, may_edit=request.actor.may("collaboration.edit_work")
    )
