"""Parked facts are deleted when they are queued again, so that nothing says when they were resolved."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0016_agents"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="parkedfact",
            name="resolved_at",
        ),
    ]
