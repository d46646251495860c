"""Duplicates: rules as data with defaults for Indonesian names, phones and companies, and the queue of likely pairs."""

import django.db.models.deletion
from django.db import migrations, models

import akrab.platform.ids

DEFAULTS = """
INSERT INTO customers_duplicaterule (id, kind, field, how, same, close, different, on_entry, is_active) VALUES
    (gen_random_uuid(), 'person', 'name', 'fuzzy', 7, 4.5, -5, 'alert', true),
    (gen_random_uuid(), 'person', 'phone', 'digits', 11, 6, -1.5, 'alert', true),
    (gen_random_uuid(), 'person', 'email', 'digits', 11, 7, -1, 'alert', true),
    (gen_random_uuid(), 'person', 'born', 'date', 8, 4, -5, '', true),
    (gen_random_uuid(), 'person', 'address', 'fuzzy', 6, 4, -0.5, '', true),
    (gen_random_uuid(), 'person', 'city', 'exact', 1.5, 1.5, -1, '', true),
    (gen_random_uuid(), 'company', 'company', 'fuzzy', 9, 5, -5, 'alert', true),
    (gen_random_uuid(), 'company', 'phone', 'digits', 9, 5, -1.5, 'alert', true),
    (gen_random_uuid(), 'company', 'email', 'digits', 9, 6, -1, 'alert', true),
    (gen_random_uuid(), 'company', 'address', 'fuzzy', 6, 4, -1, '', true),
    (gen_random_uuid(), 'company', 'city', 'exact', 1.5, 1.5, -1, '', true)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_identity"),
    ]

    operations = [
        migrations.CreateModel(
            name="DuplicateRule",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("name", "Name"),
                            ("company", "Name without PT, CV, Ltd"),
                            ("phone", "Phone"),
                            ("email", "E-mail"),
                            ("born", "Born on"),
                            ("address", "Address"),
                            ("city", "City"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("exact", "exact"),
                            ("fuzzy", "similar letters"),
                            ("digits", "one sign may differ"),
                            ("date", "one sign may differ, or day and month change places"),
                        ],
                        max_length=10,
                    ),
                ),
                ("same", models.FloatField()),
                ("close", models.FloatField()),
                ("different", models.FloatField()),
                (
                    "on_entry",
                    models.CharField(
                        blank=True,
                        choices=[("", "say nothing"), ("alert", "show a hint"), ("block", "refuse")],
                        default="",
                        max_length=5,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "field"), name="customers_duplicaterule_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("same__gte", models.F("close")),
                            ("close__gte", models.F("different")),
                            ("same__lte", 40),
                            ("different__gte", -40),
                        ),
                        name="customers_duplicaterule_bits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duplicate",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("bits", models.FloatField()),
                ("evidence", models.JSONField(default=list)),
                ("keys", models.CharField(max_length=32)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("merged", "Merged"), ("different", "Not a duplicate")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, default="", max_length=200)),
                (
                    "a",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
                ("b", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer")),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("bits"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("status", "open")),
                        name="customers_duplicate_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("a", "b"), name="customers_duplicate_once"),
                    models.CheckConstraint(condition=models.Q(("a__lt", models.F("b"))), name="customers_duplicate_ordered"),
                ],
            },
        ),
        migrations.RunSQL(DEFAULTS, "DELETE FROM customers_duplicaterule"),
    ]
