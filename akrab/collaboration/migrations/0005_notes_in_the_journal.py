"""The journal follows notes with whom they mention and their files, so that keeping and removing one can be undone."""

from django.db import migrations

from akrab.platform.journal.triggers import journal_triggers, no_journal_triggers

FOLLOWED = {
    "collaboration_note": {"ignored": ("version",)},
    "collaboration_mention": {"owner": "note_id"},
    "collaboration_attachment": {"owner": "note_id"},
}


class Migration(migrations.Migration):
    dependencies = [("collaboration", "0004_approvals"), ("platform", "0007_journal")]

    operations = [
        migrations.RunSQL(journal_triggers(table, **options), no_journal_triggers(table)) for table, options in FOLLOWED.items()
    ]
