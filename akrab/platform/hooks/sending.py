"""Sending to one webhook: what is due and first of its record, some at a time, with what came of it written down."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.timezone import now
from pydantic_core import to_json

from akrab.platform.actor import SYSTEM, Actor
from akrab.platform.api.facts import fact_out
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.gateways.outgoing import Answer, Unreachable, post
from akrab.platform.hooks.facts import WebhookDisabled
from akrab.platform.hooks.feeding import actor_behind
from akrab.platform.hooks.models import Webhook
from akrab.platform.hooks.signing import headers_for
from akrab.platform.operation import operation
from akrab.platform.queries.feed import seen_facts
from akrab.platform.refusal import Refusal
from akrab.platform.sealing import unseal

TEST = "platform.webhook_test"
GIVE_UP = timedelta(hours=72)
WAITS = (1, 5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 43200)
ROUND = 40
AT_ONCE = 8
SILENCES = 5
REST = timedelta(seconds=30)
LEASE = timedelta(seconds=120)
TURN = 20.0
GONE = 410


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose turn it is."""

    id: UUID
    fact_id: UUID
    occurred_at: datetime
    kind: str
    record: str
    attempts: int
    first_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt; `status` 0 says that there was no answer, `withheld` that the maker may not see the fact."""

    due: Due
    status: int = 0
    text: str = ""
    milliseconds: int = 0
    withheld: bool = False


def send_to(webhook_id: UUID) -> datetime | None:
    """Send what is due, for some seconds; says when there is more to do. One process at a time sends to a webhook."""
    if not _lease(webhook_id):
        return None
    ends = time.monotonic() + TURN
    try:
        while time.monotonic() < ends and _round(webhook_id):
            _lease_again(webhook_id)
    finally:
        fetch("UPDATE platform_webhook SET leased_until = NULL WHERE id = %s", [webhook_id])
    return next_turn(webhook_id)


def next_turn(webhook_id: UUID) -> datetime | None:
    """When the next delivery is due; nothing for a webhook that is off."""
    [(moment,)] = fetch(
        "SELECT greatest(min(d.next_at), max(w.rests_until)) FROM platform_webhook w JOIN platform_webhookdelivery d "
        "ON d.webhook_id = w.id AND d.status = 'waiting' WHERE w.id = %s AND w.is_on",
        [webhook_id],
    )
    return moment  # type: ignore[no-any-return]


def _lease(webhook_id: UUID) -> bool:
    return bool(fetch(
        "UPDATE platform_webhook SET leased_until = now() + %s WHERE id = %s AND is_on "
        "AND (leased_until IS NULL OR leased_until < now()) RETURNING id",
        [LEASE, webhook_id],
    ))  # fmt: skip


def _lease_again(webhook_id: UUID) -> None:
    fetch("UPDATE platform_webhook SET leased_until = now() + %s WHERE id = %s", [LEASE, webhook_id])


def _round(webhook_id: UUID) -> bool:
    """One handful; whether another may follow at once."""
    webhook = Webhook.objects.select_related("maker").filter(pk=webhook_id, is_on=True, maker__is_active=True).first()
    due = due_deliveries(webhook_id, now()) if webhook else []
    if webhook is None or not due:
        return False
    prepared = _prepared(webhook, due)
    keys = _keys(webhook)
    silences = threading.Semaphore(SILENCES)

    def attempt(one: Due) -> Outcome | None:
        body = prepared.get(one.id)
        if body is None:
            return Outcome(one, withheld=True)
        if not silences.acquire(blocking=False):
            return None  # the receiver is silent: the rest is not even tried
        try:
            answer = _send(webhook, one, body, keys)
        except Unreachable as trouble:
            with translation.override(None):
                return Outcome(one, text=str(trouble.sentence)[:300])
        silences.release()
        return Outcome(one, answer.status, answer.text, answer.milliseconds)

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as threads:
        outcomes = [one for one in threads.map(attempt, due) if one is not None]
    note_outcomes(by=SYSTEM, webhook_id=webhook_id, outcomes=outcomes, at=now())
    return not silences_used_up(outcomes)


def silences_used_up(outcomes: Sequence[Outcome]) -> bool:
    return sum(one.status == 0 and not one.withheld for one in outcomes) >= SILENCES


def due_deliveries(webhook_id: UUID, at: datetime) -> list[Due]:
    """What is due and the first of its record that still waits."""
    rows = fetch(
        "SELECT id, fact_id, occurred_at, kind, record, attempts, first_at FROM platform_webhookdelivery d "
        "WHERE webhook_id = %s AND status = 'waiting' AND next_at <= %s AND NOT EXISTS (SELECT 1 FROM "
        "platform_webhookdelivery e WHERE e.webhook_id = d.webhook_id AND e.record = d.record AND e.status = 'waiting' "
        "AND e.fact_id < d.fact_id) AND EXISTS (SELECT 1 FROM platform_webhook w WHERE w.id = d.webhook_id "
        "AND (w.rests_until IS NULL OR w.rests_until <= %s)) ORDER BY next_at, fact_id LIMIT %s",
        [webhook_id, at, at, ROUND],
    )
    return [Due(*row) for row in rows]


def _prepared(webhook: Webhook, due: Sequence[Due]) -> dict[UUID, bytes]:
    """The bodies, by delivery, of what the maker may see at this moment."""
    bodies = {one.id: _test_body(webhook, one) for one in due if one.kind == TEST}
    facts = [(one.fact_id, one.occurred_at) for one in due if one.kind != TEST]
    try:
        seen = seen_facts(by=actor_behind(webhook), facts=facts) if facts else {}
    except Refusal:
        seen = {}
    return bodies | {one.id: to_json(fact_out(seen[one.fact_id])) for one in due if one.fact_id in seen}


def _test_body(webhook: Webhook, one: Due) -> bytes:
    return to_json({
        "id": one.fact_id, "kind": TEST, "occurred_at": one.occurred_at, "recorded_at": one.occurred_at, "customer_id": None,
        "subject": {"kind": "webhook", "id": webhook.pk}, "actor": {"kind": "system", "id": "system", "label": "Akrab"},
        "entrance": "job", "source": "", "source_key": "", "schema": 1, "payload": {"webhook_id": webhook.pk},
    })  # fmt: skip


def _keys(webhook: Webhook) -> list[str]:
    keys = [unseal(webhook.secret)]
    if webhook.old_secret and webhook.old_secret_until and webhook.old_secret_until > now():
        keys.append(unseal(webhook.old_secret))
    return keys


def _send(webhook: Webhook, one: Due, body: bytes, keys: Sequence[str]) -> Answer:
    headers = headers_for(str(one.fact_id), int(time.time()), body, keys)
    return post(webhook.address, body, {**headers, "Content-Type": "application/json", "User-Agent": "Akrab-Webhook/1"})


@operation(may="platform.keep_house")
def note_outcomes(*, by: Actor, webhook_id: UUID, outcomes: Sequence[Outcome], at: datetime) -> None:
    """Write down what came of a handful: delivered, to be tried again later, given up; and whether the webhook works."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook_id)
    rows = [_after(one, at) for one in outcomes]
    fetch(
        "UPDATE platform_webhookdelivery d SET status = n.status, attempts = n.attempts, first_at = coalesce(d.first_at, %s), "
        "last_at = %s, next_at = n.next_at, status_code = n.code, answer = n.answer, milliseconds = n.took "
        "FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::timestamptz[], %s::int[], %s::text[], %s::int[]) "
        "AS n(id, status, attempts, next_at, code, answer, took) WHERE d.id = n.id AND d.status = 'waiting'",
        [at, at, *([list(column) for column in zip(*rows, strict=True)] or [[]] * 7)],
    )
    again = [(one.due.record, row[3]) for one, row in zip(outcomes, rows, strict=True) if row[1] == "waiting"]
    fetch(
        "UPDATE platform_webhookdelivery d SET next_at = n.next_at "
        "FROM unnest(%s::text[], %s::timestamptz[]) AS n(record, next_at) "
        "WHERE d.webhook_id = %s AND d.record = n.record AND d.status = 'waiting'",
        [[one for one, _due in again], [due for _one, due in again], webhook_id],
    )
    _judge(webhook, outcomes, by, at)


