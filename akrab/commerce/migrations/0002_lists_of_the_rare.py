"""Lists of returns, voids, claims and receipts without a rate, found without walking through all others."""

from django.db import migrations, models
from django.db.models import F, Q

NEWEST_FIRST = (F("occurred_at").desc(), F("id").desc())


class Migration(migrations.Migration):
    dependencies = [("commerce", "0001_initial")]

    operations = [
        migrations.AddIndex(
            "receipt",
            models.Index("kind", *NEWEST_FIRST, name="commerce_receipt_unusual", condition=~Q(kind="sale")),
        ),
        migrations.AddIndex(
            "receipt",
            models.Index("status", *NEWEST_FIRST, name="commerce_receipt_set_aside", condition=~Q(status="counted")),
        ),
        migrations.AddIndex(
            "receipt",
            models.Index(*NEWEST_FIRST, name="commerce_receipt_claimed", condition=Q(customer_from="claim")),
        ),
        migrations.AddIndex(
            "receipt",
            models.Index("currency", "business_on", name="commerce_receipt_without_rate", condition=Q(base_net__isnull=True)),
        ),
    ]
