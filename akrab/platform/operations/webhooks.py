"""Webhooks: made with a secret that is shown once, changed, switched, tested, replayed, removed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.declaring import DECLARED
from akrab.platform.facts import record
from akrab.platform.gateways.outgoing import check_address
from akrab.platform.hooks.facts import WebhookChanged, WebhookMade, WebhookRemoved, WebhookReplayed
from akrab.platform.hooks.models import Webhook, WebhookDelivery
from akrab.platform.hooks.sending import TEST
from akrab.platform.hooks.signing import new_secret
from akrab.platform.ids import new_id
from akrab.platform.operation import operation
from akrab.platform.queries.feed import place_now
from akrab.platform.refusal import Forbidden, Invalid, NotFound, Refusal, StaleVersion
from akrab.platform.sealing import seal
from akrab.platform.tabular.sentences import Sentence

MOST = 50
OLD_SECRET_WORKS = timedelta(days=1)
TOPIC = re.compile(r"\*|[a-z]+\.(?:\*|[a-z_]+\*?)")


class TooManyWebhooks(Refusal):
    code = "too_many_webhooks"
    message = _("There are %(most)s webhooks already. Remove one that is not needed any more.")


class WebhookIsOff(Refusal):
    code = "webhook_off"
    message = _("This webhook is switched off. Switch it on first.")


@operation(may="platform.manage_webhooks")
def make_webhook(*, by: Actor, name: str, address: str, topics: Sequence[str], at: datetime) -> tuple[str, Webhook]:
    """Let an address hear of facts from now on; its secret is returned once. It hears what its maker may see."""
    given = _checked({"name": name, "address": address, "topics": list(topics)})
    maker = by.person or by.id
    if by.kind not in {"person", "key"}:
        raise Forbidden(verb="platform.manage_webhooks")
    if Webhook.objects.count() >= MOST:
        raise TooManyWebhooks(most=MOST)
    secret = new_secret()
    webhook = Webhook.objects.create(
        **given, maker_id=maker, scopes=list(by.scopes), secret=seal(secret), position=place_now(), created_at=at
    )
    made = WebhookMade(webhook_id=webhook.pk, at=at, name=webhook.name, address=webhook.address, topics=webhook.topics)
    record([made], by=by)
    return secret, webhook


@operation(may="platform.manage_webhooks")
def change_webhook(
    *, by: Actor, webhook_id: UUID, changes: Mapping[str, Any], at: datetime, version: int | None = None
) -> Webhook:
    """Change name, address, topics or whether it is on; what happened while it was off is sent when it is on again."""
    webhook = _locked(by, webhook_id)
    if version is not None and version != webhook.version:
        raise StaleVersion
    wanted = _checked({name: value for name, value in changes.items() if name in {"name", "address", "topics"}})
    if "is_on" in changes:
        wanted["is_on"] = bool(changes["is_on"])
    said = {
        name: [_words(getattr(webhook, name)), _words(value)] for name, value in wanted.items() if getattr(webhook, name) != value
    }
    if not said:
        return webhook
    for name, value in wanted.items():
        setattr(webhook, name, value)
    if "is_on" in said:
        webhook.off_reason = "" if webhook.is_on else "person"
        webhook.failing_since = webhook.rests_until = None
    return _save(webhook, said, by, at)


@operation(may="platform.manage_webhooks")
def change_secret(*, by: Actor, webhook_id: UUID, at: datetime) -> tuple[str, Webhook]:
    """A new secret; the old one signs beside it for a day, so that the receiver can change in peace."""
    webhook = _locked(by, webhook_id)
    secret = new_secret()
    webhook.old_secret, webhook.old_secret_until = webhook.secret, at + OLD_SECRET_WORKS
    webhook.secret = seal(secret)
    return secret, _save(webhook, {"secret": ["", ""]}, by, at)


@operation(may="platform.manage_webhooks")
def remove_webhook(*, by: Actor, webhook_id: UUID, at: datetime) -> WebhookRemoved:
    """Remove a webhook with what waits for it and its log."""
    webhook = _locked(by, webhook_id)
    removed = WebhookRemoved(webhook_id=webhook.pk, at=at, name=webhook.name)
    webhook.delete()
    record([removed], by=by)
    return removed


@operation(may="platform.manage_webhooks")
def try_webhook(*, by: Actor, webhook_id: UUID, at: datetime) -> UUID:
    """Queue a message that says nothing, to see whether it arrives; gives its delivery."""
    webhook = _locked(by, webhook_id)
    if not webhook.is_on:
        raise WebhookIsOff
    about = new_id()
    made = WebhookDelivery.objects.create(
        webhook=webhook, fact_id=about, occurred_at=at, kind=TEST, record=f"fact:{about}", made_at=at, next_at=at
    )
    return made.pk


@operation(may="platform.manage_webhooks")
def replay(*, by: Actor, webhook_id: UUID, at: datetime, delivery_id: UUID | None = None, since: datetime | None = None) -> int:
    """Send again: one delivery, or all that were queued since a moment and are still in the log. Says how many."""
    webhook = _locked(by, webhook_id)
    if not webhook.is_on:
        raise WebhookIsOff
    if (delivery_id is None) == (since is None):
        raise Invalid({"since": str(_("Give a moment, or one delivery."))})
    where, value = ("id = %s", delivery_id) if delivery_id is not None else ("made_at >= %s", since)
    rows = fetch(
        "UPDATE platform_webhookdelivery SET status = 'waiting', attempts = 0, first_at = NULL, next_at = %s "
        f"WHERE webhook_id = %s AND {where} RETURNING id",
        [at, webhook_id, value],
    )
    if delivery_id is not None and not rows:
        raise NotFound
    if rows:
        fact = WebhookReplayed(webhook_id=webhook.pk, at=at, name=webhook.name, deliveries=len(rows))
        record([fact], by=by)
    return len(rows)


@operation(may="platform.keep_house")
def forget_deliveries(*, by: Actor, before: datetime, dead_before: datetime) -> int:
    """Clear the log of what was delivered or withheld before a moment, and of what was given up before another."""
    rows = fetch(
        "DELETE FROM platform_webhookdelivery WHERE (status IN ('delivered', 'withheld') AND made_at < %s) "
        "OR (status = 'dead' AND made_at < %s) RETURNING id",
        [before, dead_before],
    )
    return len(rows)


def _locked(by: Actor, webhook_id: UUID) -> Webhook:
    found = Webhook.objects.select_for_update().filter(pk=webhook_id).first()
    if found is None or not may_manage(by, found):
        raise NotFound
    return found


def may_manage(by: Actor, webhook: Webhook) -> bool:
    """One's own; administrators those of everybody. A key only what rests on no more than its own scopes."""
    if by.scopes and (not webhook.scopes or not set(webhook.scopes) <= set(by.scopes)):
        return False
    return str(webhook.maker_id) == (by.person or by.id) or by.may("platform.manage_users")


