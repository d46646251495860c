"""Documents that came before their sale are called early; parked are the facts that a listener could not take."""

from django.db import migrations, models

RENAME = "UPDATE commerce_receipt SET status = '{}', changed_xid = pg_current_xact_id()::text::bigint WHERE status = '{}'"


class Migration(migrations.Migration):
    dependencies = [("commerce", "0004_branch_by_natural_key")]

    operations = [
        migrations.RunSQL(RENAME.format("early", "parked"), RENAME.format("parked", "early")),
        migrations.RemoveIndex("receipt", "commerce_receipt_parked"),
        migrations.AddIndex(
            "receipt",
            models.Index("received_at", name="commerce_receipt_early", condition=models.Q(status="early")),
        ),
        migrations.AlterField(
            "receipt",
            "status",
            models.CharField(
                choices=[("counted", "Counted"), ("voided", "Voided"), ("early", "Waiting for its sale")],
                default="counted",
                max_length=8,
            ),
        ),
    ]
