"""Noticing at intake that an identifier belonged to somebody who was erased: it is asked, never silently taken again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from akrab.customers.queries.identifying import Key
from akrab.customers.queries.tombstones import erased_keys, hash_of
from akrab.platform.bulk import fetch
from akrab.platform.refusal import Refusal


class ErasedBefore(Refusal):
    """An identifier of somebody who was erased; a person decides whether they came back of their own wish."""

    code = "erased_before"
    message = _("Somebody with “%(value)s” was erased. If they came back of their own wish, allow it under Privacy, Erasures.")


def notice(keys: Iterable[Key], *, at: datetime) -> frozenset[Key]:
    """The keys among these that belonged to an erased person; that they were seen again is counted."""
    found = frozenset(erased_keys(keys))
    if found:
        fetch(
            "UPDATE customers_tombstone SET seen = seen + 1, seen_at = %s WHERE lifted_at IS NULL AND hash = ANY(%s)",
            [at, [hash_of(key) for key in found]],
        )
    return found
