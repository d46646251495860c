"""The fact log, partitioned by month of business time, and the text functions that search rests on."""

from django.db import migrations

NORMAL = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE OR REPLACE FUNCTION akrab_normal(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(unaccent('unaccent'::regdictionary, value));
"""

FACTS = """
CREATE TABLE platform_fact (
    id uuid NOT NULL,
    kind varchar(80) NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    customer_id uuid,
    subject_kind varchar(40) NOT NULL,
    subject_id uuid,
    actor_kind varchar(20) NOT NULL,
    actor_id varchar(60) NOT NULL,
    actor_label varchar(200) NOT NULL,
    entrance varchar(20) NOT NULL,
    source varchar(60) NOT NULL DEFAULT '',
    source_key varchar(300) NOT NULL DEFAULT '',
    schema smallint NOT NULL DEFAULT 1,
    payload jsonb NOT NULL,
    xid bigint NOT NULL,
    PRIMARY KEY (id, occurred_at)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX platform_fact_by_customer ON platform_fact (customer_id, occurred_at DESC, id DESC)
    WHERE customer_id IS NOT NULL;
CREATE INDEX platform_fact_by_change ON platform_fact USING brin (xid);

CREATE FUNCTION platform_ensure_fact_month(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := 'platform_fact_' || to_char(month, 'YYYY_MM');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('platform_fact_month'));
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE platform_fact INCLUDING DEFAULTS)', name);
    EXECUTE format(
        'ALTER TABLE platform_fact ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        name, month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC'
    );
END $$;

CREATE FUNCTION platform_fact_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'facts are never changed or deleted';
END $$;
CREATE TRIGGER platform_fact_final BEFORE UPDATE OR DELETE ON platform_fact
    FOR EACH ROW EXECUTE FUNCTION platform_fact_is_final();
"""

UNDO = """
DROP TABLE platform_fact;
DROP FUNCTION platform_ensure_fact_month(date);
DROP FUNCTION platform_fact_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_initial")]

    operations = [
        migrations.RunSQL(NORMAL, migrations.RunSQL.noop),
        migrations.RunSQL(FACTS, UNDO),
    ]
