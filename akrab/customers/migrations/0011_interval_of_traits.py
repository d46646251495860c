"""Lists narrowed by the days between purchases read the few customers that fit, not the trait of everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_custom_fields")]

    operations = [
        migrations.AddIndex(
            "trait",
            models.Index("number", "customer", name="customers_trait_interval", condition=models.Q(name="purchase_interval")),
        ),
    ]
