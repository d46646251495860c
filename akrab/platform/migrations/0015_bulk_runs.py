"""Changes of many records: what is changed, how far it is, what came of it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akrab.platform.ids


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0014_webhooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkRun",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("object", models.CharField(max_length=40)),
                ("query", models.TextField(blank=True, default="")),
                ("ids", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ("change", models.JSONField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("canceled", "Canceled"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("total", models.BigIntegerField()),
                ("changed", models.BigIntegerField(default=0)),
                ("unchanged", models.BigIntegerField(default=0)),
                ("forbidden", models.BigIntegerField(default=0)),
                ("invalid", models.BigIntegerField(default=0)),
                ("after", models.UUIDField(null=True)),
                ("entry_id", models.UUIDField(null=True)),
                ("problem", models.TextField(blank=True, default="")),
                ("cancel_asked", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
    ]
