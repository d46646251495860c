"""The identity map: who was merged into whom; merged customers are found by their old names."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import akrab.customers.models
import akrab.platform.ids

REBUILD = """
ALTER TABLE customers_customer DROP COLUMN search;
ALTER TABLE customers_customer ADD COLUMN search text GENERATED ALWAYS AS (akrab_normal(
    display_name || ' ' || email || ' ' || city || ' ' || regexp_replace(phone, '[^0-9]', '', 'g') || ' ' || also_known
)) STORED;
CREATE INDEX customers_search ON customers_customer USING gin (search gin_trgm_ops);
"""


def _key() -> models.UUIDField:
    return models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)


def _customer() -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer")


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_trash")]

    operations = [
        migrations.AddField("customer", "also_known", models.TextField(blank=True, db_default="", default="")),
        migrations.AddField(
            "customer",
            "merged_into",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(REBUILD, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AlterField(
                    "customer",
                    "search",
                    models.GeneratedField(
                        expression=akrab.customers.models.Normal(
                            django.db.models.functions.text.Concat(
                                models.F("display_name"),
                                models.Value(" "),
                                models.F("email"),
                                models.Value(" "),
                                models.F("city"),
                                models.Value(" "),
                                akrab.customers.models.Digits(models.F("phone")),
                                models.Value(" "),
                                models.F("also_known"),
                            )
                        ),
                        output_field=models.TextField(),
                        db_persist=True,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "customer",
            models.Index("merged_into", "id", name="customers_by_survivor", condition=models.Q(merged_into__isnull=False)),
        ),
        migrations.AddConstraint(
            "customer",
            models.CheckConstraint(
                name="customers_customer_merged_hidden",
                condition=models.Q(merged_into=None) | models.Q(trashed_at__isnull=False),
            ),
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", _key()),
                ("survivor", _customer()),
                ("merged_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("evidence", models.JSONField(default=dict)),
                ("actor_kind", models.CharField(max_length=20)),
                ("actor_id", models.CharField(max_length=60)),
                ("actor_label", models.CharField(max_length=200)),
                ("entry_id", models.UUIDField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(models.F("merged_at").desc(), models.F("id").desc(), name="customers_merge_by_time")]
            },
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", _key()),
                (
                    "merge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="identities", to="customers.merge"
                    ),
                ),
                ("customer", _customer()),
                ("survivor", _customer()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        name="customers_identity_one", fields=["customer"], condition=models.Q(valid_to=None)
                    ),
                    models.CheckConstraint(
                        name="customers_identity_not_self", condition=~models.Q(customer=models.F("survivor"))
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="MergeMove",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "merge",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="customers.merge"),
                ),
                ("relation", models.CharField(max_length=63)),
                ("column", models.CharField(max_length=63)),
                ("key", models.CharField(max_length=60)),
                ("was", models.UUIDField(null=True)),
                ("image", models.JSONField(null=True)),
            ],
        ),
    ]
