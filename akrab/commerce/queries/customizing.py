"""Products take custom fields; receipts as roll-ups of customers use them: counted purchases less what was returned."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.declaring import Customizable, Known, customizable
from akrab.platform.customizing.rollups import Column, Source, rolls_up

RECEIPTS = rolls_up(
    Source(
        name="commerce.receipts",
        title=_("Receipts"),
        object="customers.customer",
        rows="""
SELECT c.customer_id AS owner, c.occurred_at AS at, c.occurred_at AS moment, c.business_on AS day, c.channel, b.name AS branch,
    round((c.base_net + c.base_brought_back)::numeric * (c.net + c.brought_back - c.returned) / (c.net + c.brought_back))
        AS amount, c.line_count::numeric AS lines
FROM commerce_receipt c JOIN commerce_branch b ON b.id = c.branch_id
WHERE c.customer_id = ANY(%(ids)s::uuid[]) AND c.status = 'counted' AND c.kind IN ('sale', 'exchange')
    AND c.net + c.brought_back > greatest(c.returned, 0)""",
        columns={
            "amount": Column("money", _("Net amount"), "spend"),
            "lines": Column("number", _("Lines"), "purchases"),
            "moment": Column("moment", _("Date and time"), "purchases"),
            "channel": Column("text", _("Channel"), "purchases"),
            "branch": Column("text", _("Branch"), "purchases"),
        },
        protects="purchases",
    )
)

PRODUCT = "commerce.product"
VIEW = "commerce.view_products"
_OURS = f"CASE WHEN {{currency}} = '{settings.CURRENCY}' THEN {{}}::numeric END"


def find(by: Actor, words: Sequence[str]) -> dict[str, UUID]:
    """Products by SKU or id."""
    if not by.may(VIEW):
        return {}
    rows = fetch(
        "SELECT w, p.id FROM unnest(%s::text[]) AS w JOIN commerce_product p ON p.sku = w OR p.id::text = lower(w)", [list(words)]
    )
    return dict(rows)


def names(by: Actor, ids: Sequence[str]) -> dict[str, str]:
    if not by.may(VIEW):
        return {}
    return dict(fetch("SELECT id::text, name FROM commerce_product WHERE id = ANY(%s::uuid[])", [list(ids)]))


PRODUCTS = customizable(
    Customizable(
        name=PRODUCT,
        title=_("Products"),
        table="commerce_product",
        view=VIEW,
        edit="commerce.edit_products",
        page="commerce:product",
        find=find,
        names=names,
        order=20,
        hint=_("A SKU or an id."),
        columns={
            "price": Known(_OURS.replace("{}", "{price}"), "money", _("Price")),
            "cost": Known(_OURS.replace("{}", "{cost}"), "money", _("Cost")),
            "name": Known("{name}", "text", _("Name")),
            "sku": Known("{sku}", "text", _("SKU")),
            "on_sale": Known("{is_active}", "boolean", _("On sale")),
        },
    )
)
