"""The journal follows the catalog, branches and till closings; receipts are noted by their own intake."""

from django.db import migrations

from akrab.platform.journal.triggers import journal_triggers, no_journal_triggers

FOLLOWED = {
    "commerce_branch": {"ignored": ("version", "changed_xid")},
    "commerce_category": {},
    "commerce_product": {"ignored": ("version", "changed_at", "changed_xid")},
    "commerce_productlink": {"owner": "product_id"},
    "commerce_tillclosing": {"owner": "branch_id"},
}


class Migration(migrations.Migration):
    dependencies = [("commerce", "0002_lists_of_the_rare"), ("platform", "0007_journal")]

    operations = [
        migrations.RunSQL(journal_triggers(table, **options), no_journal_triggers(table)) for table, options in FOLLOWED.items()
    ]
