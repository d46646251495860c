"""Tables of the kernel: people who sign in, keys, the fact log, imports, settings."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import name_of
from akrab.platform.agents.models import AgentCall as AgentCall
from akrab.platform.agents.models import Proposal as Proposal
from akrab.platform.customizing.fields import STAMP
from akrab.platform.customizing.models import CustomField as CustomField
from akrab.platform.hooks.models import Webhook as Webhook
from akrab.platform.hooks.models import WebhookDelivery as WebhookDelivery
from akrab.platform.ids import new_id
from akrab.platform.journal.declaring import journalled
from akrab.platform.listing.bulk_models import BulkRun as BulkRun
from akrab.platform.listing.models import SavedView as SavedView
from akrab.platform.listing.models import ViewMark as ViewMark
from akrab.platform.policy import ROLES
from akrab.platform.rights.models import FieldRule as FieldRule
from akrab.platform.rights.models import Membership as Membership
from akrab.platform.rights.models import RecordRule as RecordRule
from akrab.platform.rights.models import Share as Share
from akrab.platform.rights.models import Team as Team
from akrab.platform.rights.models import UnitMember as UnitMember
from akrab.platform.rights.rules_exist import ANY_RULE
from akrab.platform.signing.models import Invitation as Invitation
from akrab.platform.signing.models import PasswordReset as PasswordReset
from akrab.platform.tabular.sentences import Sentence


class UserManager(BaseUserManager["User"]):
    """Finds users by e-mail address, in lower case; each says whether there is any rule that could limit them,
    and which custom fields there are."""

    def get_queryset(self) -> models.QuerySet[User]:
        return (
            super()
            .get_queryset()
            .annotate(
                ruled=RawSQL(ANY_RULE, (), output_field=models.BooleanField()),  # noqa: S611
                fields_stamp=RawSQL(STAMP, (), output_field=models.TextField()),  # noqa: S611
            )
        )

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in, with one role and their own preferences."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("Like my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("Comfortable")
        COMPACT = "compact", _("Compact")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=list(ROLES.items()), default="staff")
    language = models.CharField(max_length=5, default="en")
    zone = models.CharField(max_length=60, default="Asia/Jakarta")
    theme = models.CharField(max_length=12, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(max_length=12, choices=Density, default=Density.COMFORTABLE)
    shortcuts = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(name="platform_user_email_lower", condition=Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class SignInLink(models.Model):
    """A one-time sign-in link; only the SHA-256 of its token is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Token(models.Model):
    """An API key of a person: the SHA-256 of its secret, scopes (verb patterns) and expiry."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    name = models.CharField(max_length=100, blank=True)
    prefix = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class SignInAttempt(models.Model):
    """A failed sign-in, counted per account and address to throttle guessing."""

    key = models.CharField(max_length=200, db_index=True)
    at = models.DateTimeField(auto_now_add=True)


class Fact(models.Model):
    """One row of the fact log; the table is partitioned by month of `occurred_at` (migration 0002)."""

    pk = models.CompositePrimaryKey("id", "occurred_at")
    id = models.UUIDField(default=new_id)
    kind = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    customer_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=60)
    actor_label = models.CharField(max_length=200)
    entrance = models.CharField(max_length=20)
    source = models.CharField(max_length=60, blank=True)
    source_key = models.CharField(max_length=300, blank=True)
    schema = models.SmallIntegerField(default=1)
    payload: models.JSONField[Any, Any] = models.JSONField(default=dict)
    xid = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "platform_fact"


class FactSource(models.Model):
    """The outside event behind a fact: the same source and key is recorded once."""

    pk = models.CompositePrimaryKey("source", "source_key")
    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=300)
    fact_id = models.UUIDField()


class ParkedFact(models.Model):
    """A fact that one listener could not take after its retries, with the reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fact_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    listener = models.CharField(max_length=120)
    reason = models.TextField()
    parked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="platform_parkedfact_once", fields=["fact_id", "listener"]),
        ]


