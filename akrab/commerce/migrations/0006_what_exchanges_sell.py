"""Exchanges remember what came back in them, so that what they sell counts as a purchase."""

from decimal import Decimal

from django.conf import settings
from django.db import migrations, models

from akrab.platform.money import exponent

# By the rate of the day when it gives the net that was converted before (any rate does for an even exchange), else by the
# rate that the net itself shows. Where neither is known, or the amount fits no column, the receipt waits for a rate.
_FILL = """
WITH swapped AS (
    SELECT x.id, x.currency, x.business_on, x.net, x.base_net, -sum(l.net) AS back
    FROM commerce_receipt x JOIN commerce_receiptline l ON l.receipt_id = x.id
    WHERE x.kind = 'exchange' AND l.net < 0 GROUP BY x.id
), worth AS (
    SELECT s.id, s.back, CASE
        WHEN s.currency = %(currency)s THEN s.back
        WHEN s.base_net = round(s.net * rate.rate * w.scale) THEN round(s.back * rate.rate * w.scale)
        WHEN s.net <> 0 AND s.base_net <> 0 THEN round(s.back * s.base_net::numeric / s.net)
    END AS base
    FROM swapped s JOIN unnest(%(currencies)s::text[], %(scales)s::numeric[]) AS w(currency, scale) ON w.currency = s.currency
    LEFT JOIN LATERAL (SELECT c.rate FROM platform_currencyrate c WHERE c.currency = s.currency AND c."on" <= s.business_on
        ORDER BY c."on" DESC LIMIT 1) AS rate ON true
)
UPDATE commerce_receipt r SET brought_back = worth.back,
    base_net = CASE WHEN worth.base < 9223372036854775808 THEN r.base_net END,
    base_brought_back = CASE WHEN worth.base < 9223372036854775808 THEN worth.base END,
    changed_xid = pg_current_xact_id()::text::bigint
FROM worth WHERE r.id = worth.id
"""

_SUMMARIZE = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
SELECT 'work', 'commerce.summarize_again', jsonb_build_object('customer_ids', jsonb_agg(one.customer_id ORDER BY one.place))
FROM (
    SELECT customer_id, row_number() OVER (ORDER BY customer_id) AS place FROM commerce_receipt
    WHERE kind = 'exchange' AND customer_id IS NOT NULL GROUP BY customer_id
) AS one GROUP BY one.place / 1000
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT currency FROM commerce_receipt WHERE kind = 'exchange'")
        currencies = [row[0] for row in cursor.fetchall()]
        scales = [Decimal(10) ** (exponent(settings.CURRENCY) - exponent(currency)) for currency in currencies]
        cursor.execute(_FILL, {"currency": settings.CURRENCY, "currencies": currencies, "scales": scales})
        cursor.execute(_SUMMARIZE)


class Migration(migrations.Migration):
    dependencies = [("commerce", "0005_early_receipts"), ("platform", "0006_take_jobs_in_order")]

    operations = [
        migrations.AddField("receipt", "brought_back", models.BigIntegerField(default=0)),
        migrations.AddField("receipt", "base_brought_back", models.BigIntegerField(default=0, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
