"""Opening branches: places of sale named by an import or a connected till for the first time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from akrab.commerce.facts import BranchSaved
from akrab.commerce.queries.bounds import BRANCH, fits
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.clock import zone as known_zone
from akrab.platform.facts import record
from akrab.platform.ids import new_ids
from akrab.platform.operation import operation

OPEN = "commerce.edit_branches"


@operation(may=OPEN, journal=_("Opened %(subject)s"))
def open_branches(
    *,
    by: Actor,
    codes: Sequence[str],
    at: datetime,
    zone: str,
    channel: str = "store",
    channels: Mapping[str, str] | None = None,
    name: str = "",
    city: str = "",
) -> list[BranchSaved]:
    """Open the branches among these codes that are not there yet; those that are stay as they are.

    `channels` says the channel of single codes, `channel` that of the others.
    """
    known_zone(zone)
    # A code that is too long is the problem of each receipt that names it.
    kept = [code for code in codes if fits(code, BRANCH)]
    rows = fetch(
        "INSERT INTO commerce_branch (id, code, name, channel, zone, city, is_active, version, changed_xid) "
        "SELECT id, code, coalesce(nullif(%s, ''), code), channel, %s, %s, true, 1, pg_current_xact_id()::text::bigint "
        "FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS n(id, code, channel) WHERE code <> '' "
        "ON CONFLICT (code) DO NOTHING RETURNING id, code",
        [name, zone, city, new_ids(len(kept)), kept, [(channels or {}).get(code, channel) for code in kept]],
    )
    facts = [BranchSaved(branch_id=row[0], saved_at=at, code=row[1], created=True) for row in rows]
    record(facts, by=by)
    return facts
