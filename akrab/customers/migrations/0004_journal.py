"""The journal follows customers, identifiers, relationships and what is known of them."""

from django.db import migrations

from akrab.platform.journal.triggers import journal_triggers, no_journal_triggers

FOLLOWED = {
    "customers_customer": {
        "ignored": (
            "version",
            "changed_at",
            "changed_xid",
            "stage",
            "first_purchase_at",
            "last_purchase_at",
            "previous_purchase_at",
            "purchase_count",
            "spend",
            "spend_currency",
            "name_key",
            "search",
        )
    },
    "customers_identifier": {"owner": "customer_id"},
    "customers_relationship": {"owner": "customer_id"},
}


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_name_words"), ("platform", "0007_journal")]

    operations = [
        migrations.RunSQL(journal_triggers(table, **options), no_journal_triggers(table)) for table, options in FOLLOWED.items()
    ]
