"""Facts are found by their subject: ids grow with time, so a summary of each stretch of the log is enough."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("platform", "0004_facts_in_order")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX platform_fact_of_subject ON platform_fact "
            "USING brin (subject_id uuid_minmax_multi_ops) WITH (pages_per_range = 32, autosummarize = on)",
            "DROP INDEX platform_fact_of_subject",
        ),
    ]
