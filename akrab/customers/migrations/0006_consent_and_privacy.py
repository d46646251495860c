"""Consent with its proof, privacy requests, restrictions, erasures with tombstones, retention rules."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akrab.platform.ids

CONSENTS = """
CREATE FUNCTION customers_consent_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND coalesce(current_setting('akrab.erasing', true), '') <> '' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'consent is never changed; record what happened next';
END $$;
CREATE TRIGGER customers_consent_final BEFORE UPDATE OR DELETE ON customers_consentevent
    FOR EACH ROW EXECUTE FUNCTION customers_consent_is_final();
CREATE FUNCTION customers_wording_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a wording is never changed; add a version';
END $$;
CREATE TRIGGER customers_wording_final BEFORE UPDATE OR DELETE ON customers_wording
    FOR EACH ROW EXECUTE FUNCTION customers_wording_is_final();

INSERT INTO customers_purpose (code, name_en, name_id, basis, is_active, place) VALUES
    ('service', 'Service about a purchase', 'Layanan atas pembelian', 'contract', true, 10),
    ('marketing', 'Offers and news', 'Penawaran dan kabar', 'consent', true, 20),
    ('survey', 'Surveys', 'Survei', 'consent', true, 30),
    ('profiling', 'Profiling and recommendations', 'Pembuatan profil dan rekomendasi', 'consent', true, 40),
    ('sharing', 'Sharing with partners', 'Berbagi dengan mitra', 'consent', true, 50);
INSERT INTO customers_wording (id, purpose_id, version, language, text, since)
SELECT gen_random_uuid(), code, 1, language, text, now() FROM (VALUES
    ('marketing', 'en', 'We may send you offers and news on this channel. You can stop this at any time.'),
    ('marketing', 'id', 'Kami boleh mengirim penawaran dan kabar lewat saluran ini. Anda dapat menghentikannya kapan saja.'),
    ('survey', 'en', 'We may ask you on this channel what you think of us. You can stop this at any time.'),
    ('survey', 'id', 'Kami boleh menanyakan pendapat Anda tentang kami lewat saluran ini. Anda dapat menghentikannya kapan saja.'),
    ('profiling', 'en', 'We may draw conclusions from your purchases to recommend what could suit you. You can stop this at any time.'),
    ('profiling', 'id', 'Kami boleh menarik kesimpulan dari pembelian Anda untuk memberi rekomendasi yang cocok. Anda dapat menghentikannya kapan saja.'),
    ('sharing', 'en', 'We may pass your contact on to the partners named here for their offers. You can stop this at any time.'),
    ('sharing', 'id', 'Kami boleh meneruskan kontak Anda kepada mitra yang disebut di sini untuk penawaran mereka. Anda dapat menghentikannya kapan saja.')
) AS seed(code, language, text);
INSERT INTO customers_retentionrule (id, reason, months, is_active, would_propose) VALUES
    (gen_random_uuid(), 'no_purchase', 60, false, 0),
    (gen_random_uuid(), 'never_bought', 36, false, 0);
