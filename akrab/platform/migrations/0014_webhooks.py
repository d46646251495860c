"""Webhooks and what is sent to them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akrab.platform.ids


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0013_saved_views"),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("address", models.CharField(max_length=1000)),
                ("topics", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ("scopes", models.JSONField(default=list)),
                ("secret", models.TextField()),
                ("old_secret", models.TextField(blank=True, default="")),
                ("old_secret_until", models.DateTimeField(null=True)),
                ("is_on", models.BooleanField(default=True)),
                (
                    "off_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("person", "Switched off by hand"),
                            ("failing", "Nothing was taken for 72 hours"),
                            ("gone", "The receiver said that it is gone (410)"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("position", models.JSONField(default=list)),
                ("failing_since", models.DateTimeField(null=True)),
                ("last_delivered_at", models.DateTimeField(null=True)),
                ("rests_until", models.DateTimeField(null=True)),
                ("leased_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                (
                    "maker",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("fact_id", models.UUIDField()),
                ("occurred_at", models.DateTimeField()),
                ("kind", models.CharField(max_length=80)),
                ("record", models.CharField(max_length=100)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("dead", "Given up"),
                            ("withheld", "Withheld"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.IntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("first_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField(null=True)),
                ("status_code", models.IntegerField(null=True)),
                ("answer", models.CharField(blank=True, default="", max_length=300)),
                ("milliseconds", models.IntegerField(null=True)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="platform.webhook"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(("topics", []), _negated=True), name="platform_webhook_has_topics"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_on", True), models.Q(("off_reason", ""), _negated=True), _connector="XOR"),
                name="platform_webhook_off_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                models.F("webhook"), models.F("next_at"), condition=models.Q(("status", "waiting")), name="platform_delivery_due"
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                models.F("webhook"),
                models.F("record"),
                models.F("fact_id"),
                condition=models.Q(("status", "waiting")),
                name="platform_delivery_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                models.F("webhook"), models.OrderBy(models.F("id"), descending=True), name="platform_delivery_log"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(fields=("webhook", "fact_id"), name="platform_webhookdelivery_once"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_at__isnull", False), ("status", "waiting")),
                    models.Q(models.Q(("status", "waiting"), _negated=True), ("next_at", None)),
                    _connector="OR",
                ),
                name="platform_webhookdelivery_due_iff_waiting",
            ),
        ),
    ]
