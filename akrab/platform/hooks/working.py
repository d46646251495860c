"""Jobs of webhooks: feed them after facts, send, try again, tell their makers when one is switched off, clear the log."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from procrastinate.exceptions import AlreadyEnqueued

from akrab.platform.actor import SYSTEM
from akrab.platform.delivery import every, job, on
from akrab.platform.gateways.mail import send_mail
from akrab.platform.hooks.facts import WebhookDisabled
from akrab.platform.hooks.feeding import feed_webhooks
from akrab.platform.hooks.models import Webhook
from akrab.platform.hooks.sending import send_to
from akrab.platform.operations.proposals import forget_agents
from akrab.platform.operations.webhooks import forget_deliveries
from akrab.platform.queries.feed import horizon

KEPT = timedelta(days=30)
DEAD_KEPT = timedelta(days=90)
AGENTS_KEPT = timedelta(days=90)


@job(queue="webhooks")
def follow_facts(xid: int) -> None:
    """After a transaction with facts: feed the webhooks, once everything before it has ended."""
    for one in feed_webhooks(by=SYSTEM, at=now()):
        queue_sending(one)
    if horizon() <= xid:
        follow_facts.configure(schedule_in={"seconds": 1}).defer(xid=xid)


@job(queue="webhooks")
def send_webhook(webhook_id: str) -> None:
    """Send what is due to one webhook; what is due later gets a job of its own."""
    later = send_to(UUID(webhook_id))
    if later is not None:
        queue_sending(UUID(webhook_id), at=later)


@every("* * * * *")
def look_after_webhooks(at: datetime) -> None:
    """Each minute: what a lost job left behind."""
    for one in feed_webhooks(by=SYSTEM, at=now()):
        queue_sending(one)


@every("50 18 * * *")
def clear_webhook_log(at: datetime) -> None:
    """What was delivered stays in the log for 30 days, what was given up for 90."""
    forget_deliveries(by=SYSTEM, before=at - KEPT, dead_before=at - DEAD_KEPT)


@every("55 18 * * *")
def forget_agent_calls(at: datetime) -> None:
    """What agents asked for, and what became of their proposals, stays for 90 days."""
    forget_agents(by=SYSTEM, before=at - AGENTS_KEPT)


@on(WebhookDisabled)
def mail_about_webhooks(facts: Sequence[WebhookDisabled]) -> None:
    """Tell the maker of a webhook that it was switched off."""
    if not settings.MAIL_URL:
        return
    found = Webhook.objects.select_related("maker").in_bulk([fact.webhook_id for fact in facts])
    for fact in facts:
        webhook = found.get(fact.webhook_id)
        if webhook is None or not webhook.maker.is_active:
            continue
        with translation.override(webhook.maker.language):
            send_mail(
                to=webhook.maker.email,
                subject=_("Akrab switched off the webhook %(name)s") % {"name": fact.name},
                text="\n\n".join(
                    [
                        str(Webhook.OffReason(fact.reason).label) + ".",
                        _("What happens meanwhile is kept and sent once you switch it on again:"),
                        settings.PUBLIC_URL.rstrip("/") + reverse("platform:webhook", args=[webhook.pk]),
                    ]
                ),
            )


def queue_sending(webhook_id: UUID, *, at: datetime | None = None) -> None:
    """One job for each webhook and second, however many ask."""
    when = at if at is not None and at > now() else None
    lock = f"webhook {webhook_id} {int(when.timestamp()) if when else 'now'}"
    with suppress(AlreadyEnqueued), transaction.atomic():
        send_webhook.configure(queueing_lock=lock, schedule_at=when).defer(webhook_id=str(webhook_id))
