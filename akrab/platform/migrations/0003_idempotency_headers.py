"""The ETag and Location of a first answer are kept with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform", "0002_fact_log")]

    operations = [
        migrations.AddField("idempotencykey", "headers", models.JSONField(default=dict)),
    ]
