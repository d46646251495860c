"""From the fact log to the webhooks: each takes the facts that its maker may see and that its topics name, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from akrab.platform.actor import Actor
from akrab.platform.bulk import copy_rows, fetch
from akrab.platform.hooks.models import Webhook
from akrab.platform.ids import new_ids
from akrab.platform.operation import operation
from akrab.platform.queries.feed import FactRow, PositionOutdated, facts_after, place_again
from akrab.platform.refusal import Forbidden

PAGE = 500
PAGES = 40


def actor_behind(webhook: Webhook) -> Actor:
    """The maker of a webhook, with the scopes of the key that made it."""
    user = webhook.maker
    return Actor(
        "person", str(user.pk), str(user), user.role, "job", tuple(webhook.scopes), user.language, user.zone, str(user.pk)
    )  # fmt: skip


@operation(may="platform.keep_house")
def feed_webhooks(*, by: Actor, at: datetime) -> list[UUID]:
    """Queue what is new for every webhook that is on; says which have something to send now."""
    fed = []
    for pk in Webhook.objects.filter(is_on=True, maker__is_active=True).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            webhook = (
                Webhook.objects.select_for_update(of=("self",), skip_locked=True).select_related("maker").filter(pk=pk).first()
            )
            if webhook is not None and webhook.is_on:
                _feed(webhook, at)
        fed.append(pk)
    return [row[0] for row in fetch(
        "SELECT w.id FROM platform_webhook w WHERE w.id = ANY(%s) AND (w.rests_until IS NULL OR w.rests_until <= %s) "
        "AND EXISTS (SELECT 1 FROM platform_webhookdelivery d WHERE d.webhook_id = w.id AND d.status = 'waiting' "
        "AND d.next_at <= %s)",
        [fed, at, at],
    )]  # fmt: skip


def _feed(webhook: Webhook, at: datetime) -> None:
    by, place = actor_behind(webhook), list(webhook.position)
    for _page in range(PAGES):
        try:
            rows, after = facts_after(by=by, after=place, kinds=_patterns(webhook.topics), limit=PAGE)
        except PositionOutdated:
            place = place_again(place[2])
            continue
        except Forbidden:
            return
        _queue(webhook, rows, at)
        place = after
        if len(rows) < PAGE:
            break
    if place != webhook.position:
        webhook.position = place
        webhook.save(update_fields=["position"])


def _patterns(topics: Sequence[str]) -> list[str]:
    """Topics as the feed knows them; none when everything is wanted."""
    return [] if "*" in topics else [topic.replace("_", r"\_").replace("*", "%") for topic in topics]


def record_of(row: FactRow) -> str:
    """What a fact is about; facts of one record are sent in order."""
    return f"{row.subject_kind}:{row.subject_id}" if row.subject_id else f"fact:{row.id}"


def _queue(webhook: Webhook, rows: Sequence[FactRow], at: datetime) -> None:
    if not rows:
        return
    known = {row[0] for row in fetch(
        "SELECT fact_id FROM platform_webhookdelivery WHERE webhook_id = %s AND fact_id = ANY(%s)",
        [webhook.pk, [row.id for row in rows]],
    )}  # fmt: skip
    held = dict(
        fetch(
            "SELECT record, min(next_at) FROM platform_webhookdelivery WHERE webhook_id = %s AND status = 'waiting' "
            "AND record = ANY(%s) GROUP BY record",
            [webhook.pk, [record_of(row) for row in rows]],
        )
    )
    fresh = [row for row in rows if row.id not in known]
    columns = (
        "id", "webhook_id", "fact_id", "occurred_at", "kind", "record", "status", "attempts", "made_at", "next_at", "answer",
    )  # fmt: skip
    values: list[tuple[Any, ...]] = []
    for one, row in zip(new_ids(len(fresh)), fresh, strict=True):
        record = record_of(row)
        due = max(held.get(record, at), at)
        values.append((one, webhook.pk, row.id, row.occurred_at, row.kind, record, "waiting", 0, at, due, ""))
    copy_rows("platform_webhookdelivery", columns, values)
