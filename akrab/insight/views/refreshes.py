"""Asking for a refresh: a job does it, and the page hears of its end."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.insight.operations.requesting import request_refresh
from akrab.platform.web import Request, redirect, toast


def create(request: Request) -> HttpResponse:
    request_refresh(by=request.actor, at=now())
    toast(request, _("Figures are being brought up to date. This page shows them when they are there."))
    return redirect(request, "insight:index") if not request.htmx else HttpResponse(status=204)
