"""Saved views of lists, and who keeps which at hand; changes of a view are journalled."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import akrab.platform.ids
from akrab.platform.journal.triggers import journal_triggers, no_journal_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0012_allowed_again"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("object", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("query", models.TextField(blank=True, default="")),
                (
                    "scope",
                    models.CharField(
                        choices=[("private", "Only me"), ("team", "My team"), ("all", "Everybody")],
                        default="private",
                        max_length=8,
                    ),
                ),
                ("is_locked", models.BooleanField(default=False)),
                ("version", models.IntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platform.team"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ViewMark",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "view_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("object", models.CharField(max_length=40)),
                ("is_pinned", models.BooleanField(default=True)),
                ("is_default", models.BooleanField(default=False)),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "view",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="platform.savedview"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="platform_savedview_named"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("scope", "team"), _negated=True), ("team__isnull", False), _connector="OR"),
                name="platform_savedview_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                models.F("object"),
                models.F("owner"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("retired_at", None), ("scope", "private")),
                name="platform_savedview_own_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                models.F("object"),
                models.F("team"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(models.Q(("scope", "private"), _negated=True), ("retired_at", None)),
                name="platform_savedview_shared_name",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="viewmark",
            constraint=models.UniqueConstraint(
                models.F("person"),
                models.F("object"),
                condition=models.Q(("is_default", True)),
                name="platform_viewmark_one_default",
            ),
        ),
        migrations.RunSQL(
            journal_triggers("platform_savedview", ignored=("version", "changed_at")),
            no_journal_triggers("platform_savedview"),
        ),
    ]
