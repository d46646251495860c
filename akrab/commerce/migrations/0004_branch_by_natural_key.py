"""Receipts of a branch are found by the natural key, which begins with it: one index less for each receipt to enter."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commerce", "0003_journal")]

    operations = [
        migrations.AlterField(
            "receipt",
            "branch",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="commerce.branch",
            ),
        ),
    ]
