"""A product remembers the receipt line that named it, so that an earlier one can name it again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commerce", "0006_what_exchanges_sell")]

    operations = [
        migrations.AddField("product", "taught_by", models.TextField(db_collation="C", null=True)),
    ]
