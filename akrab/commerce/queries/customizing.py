"""Receipts as roll-ups of customers use them: counted sales less what was returned, as the purchase figures have them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from akrab.platform.customizing.rollups import Column, Source, rolls_up

RECEIPTS = rolls_up(
    Source(
        name="commerce.receipts",
        title=_("Receipts"),
        object="customers.customer",
        rows="""
SELECT c.customer_id AS owner, c.occurred_at AS at, c.occurred_at AS moment, c.business_on AS day, c.channel, b.name AS branch,
    round(c.base_net::numeric * (c.net - c.returned) / c.net) AS amount, c.line_count::numeric AS lines
FROM commerce_receipt c JOIN commerce_branch b ON b.id = c.branch_id
WHERE c.customer_id = ANY(%(ids)s::uuid[]) AND c.status = 'counted' AND c.kind = 'sale' AND c.net > c.returned""",
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
