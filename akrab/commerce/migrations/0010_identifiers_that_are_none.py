from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commerce", "0009_custom_fields")]

    operations = [
        migrations.AlterField(
            model_name="receipt",
            name="customer_from",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Anonymous"),
                    ("identifier", "Identified at the till"),
                    ("original", "Known from the sale"),
                    ("claim", "Claimed later"),
                    ("unusable", "Anonymous: what was given identifies nobody"),
                ],
                default="",
                max_length=10,
            ),
        ),
    ]
