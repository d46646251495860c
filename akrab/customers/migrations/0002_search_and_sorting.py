"""Names sort by code point, phones are searched by their digits, and the last purchase is sorted without nulls."""

import datetime

import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models

import akrab.customers.models

REBUILD = """
ALTER TABLE customers_customer DROP COLUMN name_key, DROP COLUMN search;
ALTER TABLE customers_customer
    ADD COLUMN name_key text COLLATE "C" GENERATED ALWAYS AS (akrab_normal(display_name)) STORED,
    ADD COLUMN search text GENERATED ALWAYS AS (akrab_normal(
        display_name || ' ' || email || ' ' || city || ' ' || regexp_replace(phone, '[^0-9]', '', 'g')
    )) STORED;
CREATE INDEX customers_by_name ON customers_customer (name_key, id);
CREATE INDEX customers_by_stage ON customers_customer (stage, name_key, id);
CREATE INDEX customers_by_city ON customers_customer (city, name_key, id);
CREATE INDEX customers_search ON customers_customer USING gin (search gin_trgm_ops);
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(REBUILD, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AlterField(
                    "customer",
                    "name_key",
                    models.GeneratedField(
                        expression=akrab.customers.models.Normal(models.F("display_name")),
                        output_field=models.TextField(db_collation="C"),
                        db_persist=True,
                    ),
                ),
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
                            )
                        ),
                        output_field=models.TextField(),
                        db_persist=True,
                    ),
                ),
            ],
        ),
        migrations.RemoveIndex("customer", "customers_by_last_purchase"),
        migrations.AddIndex(
            "customer",
            models.Index(
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce(
                        "last_purchase_at", models.Value(datetime.datetime(1, 1, 1, tzinfo=datetime.UTC))
                    ),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                name="customers_by_last_sale",
            ),
        ),
    ]