class IdempotencyKey(models.Model):
    """The first answer to a POST with an `Idempotency-Key`; a repeat gets the same bytes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True)
    headers: models.JSONField[Any, Any] = models.JSONField(default=dict)
    verbs: models.JSONField[Any, Any] = models.JSONField(default=list, db_default=[])
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="platform_idempotencykey_once", fields=["owner", "key"])]


class Setting(models.Model):
    """A business choice of this installation, by name."""

    name = models.CharField(max_length=80, primary_key=True)
    value: models.JSONField[Any, Any] = models.JSONField()
    changed_at = models.DateTimeField(auto_now=True)


class CurrencyRate(models.Model):
    """What one unit of a currency was worth in the reporting currency on a day."""

    currency = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(max_digits=24, decimal_places=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="platform_currencyrate_day", fields=["currency", "on"]),
            models.CheckConstraint(name="platform_currencyrate_positive", condition=Q(rate__gt=0)),
        ]


class Import(models.Model):
    """One run of an import: file, mapping, progress, and counts that add up to its rows."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("To be mapped")
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELED = "canceled", _("Canceled")

    # never kept: what a running import is shown as when no process works on it
    STOPPED = "stopped"
    is_taken_back = False
    """Whether what it did was undone; set by the queries."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    file_name = models.CharField(max_length=255)
    file_path = models.TextField()
    digest = models.CharField(max_length=64, blank=True)
    preset = models.CharField(max_length=60, blank=True)
    mapping: models.JSONField[Any, Any] = models.JSONField(default=dict)
    options: models.JSONField[Any, Any] = models.JSONField(default=dict)
    mode = models.CharField(max_length=10, default="upsert")
    dry_run = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    stage = models.CharField(max_length=20, blank=True)
    read_rows = models.BigIntegerField(default=0)
    total_rows = models.BigIntegerField(null=True)
    done_rows = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    skipped = models.BigIntegerField(default=0)
    errors = models.BigIntegerField(default=0)
    details: models.JSONField[Any, Any] = models.JSONField(default=dict)
    error_file = models.TextField(blank=True)
    problem = models.TextField(blank=True)
    by_id = models.CharField(max_length=60)
    by_label = models.CharField(max_length=200)
    cancel_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    finished_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    @property
    def who(self) -> str:
        """Who started it, for the reader."""
        return name_of(self.by_label)

    @property
    def why(self) -> str:
        """Why it could not be run, for the reader."""
        kept = json.loads(self.problem) if self.problem.startswith("{") else self.problem
        return Sentence.from_json(kept).translated() if kept else ""

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Why rows were left out, most rows first, for the reader: column, reason, its first row, and its rows."""
        return self._told("reasons")

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The first rows that were left out, for the reader: row, column and reason."""
        return self._told("problems")

    @property
    def remarks(self) -> list[dict[str, Any]]:
        """What is to be said of the first rows that were taken, for the reader: row, column and remark."""
        return self._told("remarks")

    @property
    def remarked(self) -> list[dict[str, Any]]:
        """What is to be said of rows that were taken, for the reader: column, remark, its first row, and its rows."""
        return self._told("remarked")

    @property
    def ask(self) -> dict[str, str]:
        """What must be said yes to before the file can be taken, for the reader: setting, value and words."""
        asked = self.details.get("ask")
        return {**asked, "words": Sentence.from_json(asked["words"]).translated()} if asked else {}

    def _told(self, name: str) -> list[dict[str, Any]]:
        kept = self.details.get(name, ())
        if isinstance(kept, dict):  # as older versions kept them
            kept = [{"column": "", "reason": text, "row": None, "rows": rows} for text, rows in kept.items()]
        return [{**one, "reason": Sentence.from_json(one["reason"]).translated()} for one in kept]

    @property
    def percent(self) -> int | None:
        """How far the run is, in whole percent, when the number of rows is known."""
        if not self.total_rows:
            return None
        return min(100, self.done_rows * 100 // self.total_rows)


class AuditRow(models.Model):
    """One link of the audit: a fact that concerns security, with the hash of the link before it; the table only grows."""

    seq = models.BigIntegerField(primary_key=True)
    fact_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=60)
    actor_label = models.CharField(max_length=200)
    entrance = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    payload_hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(F("recorded_at").desc(), name="platform_audit_by_time"),
            models.Index("actor_id", F("seq").desc(), name="platform_audit_by_actor"),
        ]


class AuditPending(models.Model):
    """A fact that waits to be chained into the audit; written in the fact's own transaction."""

    fact_id = models.UUIDField(primary_key=True)
    occurred_at = models.DateTimeField()


class JournalEntry(models.Model):
    """One thing that somebody did, with every row that it changed; it can be undone for 30 days.

    `depth` is 0 for a doing, 1 for its undoing, 2 for doing it again; `is_final` says that it cannot be undone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=60)
    actor_label = models.CharField(max_length=200)
    entrance = models.CharField(max_length=20)
    action = models.CharField(max_length=80)
    may = models.CharField(max_length=80)
    subject = models.CharField(max_length=40, blank=True, default="")
    subject_id = models.UUIDField(null=True)
    label = models.CharField(max_length=300, blank=True, default="")
    rows = models.BigIntegerField(default=0)
    counts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    left_out = models.BigIntegerField(default=0)
    depth = models.SmallIntegerField(default=0)
    is_open = models.BooleanField(default=False)
    is_final = models.BooleanField(default=False)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        indexes = [
            models.Index(F("at").desc(), F("id").desc(), name="platform_journal_by_time"),
            models.Index("actor_id", F("at").desc(), F("id").desc(), name="platform_journal_by_actor"),
            models.Index("subject", "subject_id", F("at").desc(), name="platform_journal_by_subject"),
        ]


class JournalRow(models.Model):
    """One changed row of an entry: before and after of the changed columns; partitioned by month (migration 0007)."""

    pk = models.CompositePrimaryKey("entry_id", "seq")
    entry_id = models.UUIDField()
    seq = models.BigIntegerField()
    relation = models.CharField(max_length=80)
    key = ArrayField(models.TextField())
    owner_id = models.UUIDField()
    kind = models.CharField(max_length=1)
    before: models.JSONField[Any, Any] = models.JSONField(null=True)
    after: models.JSONField[Any, Any] = models.JSONField(null=True)

    class Meta:
        managed = False
        db_table = "platform_journalrow"


class JournalLeft(models.Model):
    """What an undo left as it is, with the reason."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(JournalEntry, on_delete=models.CASCADE, related_name="left")
    relation = models.CharField(max_length=80)
    key = ArrayField(models.TextField())
    owner_id = models.UUIDField(null=True)
    field = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=20)
    before: models.JSONField[Any, Any] = models.JSONField(null=True)
    now: models.JSONField[Any, Any] = models.JSONField(null=True)


journalled(
    CurrencyRate,
    subject="rate",
    owner="",
    title=_("Currency rate"),
    label="currency",
    fields={"rate": _("Rate"), "on": _("From the day"), "currency": _("Currency")},
)
