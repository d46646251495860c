"""Custom fields; the journal follows their values one by one, as if each were a column."""

from django.db import migrations, models

import akrab.platform.ids
from akrab.platform.journal.triggers import journal_triggers, no_journal_triggers

FLAT = """
CREATE FUNCTION platform_flat(doc jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(doc->'custom') = 'object' THEN (doc - 'custom') || coalesce(
        (SELECT jsonb_object_agg('custom.' || key, value) FROM jsonb_each(doc->'custom')), '{}') ELSE doc END
$$;
-- The image of a row again, with the values that the image does not name as they are in `base`.
CREATE FUNCTION platform_deep(doc jsonb, base jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_object_agg(key, value) FILTER (WHERE key NOT LIKE 'custom.%'), '{}') || jsonb_build_object('custom',
        jsonb_strip_nulls(coalesce(base, '{}') || coalesce(
            jsonb_object_agg(substr(key, 8), value) FILTER (WHERE key LIKE 'custom.%'), '{}')))
    FROM jsonb_each(doc)
$$;
"""
NOTE = """
CREATE OR REPLACE FUNCTION platform_journal_note() RETURNS trigger LANGUAGE plpgsql AS $$
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
        EXECUTE start || ', ''d'', platform_flat(to_jsonb(r)), NULL FROM old_rows r' USING entry;
    ELSE
        EXECUTE start || ', ''u'', d.before, d.after FROM old_rows r JOIN new_rows n ON ' || same || ' CROSS JOIN LATERAL ('
            'SELECT jsonb_object_agg(key, coalesce(b.value, ''null'')) AS before, '
            'jsonb_object_agg(key, coalesce(a.value, ''null'')) AS after '
            'FROM jsonb_each(platform_flat(to_jsonb(r) - $2)) AS b '
            'FULL JOIN jsonb_each(platform_flat(to_jsonb(n) - $2)) AS a USING (key) '
            'WHERE a.value IS DISTINCT FROM b.value) AS d WHERE d.before IS NOT NULL' USING entry, ignored;
    END IF;
    RETURN NULL;
END $$;
"""
FORMER_NOTE = """
CREATE OR REPLACE FUNCTION platform_journal_note() RETURNS trigger LANGUAGE plpgsql AS $$
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

IGNORED = ("version", "changed_at", "is_indexed", "computed_at")


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0017_parked_facts_without_resolution"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomField",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("object", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=40)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("long", "Long text"),
                            ("number", "Number"),
                            ("money", "Money"),
                            ("date", "Date"),
                            ("moment", "Date and time"),
                            ("choice", "Choice"),
                            ("choices", "Several choices"),
                            ("person", "Person"),
                            ("link", "Link to a record"),
                            ("boolean", "Yes or no"),
                            ("url", "Web address"),
                            ("formula", "Formula"),
                            ("rollup", "Roll-up"),
                        ],
                        max_length=8,
                    ),
                ),
                ("title_en", models.CharField(max_length=80)),
                ("title_id", models.CharField(blank=True, default="", max_length=80)),
                ("help_text", models.CharField(blank=True, default="", max_length=300)),
                ("group", models.CharField(blank=True, default="", max_length=80)),
                ("position", models.IntegerField(default=0)),
                ("is_required", models.BooleanField(default=False)),
                ("is_unique", models.BooleanField(default=False)),
                ("is_searchable", models.BooleanField(default=False)),
                ("options", models.JSONField(default=dict)),
                ("is_indexed", models.BooleanField(default=False)),
                ("computed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("trashed_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("object", "key"), name="platform_customfield_once"),
                    models.CheckConstraint(
                        condition=models.Q(("title_en", ""), _negated=True), name="platform_customfield_titled"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z][a-z0-9_]*$")), name="platform_customfield_key"
                    ),
                ],
            },
        ),
        migrations.RunSQL(FLAT, "DROP FUNCTION platform_flat(jsonb); DROP FUNCTION platform_deep(jsonb, jsonb)"),
        migrations.RunSQL(NOTE, FORMER_NOTE),
        migrations.RunSQL(journal_triggers("platform_customfield", ignored=IGNORED), no_journal_triggers("platform_customfield")),
    ]
