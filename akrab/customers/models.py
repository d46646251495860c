"""Tables of the customers room: people and companies, what points to them, how they relate, what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.customizing.models import values_column
from akrab.platform.ids import new_id
from akrab.platform.journal.declaring import journalled
from akrab.platform.rights.limits import narrowed
from akrab.platform.rights.registry import Protected, ProtectedField, protect


class Normal(Func):
    """Lower case without accents, as an immutable database function."""

    function = "akrab_normal"
    output_field: ClassVar[TextField[str, str]] = TextField()


class Digits(Func):
    """Only the digits of a text, so that a phone number is found however it was written."""

    template = "regexp_replace(%(expressions)s, '[^0-9]', '', 'g')"
    output_field: ClassVar[TextField[str, str]] = TextField()


NEVER = datetime(1, 1, 1, tzinfo=UTC)


class Stage(models.TextChoices):
    """Lifecycle stage, computed from facts."""

    PROSPECT = "prospect", _("Prospect")
    LEAD = "lead", _("Lead")
    FIRST_TIME = "first_time", _("First-time")
    ACTIVE = "active", _("Active")
    LOYAL = "loyal", _("Loyal")
    AT_RISK = "at_risk", _("At risk")
    LAPSED = "lapsed", _("Lapsed")
    WON_BACK = "won_back", _("Won back")


STAGE_TONES = {
    Stage.FIRST_TIME: "info",
    Stage.ACTIVE: "success",
    Stage.LOYAL: "accent",
    Stage.WON_BACK: "success",
    Stage.AT_RISK: "warning",
    Stage.LAPSED: "danger",
}


def _without_closed_changes(payload: Mapping[str, Any], is_closed: Callable[[str], bool]) -> dict[str, Any]:
    kept = {name: change for name, change in payload["changes"].items() if not is_closed(name)}
    return {**payload, "changes": kept}


def _without_closed_value(payload: Mapping[str, Any], is_closed: Callable[[str], bool]) -> dict[str, Any]:
    return {**payload, "value": ""} if is_closed(payload["kind"]) else dict(payload)


CUSTOMER = protect(
    Protected(
        name="customers.customer",
        title=_("Customers"),
        table="customers_customer",
        verb="customers.view_customers",
        edit_verb="customers.edit_customers",
        owner="owner_id",
        people="people",
        team="team_id",
        trash="trashed_at",
        label="display_name",
        fields=(
            ProtectedField("phone", _("Phone"), ("whatsapp",), "phone"),
            ProtectedField("email", _("E-mail"), (), "email"),
            ProtectedField("card", _("Loyalty card"), (), "code"),
            ProtectedField("address", _("Address")),
            ProtectedField("city", _("City")),
            ProtectedField("country", _("Country")),
            ProtectedField("born_on", _("Born on"), (), "date"),
            ProtectedField("spend", _("Spend"), ("spend_currency", "average_purchase", "rfm_money", "rfm_score"), "number"),
            ProtectedField(
                "purchases",
                _("Purchases"),
                (
                    "purchase_count",
                    "last_purchase",
                    "last_purchase_at",
                    "first_purchase_at",
                    "previous_purchase_at",
                    "last",
                    "bought",
                ),
                "number",
            ),
            ProtectedField(
                "traits", _("Measures"), ("segment", "first", "first_before", "first_month", "quiet", "is_quiet", "interval")
            ),
        ),
        filters={
            "kind": "kind",
            "stage": "stage",
            "city": "city",
            "country": "country",
            "source": "source",
            "purchases": "purchase_count",
            "spend": "spend",
        },
        titles={"kind": _("Kind"), "stage": _("Stage"), "source": _("Source")},
        parts={"customers_identifier": "kind"},
        subject="customer",
        history={
            "customers.customer_edited": _without_closed_changes,
            "customers.identifier_removed": _without_closed_value,
        },
        named_in={"customers.relationship_changed": ("other_id", "other_name")},
    )
)

_STAGES = {str(stage.value): stage.label for stage in Stage}


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, by: Actor) -> CustomerQuerySet:
        """The customers this actor may see."""
        return narrowed(self, by, CUSTOMER.name) if by.may(CUSTOMER.verb) else self.none()

    def editable_by(self, by: Actor) -> CustomerQuerySet:
        """The customers this actor may change, as far as rules about records go."""
        return narrowed(self, by, CUSTOMER.name, "edit")

    def unscoped(self) -> CustomerQuerySet:
        """All customers, for intake that must find the one who is already known."""
        return self


class Customer(models.Model):
    """A person or a company that we know, in any lifecycle stage."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    display_name = models.CharField(max_length=200)
    honorific = models.CharField(max_length=40, blank=True, default="")
    given_name = models.CharField(max_length=100, blank=True, default="")
    family_name = models.CharField(max_length=100, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    country = models.CharField(max_length=60, blank=True, default="")
    address = models.TextField(blank=True, default="")
    born_on = models.DateField(null=True)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.PROSPECT)
    first_purchase_at = models.DateTimeField(null=True)
    last_purchase_at = models.DateTimeField(null=True)
    previous_purchase_at = models.DateTimeField(null=True)
    purchase_count = models.IntegerField(default=0)
    spend = models.BigIntegerField(default=0)
    spend_currency = models.CharField(max_length=3, blank=True, default="")
    source = models.CharField(max_length=60, blank=True, default="")
    registered_at = models.DateTimeField()
    owner = models.ForeignKey("platform.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    team = models.ForeignKey("platform.Team", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    people: models.Field[Any, Any] = ArrayField(models.UUIDField(), null=True)
    trashed_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    also_known = models.TextField(blank=True, default="", db_default="")
    custom = values_column()
    computed = values_column()
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_xid = models.BigIntegerField()
    name_key = models.GeneratedField(
        expression=Normal(F("display_name")), output_field=TextField(db_collation="C"), db_persist=True
    )
    search = models.GeneratedField(
        expression=Normal(
            Concat(
                F("display_name"),
                Value(" "),
                F("email"),
                Value(" "),
                F("city"),
                Value(" "),
                Digits(F("phone")),
                Value(" "),
                F("also_known"),
            )
        ),
        output_field=TextField(),
        db_persist=True,
    )

    objects: ClassVar[models.Manager[Customer]] = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="customers_customer_named", condition=~Q(display_name="")),
            models.CheckConstraint(name="customers_customer_purchases", condition=Q(purchase_count__gte=0)),
            models.CheckConstraint(
                name="customers_customer_merged_hidden", condition=Q(merged_into=None) | Q(trashed_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index("name_key", "id", name="customers_by_name"),
            models.Index(Coalesce("last_purchase_at", Value(NEVER)).desc(), F("id").desc(), name="customers_by_last_sale"),
            models.Index(F("spend").desc(), F("id").desc(), name="customers_by_spend"),
            models.Index(F("purchase_count").desc(), F("id").desc(), name="customers_by_purchases"),
            models.Index(F("registered_at").desc(), F("id").desc(), name="customers_by_registered"),
            models.Index("stage", "name_key", "id", name="customers_by_stage"),
            models.Index("city", "name_key", "id", name="customers_by_city"),
            models.Index("changed_xid", name="customers_by_change"),
            models.Index(
                F("trashed_at").desc(), F("id").desc(), name="customers_in_trash", condition=Q(trashed_at__isnull=False)
            ),
            models.Index("merged_into", "id", name="customers_by_survivor", condition=Q(merged_into__isnull=False)),
            models.Index("owner", "name_key", "id", name="customers_by_owner", condition=Q(owner__isnull=False)),
            models.Index("team", "name_key", "id", name="customers_by_team", condition=Q(team__isnull=False)),
            GinIndex(fields=["people"], name="customers_by_people", condition=Q(people__isnull=False)),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="customers_search"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_stage_display(self) -> str:  # type: ignore[no-redef]
        """Django's own looks through the choices anew for each row of a list."""
        return str(_STAGES.get(self.stage, self.stage))

    @property
    def stage_tone(self) -> str:
        """How urgent the stage looks."""
        return STAGE_TONES.get(Stage(self.stage), "neutral")

    @property
    def average_purchase(self) -> int | None:
        return self.spend // self.purchase_count if self.purchase_count else None


class AccountMember(models.Model):
    """A person who works for a customer beside its owner."""

    class Role(models.TextChoices):
        SECOND = "second", _("Second")
        SERVICE = "service", _("Service")
        SPECIALIST = "specialist", _("Specialist")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="account_team")
    person = models.ForeignKey("platform.User", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role, default=Role.SECOND)
    team = models.ForeignKey("platform.Team", on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="customers_accountmember_once", fields=["customer", "person"])]