"""

NO_CONSENTS = """
DROP TRIGGER customers_wording_final ON customers_wording;
DROP TRIGGER customers_consent_final ON customers_consentevent;
DROP FUNCTION customers_wording_is_final();
DROP FUNCTION customers_consent_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_owners"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("customer_id", models.UUIDField(db_index=True)),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=20)),
                ("actor_kind", models.CharField(max_length=20)),
                ("actor_label", models.CharField(max_length=200)),
                ("stores", models.JSONField(default=list)),
                ("doomed", models.JSONField(default=list)),
                ("completed_at", models.DateTimeField(null=True)),
                ("signature", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="customers_erasure_by_time",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("completed_at", None), ("signature", "")),
                            models.Q(("completed_at__isnull", False), models.Q(("signature", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="customers_erasure_signed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Purpose",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("name_en", models.CharField(max_length=100)),
                ("name_id", models.CharField(max_length=100)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "Consent"),
                            ("contract", "Contract"),
                            ("legal_obligation", "Legal obligation"),
                            ("vital_interest", "Vital interest"),
                            ("public_interest", "Public interest"),
                            ("legitimate_interest", "Legitimate interest"),
                        ],
                        default="consent",
                        max_length=20,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("place", models.SmallIntegerField(default=100)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("name_en", ""), _negated=True), models.Q(("name_id", ""), _negated=True)),
                        name="customers_purpose_named",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "reason",
                    models.CharField(
                        choices=[("no_purchase", "Last purchase is too long ago"), ("never_bought", "Registered, never bought")],
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("months", models.SmallIntegerField()),
                ("is_active", models.BooleanField(default=False)),
                ("would_propose", models.BigIntegerField(default=0)),
                ("counted_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("months__gte", 1)), name="customers_retention_months")
                ],
            },
        ),
        migrations.CreateModel(
            name="PrivacyRequest",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("customer_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "Access"),
                            ("correction", "Correction"),
                            ("restriction", "Restriction"),
                            ("erasure", "Erasure"),
                            ("objection", "Objection"),
                            ("portability", "Portability"),
                        ],
                        max_length=12,
                    ),
                ),
                ("came_by", models.CharField(blank=True, default="", max_length=60)),
                ("details", models.TextField(blank=True, default="")),
                ("received_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "identity",
                    models.CharField(
                        choices=[("unchecked", "Not checked yet"), ("confirmed", "Confirmed"), ("failed", "Not confirmed")],
                        default="unchecked",
                        max_length=10,
                    ),
                ),
                ("identity_how", models.CharField(blank=True, default="", max_length=300)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("", "Open"), ("granted", "Granted"), ("partly", "Partly granted"), ("refused", "Refused")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True, default="")),
                ("answer", models.TextField(blank=True, default="")),
                ("closed_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("due_at"), models.F("id"), condition=models.Q(("closed_at", None)), name="customers_request_open"
                    ),
                    models.Index(
                        models.F("customer_id"),
                        models.OrderBy(models.F("received_at"), descending=True),
                        name="customers_request_by_customer",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("decision", "")),
                            models.Q(models.Q(("decision", ""), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="customers_request_closed_with_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="customers_request_refused_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentEvent",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("whatsapp", "WhatsApp"),
                            ("sms", "SMS"),
                            ("phone", "Phone"),
                            ("post", "Post"),
                            ("push", "Push message"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("granted", "Granted"), ("withdrawn", "Withdrawn"), ("expired", "Expired")], max_length=10
                    ),
                ),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("source", models.CharField(blank=True, default="", max_length=60)),
                ("source_key", models.CharField(blank=True, default="", max_length=200)),
                ("evidence", models.CharField(blank=True, default="", max_length=500)),
                ("wording_version", models.IntegerField(null=True)),
                ("wording_language", models.CharField(blank=True, default="", max_length=5)),
                ("where", models.CharField(blank=True, default="", max_length=300)),
                ("ip", models.GenericIPAddressField(null=True)),
                ("user_agent", models.CharField(blank=True, default="", max_length=300)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("actor_kind", models.CharField(max_length=20)),
                ("actor_id", models.CharField(max_length=60)),
                ("actor_label", models.CharField(max_length=200)),
                ("entrance", models.CharField(max_length=20)),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.purpose"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("customer"),
                        models.F("channel"),
                        models.F("purpose"),
                        models.OrderBy(models.F("at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="customers_consent_latest",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("source_key", ""), _negated=True),
                        fields=("source", "source_key"),
                        name="customers_consent_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "granted"), _negated=True),
                            models.Q(("evidence", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="customers_consent_proven",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "whatsapp", "sms", "phone", "post", "push"])),
                        name="customers_consent_channel",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.CharField(max_length=300)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("customer",), name="customers_restriction_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionProposal",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("proposed_at", models.DateTimeField()),
                ("kept_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="proposals", to="customers.retentionrule"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("proposed_at"),
                        models.F("id"),
                        condition=models.Q(("kept_at", None)),
                        name="customers_retention_open",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("rule", "customer"), name="customers_retention_once")],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("hash", models.CharField(max_length=64)),
                ("seen", models.IntegerField(default=0)),
                ("seen_at", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "erasure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tombstones", to="customers.erasure"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)), fields=("kind", "hash"), name="customers_tombstone_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.UUIDField(default=akrab.platform.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("version", models.IntegerField()),
                ("language", models.CharField(max_length=5)),
                ("text", models.TextField()),
                ("since", models.DateTimeField()),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wordings", to="customers.purpose"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("purpose", "version", "language"), name="customers_wording_once"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="customers_wording_says_something"
                    ),
                ],
            },
        ),
        migrations.RunSQL(CONSENTS, NO_CONSENTS),
    ]