def _after(one: Outcome, at: datetime) -> tuple[Any, ...]:
    """Columns of the delivery after an attempt."""
    attempts = one.due.attempts + (not one.withheld)
    if one.withheld:
        return one.due.id, "withheld", attempts, None, None, "", None
    if 200 <= one.status < 300:
        return one.due.id, "delivered", attempts, None, one.status, one.text, one.milliseconds
    next_at = at + timedelta(seconds=WAITS[min(attempts, len(WAITS)) - 1])
    given_up = next_at > (one.due.first_at or at) + GIVE_UP
    seen = (one.status or None, one.text, one.milliseconds if one.status else None)
    return (one.due.id, "dead" if given_up else "waiting", attempts, None if given_up else next_at, *seen)


def _judge(webhook: Webhook, outcomes: Sequence[Outcome], by: Actor, at: datetime) -> None:
    tried = [one for one in outcomes if not one.withheld]
    good = [one for one in tried if 200 <= one.status < 300]
    webhook.rests_until = at + REST if silences_used_up(outcomes) else None
    if good:
        webhook.failing_since, webhook.last_delivered_at = None, at
    elif tried and webhook.failing_since is None:
        webhook.failing_since = at
    reason = ""
    if any(one.status == GONE for one in tried):
        reason = "gone"
    elif webhook.failing_since and webhook.failing_since <= at - GIVE_UP:
        reason = "failing"
    if reason and webhook.is_on:
        webhook.is_on, webhook.off_reason = False, reason
        record([WebhookDisabled(webhook_id=webhook.pk, at=at, name=webhook.name, reason=reason)], by=by)
    webhook.save(update_fields=["rests_until", "failing_since", "last_delivered_at", "is_on", "off_reason"])
