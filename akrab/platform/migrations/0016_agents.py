"""Agents: calls and proposals."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akrab.platform.ids


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0015_bulk_runs"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgentCall",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("agent", models.CharField(max_length=200)),
                ("tool", models.CharField(max_length=60)),
                ("arguments", models.JSONField(default=dict)),
                ("rows", models.IntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("person"), models.OrderBy(models.F("at"), descending=True), name="platform_agentcall_by_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                ("customer_id", models.UUIDField(null=True)),
                ("agent", models.CharField(max_length=200)),
                ("payload", models.JSONField()),
                ("seen", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("approved", "Approved"), ("declined", "Declined")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("entry_id", models.UUIDField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("status"), models.OrderBy(models.F("id"), descending=True), name="platform_proposal_by_status"
                    ),
                    models.Index(models.F("customer_id"), name="platform_proposal_by_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("status", "open")),
                            models.Q(models.Q(("status", "open"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="platform_proposal_decided_iff_dated",
                    )
                ],
            },
        ),
    ]
