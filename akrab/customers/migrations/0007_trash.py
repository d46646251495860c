"""Customers can lie in the trash."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_consent_and_privacy")]

    operations = [
        migrations.AddField("customer", "trashed_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "customer",
            models.Index(
                F("trashed_at").desc(), F("id").desc(), name="customers_in_trash", condition=Q(trashed_at__isnull=False)
            ),
        ),
    ]
