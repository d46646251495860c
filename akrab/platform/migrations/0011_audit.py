"""The audit: a chain of hashes over facts that concern security, in a table that only grows."""

from django.db import migrations, models

FINAL = """
CREATE TRIGGER platform_auditrow_final BEFORE UPDATE OR DELETE ON platform_auditrow
    FOR EACH ROW EXECUTE FUNCTION platform_is_final();
CREATE TRIGGER platform_auditrow_kept BEFORE TRUNCATE ON platform_auditrow
    FOR EACH STATEMENT EXECUTE FUNCTION platform_is_final();
"""

NOT_FINAL = """
DROP TRIGGER platform_auditrow_final ON platform_auditrow;
DROP TRIGGER platform_auditrow_kept ON platform_auditrow;
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0010_cleaned_facts")]

    operations = [
        migrations.CreateModel(
            name="AuditRow",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("fact_id", models.UUIDField(unique=True)),
                ("kind", models.CharField(max_length=80)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=20)),
                ("actor_id", models.CharField(max_length=60)),
                ("actor_label", models.CharField(max_length=200)),
                ("entrance", models.CharField(max_length=20)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.UUIDField(null=True)),
                ("payload_hash", models.CharField(max_length=64)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(models.F("recorded_at").desc(), name="platform_audit_by_time"),
                    models.Index("actor_id", models.F("seq").desc(), name="platform_audit_by_actor"),
                ]
            },
        ),
        migrations.CreateModel(
            name="AuditPending",
            fields=[
                ("fact_id", models.UUIDField(primary_key=True, serialize=False)),
                ("occurred_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(FINAL, NOT_FINAL),
    ]