def _save(webhook: Webhook, said: dict[str, list[str]], by: Actor, at: datetime) -> Webhook:
    webhook.version += 1
    webhook.save()
    record([WebhookChanged(webhook_id=webhook.pk, at=at, name=webhook.name, changes=said)], by=by)
    return webhook


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    errors: dict[str, str] = {}
    if "name" in given:
        given["name"] = str(given["name"]).strip()[:100]
        if not given["name"]:
            errors["name"] = str(_("Give it a name."))
    if "address" in given:
        given["address"] = str(given["address"]).strip()
        problem = check_address(given["address"])
        if problem or len(given["address"]) > 1000:
            errors["address"] = Sentence(problem).translated() if problem else str(_("This is too long."))
    if "topics" in given:
        given["topics"] = list(dict.fromkeys(str(one).strip() for one in given["topics"] if str(one).strip()))
        wrong = [one for one in given["topics"] if not _is_topic(one)]
        if wrong or not given["topics"] or len(given["topics"]) > 50:
            errors["topics"] = str(
                _("Not a topic: %(topic)s.") % {"topic": wrong[0]} if wrong else _("Choose at least one topic.")
            )
    if errors:
        raise Invalid(errors)
    return given


def _is_topic(topic: str) -> bool:
    if not TOPIC.fullmatch(topic):
        return False
    start = topic.removesuffix("*")
    return any(kind == topic or (topic.endswith("*") and kind.startswith(start)) for kind in DECLARED)


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
