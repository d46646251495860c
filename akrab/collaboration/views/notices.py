"""News for the reader: the bell, the page, following a customer, and how to be told."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.collaboration.forms import TasteForm
from akrab.collaboration.models.notices import REASONS
from akrab.collaboration.operations.notifying import choose_taste, follow, mark_read
from akrab.collaboration.queries.notices import get_notice, list_notices, taste_of, unread, wish_about
from akrab.customers.public import customer_cards
from akrab.platform.refusal import NotFound
from akrab.platform.web import Request, fragment, page, redirect, toast


def bell(request: Request) -> HttpResponse:
    return fragment(request, "collaboration.bell", number=unread(by=request.actor))


def index(request: Request) -> HttpResponse:
    only = "unread" in request.GET
    found = list_notices(by=request.actor, only_unread=only, cursor=request.GET.get("cursor", ""))
    home = reverse("collaboration:notices")
    return page(
        request,
        "collaboration/notices.html",
        notices=found.items,
        only=only,
        tabs=[{"key": "", "title": _("All"), "url": home}, {"key": "unread", "title": _("Unread"), "url": f"{home}?unread=1"}],
        current="unread" if only else "",
        next=f"?cursor={found.next}" if found.next else "",
        previous=f"?cursor={found.previous}" if found.previous else "",
    )


def read_all(request: Request) -> HttpResponse:
    mark_read(by=request.actor, at=now())
    return redirect(request, "collaboration:notices")


def open_one(request: Request, notice_id: UUID) -> HttpResponse:
    """Reading a notice goes to what it is about."""
    notice = get_notice(by=request.actor, notice_id=notice_id)
    if notice is None:
        raise NotFound
    mark_read(by=request.actor, at=now(), notice_ids=[notice_id])
    return redirect(request, notice.link if notice.link.startswith("/") else "collaboration:notices")


def mute(request: Request, notice_id: UUID) -> HttpResponse:
    notice = get_notice(by=request.actor, notice_id=notice_id)
    if notice is None:
        raise NotFound
    follow(by=request.actor, record_kind=notice.record_kind, record_id=notice.record_id, wants="mute", at=now())
    mark_read(by=request.actor, at=now(), notice_ids=[notice_id])
    toast(request, _("You will hear no more of it."))
    return redirect(request, "collaboration:notices")


def following(request: Request, customer_id: UUID) -> HttpResponse:
    """Follow, mute or neither, on the profile of a customer."""
    if request.method == "POST":
        if not customer_cards(by=request.actor, customer_ids=[customer_id]):
            raise NotFound
        follow(by=request.actor, record_kind="customer", record_id=customer_id, wants=request.POST.get("wants", ""), at=now())
        if not request.htmx:
            return redirect(request, "customers:show", customer_id)
    wish = wish_about(by=request.actor, record_kind="customer", record_id=customer_id)
    return fragment(request, "collaboration.following", customer_id=customer_id, wish=wish)


def preferences(request: Request) -> HttpResponse:
    taste = taste_of(by=request.actor)
    start = {
        "on": [one for one in REASONS if one not in taste.off],
        "digest": taste.digest,
        "quiet_from": taste.quiet_from,
        "quiet_to": taste.quiet_to,
    }
    return page(request, "collaboration/notice_preferences.html", form=TasteForm(initial=start))


def choose(request: Request) -> HttpResponse:
    form = TasteForm(request.POST)
    if not form.is_valid():
        return page(request, "collaboration/notice_preferences.html", form=form, status=422)
    given = form.cleaned_data
    choose_taste(
        by=request.actor,
        off=[one for one in REASONS if one not in given["on"]],
        digest=given["digest"],
        quiet_from=given["quiet_from"],
        quiet_to=given["quiet_to"],
        at=now(),
    )
    toast(request, _("Saved."))
    return redirect(request, "collaboration:notice_preferences")