class NameWord(models.Model):
    """A word of somebody's name, kept by database triggers; a misspelt search word finds its right spelling here."""

    word = models.TextField(primary_key=True, db_collation="C")

    class Meta:
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="customers_word_search")]


class Identifier(models.Model):
    """Something that points to one customer; its normal form is unique per kind."""

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("Account")
        CARD = "card", _("Loyalty card")
        PHONE = "phone", _("Phone")
        WHATSAPP = "whatsapp", _("WhatsApp")
        EMAIL = "email", _("E-mail")
        EXTERNAL = "external", _("External id")
        DEVICE = "device", _("Device")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=254)
    value = models.CharField(max_length=254)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identifiers")
    verified = models.BooleanField(default=False)
    source = models.CharField(max_length=60, blank=True, default="")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="customers_identifier_points_once", fields=["kind", "key"])]


class BlockedIdentifier(models.Model):
    """A value that never identifies anybody: the shop's own phone, zeros, a shared tablet."""

    kind = models.CharField(max_length=12, choices=Identifier.Kind)
    key = models.CharField(max_length=254)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(name="customers_blocked_once", fields=["kind", "key"])]


class ReviewItem(models.Model):
    """Evidence that intake would not act on: a limit reached, or identifiers that point to two customers."""

    class Kind(models.TextChoices):
        LIMIT = "limit", _("Too many identifiers")
        CONFLICT = "conflict", _("Identifiers disagree")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="+")
    evidence: models.JSONField[Any, Any] = models.JSONField()
    evidence_key = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="customers_review_once", fields=["kind", "customer", "evidence_key"]),
        ]
        indexes = [models.Index(F("opened_at").desc(), name="customers_review_open", condition=Q(settled_at=None))]


