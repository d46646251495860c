"""The words of all names, kept by triggers, from which a misspelt search word finds its right spelling."""

import django.contrib.postgres.indexes
from django.db import migrations, models

TRIGGERS = """
CREATE FUNCTION customers_name_words(names text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO customers_nameword (word)
    SELECT DISTINCT word FROM unnest(names) AS n(name), regexp_split_to_table(name, '[^[:alpha:]]+') AS w(word)
    WHERE length(word) BETWEEN 3 AND 40 ORDER BY word
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION customers_words_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM customers_name_words((SELECT array_agg(name_key) FROM added));
    RETURN NULL;
END $$;
CREATE TRIGGER customers_words_of_new AFTER INSERT ON customers_customer
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION customers_words_of_new();

CREATE FUNCTION customers_words_of_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM customers_name_words(ARRAY[NEW.name_key]);
    RETURN NULL;
END $$;
CREATE TRIGGER customers_words_of_renamed AFTER UPDATE OF display_name ON customers_customer
    FOR EACH ROW WHEN (OLD.display_name IS DISTINCT FROM NEW.display_name)
    EXECUTE FUNCTION customers_words_of_renamed();

SELECT customers_name_words(array_agg(name_key)) FROM customers_customer;
"""

UNDO = """
DROP TRIGGER customers_words_of_new ON customers_customer;
DROP TRIGGER customers_words_of_renamed ON customers_customer;
DROP FUNCTION customers_words_of_new();
DROP FUNCTION customers_words_of_renamed();
DROP FUNCTION customers_name_words(text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_search_and_sorting")]

    operations = [
        migrations.CreateModel(
            name="NameWord",
            fields=[("word", models.TextField(db_collation="C", primary_key=True, serialize=False))],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], name="customers_word_search", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
