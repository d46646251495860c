"""The feed of facts reads in the order of their transactions, however old the business moment is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("platform", "0003_idempotency_headers")]

    operations = [
        migrations.RunSQL(
            "DROP INDEX platform_fact_by_change; CREATE INDEX platform_fact_in_order ON platform_fact (xid, id)",
            "DROP INDEX platform_fact_in_order; CREATE INDEX platform_fact_by_change ON platform_fact USING brin (xid)",
        ),
    ]
