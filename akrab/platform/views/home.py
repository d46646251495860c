"""The start page: the first page of the rail that this person may see."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect

from akrab.platform.panels import nav_for
from akrab.platform.web import Request


def show(request: Request) -> HttpResponse:
    groups = nav_for(request.actor)
    first = next((group.entries[0].address for group in groups if group.name != "settings"), None)
    return HttpResponseRedirect(first or groups[0].entries[0].address)
