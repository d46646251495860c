"""The start page: today's figures of every room that has some, and what to do next."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from akrab.platform.panels import panels_for
from akrab.platform.web import Request, page


def show(request: Request) -> HttpResponse:
    figures = [reverse(one.url) for one in panels_for("today", request.actor)]
    wide = [reverse(one.url) for slot in ("today.steps", "today.trends") for one in panels_for(slot, request.actor)]
    lists = [reverse(one.url) for one in panels_for("today.lists", request.actor)]
    return page(
        request,
        "platform/home.html",
        greeting=_greeting(localtime().hour),
        today=localdate(),
        figures=figures,
        wide=wide,
        lists=lists,
    )


def _greeting(hour: int) -> str:
    if hour < 11:
        return _("Good morning")
    if hour < 15:
        return _("Good day")
    return _("Good afternoon") if hour < 18 else _("Good evening")
