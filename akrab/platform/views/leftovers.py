"""What an undo left as it is, in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from akrab.platform.bulk import fetch
from akrab.platform.journal.declaring import declared, quoted
from akrab.platform.journal.telling import REASONS
from akrab.platform.models import JournalLeft
from akrab.platform.rights.registry import all_protected


def left_in_words(left: Sequence[JournalLeft]) -> list[str]:
    """One sentence each: what it is, by name where everybody may see that, and why it stays."""
    return [
        _("%(what)s: %(why)s.") % {"what": _named(one), "why": str(REASONS.get(one.reason, one.reason)).lower()} for one in left
    ]


def _named(one: JournalLeft) -> str:
    known = declared().get(one.relation)
    if known is None:
        return _("Receipt")
    if not known.label or known.owner != known.keys[0][0] or known.table in {each.table for each in all_protected()}:
        return str(known.title)
    rows = fetch(
        f"SELECT t.{quoted(known.label)}::text FROM {known.table} t WHERE {known.matches('t', '(%(key)s::text[])')}",
        {"key": one.key},
    )
    return f"{known.title} {rows[0][0]}" if rows else str(known.title)
