"""Which SKUs are known, by what name."""

from __future__ import annotations

from collections.abc import Sequence

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require


def known_skus(*, by: Actor, skus: Sequence[str]) -> dict[str, str]:
    """The names of the products that have these SKUs."""
    require(by, "commerce.view_receipts")
    return dict(fetch("SELECT sku, name FROM commerce_product WHERE sku = ANY(%s)", [list(skus)]))
