"""Facts may be cleaned of a person who was erased, and only then; each cleaning is noted in a log that only grows."""

from django.db import migrations

CLEANING = """
CREATE TABLE platform_factcleaning (
    fact_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    kind varchar(80) NOT NULL,
    erasure_id uuid NOT NULL,
    cleaned_at timestamptz NOT NULL DEFAULT now(),
    fields text[] NOT NULL,
    PRIMARY KEY (fact_id, erasure_id)
);
CREATE FUNCTION platform_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME;
END $$;
CREATE TRIGGER platform_factcleaning_final BEFORE UPDATE OR DELETE ON platform_factcleaning
    FOR EACH ROW EXECUTE FUNCTION platform_is_final();

CREATE OR REPLACE FUNCTION platform_fact_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erasure text := coalesce(current_setting('akrab.erasing', true), '');
    old_rest jsonb;
    new_rest jsonb;
BEGIN
    IF TG_OP = 'UPDATE' AND erasure <> '' THEN
        old_rest := to_jsonb(OLD) - 'payload' - 'customer_id' - 'subject_id';
        new_rest := to_jsonb(NEW) - 'payload' - 'customer_id' - 'subject_id';
        IF old_rest = new_rest THEN
            INSERT INTO platform_factcleaning (fact_id, occurred_at, kind, erasure_id, fields)
            VALUES (OLD.id, OLD.occurred_at, OLD.kind, erasure::uuid, ARRAY(
                SELECT b.key FROM jsonb_each(OLD.payload) b WHERE NEW.payload->b.key IS DISTINCT FROM b.value ORDER BY 1));
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'facts are never changed or deleted';
END $$;
"""

UNDO = """
CREATE OR REPLACE FUNCTION platform_fact_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'facts are never changed or deleted';
END $$;
DROP TABLE platform_factcleaning;
DROP FUNCTION platform_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0009_sign_in")]

    operations = [migrations.RunSQL(CLEANING, UNDO)]
