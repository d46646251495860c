"""Receipts say what their payments leave open, so that those that do not come to the total are found."""

from django.db import migrations, models
from django.db.models import F, Q

_FILL = """
UPDATE commerce_receipt r SET unpaid = r.total - paid.amount
FROM (SELECT receipt_id, sum(amount) AS amount FROM commerce_tender GROUP BY receipt_id) AS paid
WHERE paid.receipt_id = r.id AND paid.amount <> r.total
"""


class Migration(migrations.Migration):
    dependencies = [("commerce", "0007_products_know_who_taught_them")]

    operations = [
        migrations.AddField("receipt", "unpaid", models.BigIntegerField(default=0)),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            "receipt",
            models.Index(F("occurred_at").desc(), F("id").desc(), name="commerce_receipt_mispaid", condition=~Q(unpaid=0)),
        ),
    ]