class Relationship(models.Model):
    """How two customers belong together: works at, decides for, household, subsidiary."""

    class Kind(models.TextChoices):
        WORKS_AT = "works_at", _("works at")
        DECIDES_FOR = "decides_for", _("decides for")
        HOUSEHOLD = "household", _("same household as")
        SUBSIDIARY_OF = "subsidiary_of", _("subsidiary of")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="relationships")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=16, choices=Kind)
    note = models.CharField(max_length=200, blank=True, default="")
    since = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="customers_relationship_once", fields=["customer", "other", "kind"]),
            models.CheckConstraint(name="customers_relationship_not_self", condition=~Q(customer=F("other"))),
        ]


class Trait(models.Model):
    """A named, typed, dated value about a customer, with its source and, for scores, its reasons."""

    pk = models.CompositePrimaryKey("customer_id", "name")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="traits")
    name = models.CharField(max_length=60)
    type = models.CharField(max_length=8)
    number = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    text = models.CharField(max_length=200, blank=True, default="")
    on = models.DateField(null=True)
    as_of = models.DateField()
    written_at = models.DateTimeField()
    source = models.CharField(max_length=60)
    version = models.CharField(max_length=40, blank=True, default="")
    reasons: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="customers_trait_typed",
                condition=Q(type="number", number__isnull=False) | Q(type="text") | Q(type="date", on__isnull=False),
            ),
        ]
        indexes = [
            models.Index("name", "text", "customer", name="customers_trait_by_text"),
            models.Index("number", "customer", name="customers_trait_interval", condition=Q(name="purchase_interval")),
        ]

    @property
    def value(self) -> object:
        return {"number": self.number, "date": self.on}.get(self.type, self.text)


journalled(
    Customer,
    subject="customer",
    title=_("Customer"),
    label="display_name",
    fields={
        "kind": _("Kind"),
        "display_name": _("Name"),
        "honorific": _("Title"),
        "given_name": _("Given name"),
        "family_name": _("Family name"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "city": _("City"),
        "country": _("Country"),
        "address": _("Address"),
        "born_on": _("Born on"),
        "registered_at": _("Registered"),
        "source": _("Source"),
        "owner_id": _("Owner"),
        "team_id": _("Office"),
        "trashed_at": _("In the trash since"),
        "merged_into_id": _("Merged into"),
        "also_known": _("Also known as"),
    },
    derived=(
        "stage",
        "first_purchase_at",
        "last_purchase_at",
        "previous_purchase_at",
        "purchase_count",
        "spend",
        "spend_currency",
        "computed",
    ),
    goes_with=("customers_trait", "customers_reviewitem", "customers_duplicate"),
)
journalled(Identifier, subject="customer", owner="customer_id", title=_("Identifier"), label="value")
journalled(Relationship, subject="customer", owner="customer_id", title=_("Relationship"))
journalled(AccountMember, subject="customer", owner="customer_id", title=_("Account team"))
