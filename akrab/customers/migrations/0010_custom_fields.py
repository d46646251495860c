"""What companies add to customers: one column for what people say, one for what is worked out of it."""

from django.db import migrations, models

import akrab.platform.customizing.models
from akrab.platform.journal.triggers import journal_triggers

IGNORED = (
    "version", "changed_at", "changed_xid", "stage", "first_purchase_at", "last_purchase_at", "previous_purchase_at",
    "purchase_count", "spend", "spend_currency", "name_key", "search",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_duplicates"),
        ("platform", "0018_custom_fields"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="computed",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()), decoder=akrab.platform.customizing.models.Exactly, default=dict
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="custom",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()), decoder=akrab.platform.customizing.models.Exactly, default=dict
            ),
        ),
        migrations.RunSQL(
            journal_triggers("customers_customer", ignored=(*IGNORED, "computed")),
            journal_triggers("customers_customer", ignored=IGNORED),
        ),
    ]
