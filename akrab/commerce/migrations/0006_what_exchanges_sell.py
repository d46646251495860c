"""Exchanges remember what came back in them, so that what they sell counts as a purchase."""

from django.conf import settings
from django.db import migrations, models

_FILL = """
UPDATE commerce_receipt r SET brought_back = swapped.back, base_brought_back = CASE
        WHEN r.base_net IS NULL THEN NULL
        WHEN r.currency = %(currency)s THEN swapped.back
        WHEN r.net <> 0 THEN round(swapped.back::numeric * r.base_net / r.net)
    END, changed_xid = pg_current_xact_id()::text::bigint
FROM (
    SELECT x.id, -sum(l.net) AS back FROM commerce_receipt x JOIN commerce_receiptline l ON l.receipt_id = x.id
    WHERE x.kind = 'exchange' AND l.net < 0 GROUP BY x.id
) AS swapped
WHERE r.id = swapped.id
"""
# An even exchange in a foreign currency does not show its rate: it is converted again.
_WAIT = "UPDATE commerce_receipt SET base_net = NULL WHERE kind = 'exchange' AND base_brought_back IS NULL"


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_FILL, {"currency": settings.CURRENCY})
        cursor.execute(_WAIT)


class Migration(migrations.Migration):
    dependencies = [("commerce", "0005_early_receipts")]

    operations = [
        migrations.AddField("receipt", "brought_back", models.BigIntegerField(default=0)),
        migrations.AddField("receipt", "base_brought_back", models.BigIntegerField(default=0, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
