"""Customers get an owner, an office, and people who work for them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akrab.platform.ids
from akrab.platform.journal.triggers import journal_triggers, no_journal_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_journal"),
        ("platform", "0008_organization_and_policy"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="team",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platform.team"
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="people",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), null=True, size=None),
        ),
        migrations.CreateModel(
            name="AccountMember",
            fields=[
                (
                    "id",
                    models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("second", "Second"), ("service", "Service"), ("specialist", "Specialist")],
                        default="second",
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="account_team", to="customers.customer"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platform.team"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("customer", "person"), name="customers_accountmember_once")],
            },
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("owner"),
                models.F("name_key"),
                models.F("id"),
                name="customers_by_owner",
                condition=models.Q(("owner__isnull", False)),
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("team"),
                models.F("name_key"),
                models.F("id"),
                name="customers_by_team",
                condition=models.Q(("team__isnull", False)),
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["people"], name="customers_by_people", condition=models.Q(("people__isnull", False))
            ),
        ),
        migrations.RunSQL(
            journal_triggers("customers_accountmember", owner="customer_id"), no_journal_triggers("customers_accountmember")
        ),
    ]
