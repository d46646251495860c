"""What companies add to products."""

from django.db import migrations, models

import akrab.platform.customizing.models
from akrab.platform.journal.triggers import journal_triggers

IGNORED = ("version", "changed_at", "changed_xid")


class Migration(migrations.Migration):
    dependencies = [("commerce", "0008_payments_that_differ"), ("platform", "0018_custom_fields")]

    operations = [
        *(
            migrations.AddField(
                model_name="product",
                name=name,
                field=models.JSONField(
                    db_default=models.Value({}, models.JSONField()),
                    decoder=akrab.platform.customizing.models.Exactly,
                    default=dict,
                ),
            )
            for name in ("custom", "computed")
        ),
        migrations.RunSQL(
            journal_triggers("commerce_product", ignored=(*IGNORED, "computed")),
            journal_triggers("commerce_product", ignored=IGNORED),
        ),
    ]
