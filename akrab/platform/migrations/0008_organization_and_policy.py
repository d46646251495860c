"""Teams and who belongs to them; rules about records and fields; shares."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import akrab.platform.ids
from akrab.platform.journal.triggers import journal_triggers, no_journal_triggers

FOLLOWED: dict[str, dict[str, str]] = {
    "platform_team": {},
    "platform_membership": {"owner": "team_id"},
    "platform_unitmember": {"owner": "person_id"},
    "platform_recordrule": {},
    "platform_fieldrule": {},
    "platform_share": {},
}


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0007_journal"),
    ]

    operations = [
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("retired_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
                (
                    "lead",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="children", to="platform.team"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("object", models.CharField(max_length=60)),
                ("record_id", models.UUIDField()),
                ("level", models.CharField(choices=[("read", "See"), ("edit", "Edit")], default="read", max_length=6)),
                ("expires_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=200)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="platform.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecordRule",
            fields=[
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("administrator", "Administrator"),
                            ("manager", "Manager"),
                            ("staff", "Staff"),
                            ("analyst", "Analyst"),
                            ("readonly", "Read-only"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=200)),
                ("retired_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("object", models.CharField(max_length=60)),
                ("effect", models.CharField(choices=[("allow", "Allow"), ("deny", "Deny")], default="allow", max_length=5)),
                (
                    "level",
                    models.CharField(
                        choices=[("read", "See"), ("edit", "Edit"), ("delete", "Delete")], default="read", max_length=6
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("all", "All"),
                            ("own", "Own"),
                            ("team", "Own team and teams below"),
                            ("unit", "Own branch"),
                            ("shared", "Only what is shared"),
                            ("customer", "Of customers they may see"),
                            ("filter", "Matching a filter"),
                        ],
                        max_length=8,
                    ),
                ),
                ("filter", models.JSONField(default=list)),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platform.team"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="platform.team"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FieldRule",
            fields=[
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("administrator", "Administrator"),
                            ("manager", "Manager"),
                            ("staff", "Staff"),
                            ("analyst", "Analyst"),
                            ("readonly", "Read-only"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=200)),
                ("retired_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("object", models.CharField(max_length=60)),
                ("field", models.CharField(max_length=60)),
                (
                    "access",
                    models.CharField(
                        choices=[("hidden", "Hidden"), ("masked", "Masked"), ("read", "Read only"), ("edit", "Read and edit")],
                        max_length=6,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platform.team"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitMember",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("unit_id", models.UUIDField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="units", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                models.F("parent"),
                condition=models.Q(("retired_at", None)),
                name="platform_team_name",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", None), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"),
                name="platform_team_not_its_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="platform_team_named"),
        ),
        migrations.AddIndex(
            model_name="share",
            index=models.Index(
                models.F("person"), models.F("object"), condition=models.Q(("ended_at", None)), name="platform_share_to_person"
            ),
        ),
        migrations.AddIndex(
            model_name="share",
            index=models.Index(
                models.F("team"), models.F("object"), condition=models.Q(("ended_at", None)), name="platform_share_to_team"
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person", None), ("team__isnull", False)),
                    models.Q(("person__isnull", False), ("team", None)),
                    _connector="OR",
                ),
                name="platform_share_one_receiver",
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("object", "record_id", "person", "team"),
                name="platform_share_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="recordrule",
            index=models.Index(models.F("object"), condition=models.Q(("retired_at", None)), name="platform_recordrule_open"),
        ),
        migrations.AddConstraint(
            model_name="recordrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", ""), ("team", None)),
                    models.Q(("person", None), ("role", "")),
                    models.Q(("person", None), ("team", None)),
                    _connector="OR",
                ),
                name="platform_recordrule_one_addressee",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("team", "person"), name="platform_membership_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="platform_membership_days",
            ),
        ),
        migrations.AddIndex(
            model_name="fieldrule",
            index=models.Index(
                models.F("object"), models.F("field"), condition=models.Q(("retired_at", None)), name="platform_fieldrule_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", ""), ("team", None)),
                    models.Q(("person", None), ("role", "")),
                    models.Q(("person", None), ("team", None)),
                    _connector="OR",
                ),
                name="platform_fieldrule_one_addressee",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitmember",
            constraint=models.UniqueConstraint(fields=("person", "kind", "unit_id"), name="platform_unitmember_once"),
        ),
        *(
            migrations.RunSQL(journal_triggers(table, **options), no_journal_triggers(table))
            for table, options in FOLLOWED.items()
        ),
    ]
