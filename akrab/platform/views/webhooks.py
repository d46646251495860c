"""Webhooks: the list, one with its log, its secret shown once, a test, replays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akrab.platform.forms import WebhookForm
from akrab.platform.hooks.models import Webhook, WebhookDelivery
from akrab.platform.hooks.working import queue_sending
from akrab.platform.operations.webhooks import (
    change_secret,
    change_webhook,
    make_webhook,
    remove_webhook,
    replay,
    try_webhook,
)
from akrab.platform.queries.webhooks import all_webhooks, get_webhook, known_topics, list_deliveries
from akrab.platform.refusal import Invalid
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request) -> HttpResponse:
    return _index(request, WebhookForm())


def _index(request: Request, form: WebhookForm, status: int = 200) -> HttpResponse:
    webhooks = all_webhooks(by=request.actor)
    return page(request, "platform/webhooks.html", status=status, webhooks=webhooks, form=form, topics=known_topics())


def create(request: Request) -> HttpResponse:
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _index(request, form, 422)
    try:
        secret, webhook = make_webhook(by=request.actor, at=now(), **form.cleaned_data)
    except Invalid as refused:
        form.take_errors(refused)
        return _index(request, form, 422)
    return _show(request, webhook.pk, secret=secret)


def show(request: Request, webhook_id: UUID) -> HttpResponse:
    return _show(request, webhook_id)


def _show(request: Request, webhook_id: UUID, *, secret: str = "", form: Any = None, status: int = 200) -> HttpResponse:
    line = get_webhook(by=request.actor, webhook_id=webhook_id)
    chosen = request.GET.get("status", "")
    chosen = chosen if chosen in WebhookDelivery.Status.values else ""
    log = list_deliveries(by=request.actor, webhook_id=webhook_id, status=chosen, cursor=request.GET.get("cursor", ""))
    given = {"name": line.webhook.name, "address": line.webhook.address, "topics": " ".join(line.webhook.topics)}
    return page(
        request, "platform/webhook.html", status=status, line=line, webhook=line.webhook, log=log, chosen=chosen, secret=secret,
        statuses=WebhookDelivery.Status.choices, form=form or WebhookForm(initial=given), topics=known_topics(),
    )  # fmt: skip


def update(request: Request, webhook_id: UUID) -> HttpResponse:
    if "is_on" in request.POST:
        changes: dict[str, Any] = {"is_on": request.POST["is_on"] == "1"}
    else:
        form = WebhookForm(request.POST)
        if not form.is_valid():
            return _show(request, webhook_id, form=form, status=422)
        changes = form.cleaned_data
    try:
        webhook: Webhook = change_webhook(by=request.actor, webhook_id=webhook_id, changes=changes, at=now())
    except Invalid as refused:
        form.take_errors(refused)
        return _show(request, webhook_id, form=form, status=422)
    if webhook.is_on:
        queue_sending(webhook.pk)
    toast(request, _("Saved."), tone="success")
    return redirect(request, "platform:webhook", webhook_id)


def destroy(request: Request, webhook_id: UUID) -> HttpResponse:
    remove_webhook(by=request.actor, webhook_id=webhook_id, at=now())
    toast(request, _("The webhook was removed."))
    return redirect(request, "platform:webhooks")


def renew(request: Request, webhook_id: UUID) -> HttpResponse:
    secret, _webhook = change_secret(by=request.actor, webhook_id=webhook_id, at=now())
    return _show(request, webhook_id, secret=secret)


def test(request: Request, webhook_id: UUID) -> HttpResponse:
    try_webhook(by=request.actor, webhook_id=webhook_id, at=now())
    queue_sending(webhook_id)
    toast(request, _("A test is on its way. It appears in the log below."))
    return redirect(request, "platform:webhook", webhook_id)


def again(request: Request, webhook_id: UUID) -> HttpResponse:
    hours = request.POST.get("hours", "")
    since = now() - timedelta(hours=int(hours) if hours.isdecimal() and int(hours) <= 24 * 90 else 24)
    count = replay(by=request.actor, webhook_id=webhook_id, since=since, at=now())
    queue_sending(webhook_id)
    toast(request, ngettext("%(count)s fact is sent again.", "%(count)s facts are sent again.", count) % {"count": count})
    return redirect(request, "platform:webhook", webhook_id)


def send_again(request: Request, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    replay(by=request.actor, webhook_id=webhook_id, delivery_id=delivery_id, at=now())
    queue_sending(webhook_id)
    toast(request, _("The fact is sent again."))
    return redirect(request, "platform:webhook", webhook_id)
