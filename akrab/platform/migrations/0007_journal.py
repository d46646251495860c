"""The journal: entries, the rows that they changed, what an undo left; and the function behind every journal trigger."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F

import akrab.platform.ids
from akrab.platform.journal.triggers import journal_triggers, no_journal_triggers

ROWS = """
CREATE TABLE platform_journalrow (
    entry_id uuid NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    relation varchar(80) NOT NULL,
    key text[] NOT NULL,
    owner_id uuid NOT NULL,
    kind char(1) NOT NULL CHECK (kind IN ('i', 'u', 'd')),
    before jsonb,
    after jsonb,
    PRIMARY KEY (entry_id, seq)
) PARTITION BY RANGE (entry_id);
CREATE INDEX platform_journalrow_by_owner ON platform_journalrow (owner_id, entry_id);
CREATE AGGREGATE platform_merge(jsonb) (sfunc = jsonb_concat, stype = jsonb, initcond = '{}');

-- Ids of entries grow with time (UUIDv7: 48 bits of milliseconds first), so a month is a range of ids.
CREATE FUNCTION platform_journal_edge(month date) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM month::timestamp AT TIME ZONE 'UTC') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
CREATE FUNCTION platform_ensure_journal_month(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := 'platform_journalrow_' || to_char(month, 'YYYY_MM');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('platform_journal_month'));
    IF to_regclass(name) IS NULL THEN
        EXECUTE format(
            'CREATE TABLE %I PARTITION OF platform_journalrow FOR VALUES FROM (%L) TO (%L)',
            name, platform_journal_edge(month), platform_journal_edge((month + interval '1 month')::date)
        );
    END IF;
END $$;

CREATE FUNCTION platform_journal_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry uuid := current_setting('akrab.journal')::uuid;
    keys text[] := string_to_array(TG_ARGV[1], ',');
    ignored text[] := string_to_array(TG_ARGV[2], ',');
    source text := CASE TG_OP WHEN 'INSERT' THEN 'new_rows' ELSE 'old_rows' END;
    key text := (SELECT string_agg(format('r.%I::text', one), ', ') FROM unnest(keys) AS one);
    same text := (SELECT string_agg(format('n.%I = r.%I', one, one), ' AND ') FROM unnest(keys) AS one);
    owner text := CASE TG_ARGV[0] WHEN '' THEN format('md5(concat_ws(''/'', %L, %s))::uuid', TG_TABLE_NAME, key)
        ELSE format('r.%I', TG_ARGV[0]) END;
    start text := format('INSERT INTO platform_journalrow (entry_id, relation, key, owner_id, kind, before, after) '
        'SELECT $1, %L, ARRAY[%s], %s', TG_TABLE_NAME, key, owner);
BEGIN
    IF TG_OP = 'INSERT' THEN
        EXECUTE start || ', ''i'', NULL, NULL FROM new_rows r' USING entry;
    ELSIF TG_OP = 'DELETE' THEN
        EXECUTE start || ', ''d'', to_jsonb(r), NULL FROM old_rows r' USING entry;
    ELSE
        EXECUTE start || ', ''u'', d.before, d.after FROM old_rows r JOIN new_rows n ON ' || same || ' CROSS JOIN LATERAL ('
            'SELECT jsonb_object_agg(b.key, b.value) AS before, jsonb_object_agg(b.key, a.value) AS after '
            'FROM jsonb_each(to_jsonb(r) - $2) AS b JOIN jsonb_each(to_jsonb(n)) AS a ON a.key = b.key '
            'WHERE a.value IS DISTINCT FROM b.value) AS d WHERE d.before IS NOT NULL' USING entry, ignored;
    END IF;
    RETURN NULL;
END $$;
"""

NO_ROWS = """
DROP FUNCTION platform_journal_note() CASCADE;
DROP TABLE platform_journalrow;
DROP FUNCTION platform_ensure_journal_month(date);
DROP FUNCTION platform_journal_edge(date);
DROP AGGREGATE platform_merge(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0006_take_jobs_in_order")]

    operations = [
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=20)),
                ("actor_id", models.CharField(max_length=60)),
                ("actor_label", models.CharField(max_length=200)),
                ("entrance", models.CharField(max_length=20)),
                ("action", models.CharField(max_length=80)),
                ("may", models.CharField(max_length=80)),
                ("subject", models.CharField(blank=True, default="", max_length=40)),
                ("subject_id", models.UUIDField(null=True)),
                ("label", models.CharField(blank=True, default="", max_length=300)),
                ("rows", models.BigIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("left_out", models.BigIntegerField(default=0)),
                ("depth", models.SmallIntegerField(default=0)),
                ("is_open", models.BooleanField(default=False)),
                ("is_final", models.BooleanField(default=False)),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="platform.journalentry",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(F("at").desc(), F("id").desc(), name="platform_journal_by_time"),
                    models.Index("actor_id", F("at").desc(), F("id").desc(), name="platform_journal_by_actor"),
                    models.Index("subject", "subject_id", F("at").desc(), name="platform_journal_by_subject"),
                ]
            },
        ),
        migrations.CreateModel(
            name="JournalLeft",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("relation", models.CharField(max_length=80)),
                ("key", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("owner_id", models.UUIDField(null=True)),
                ("field", models.CharField(blank=True, default="", max_length=80)),
                ("reason", models.CharField(max_length=20)),
                ("before", models.JSONField(null=True)),
                ("now", models.JSONField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="left", to="platform.journalentry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="JournalRow",
            fields=[],
            options={"db_table": "platform_journalrow", "managed": False},
        ),
        migrations.RunSQL(ROWS, NO_ROWS),
        migrations.RunSQL(journal_triggers("platform_currencyrate", owner=""), no_journal_triggers("platform_currencyrate")),
    ]
