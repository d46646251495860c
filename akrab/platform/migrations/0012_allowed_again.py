"""The verbs that a kept answer needed are asked again before a repeat gets it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform", "0011_audit")]

    operations = [
        migrations.AddField("idempotencykey", "verbs", models.JSONField(db_default=[], default=list)),
    ]
