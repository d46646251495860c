"""Tables of the commerce room: branches, products, receipts with lines and tenders, till closings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akrab.platform import money
from akrab.platform.actor import Actor
from akrab.platform.customizing.models import values_column
from akrab.platform.ids import new_id
from akrab.platform.journal.declaring import journalled, names_rows
from akrab.platform.rights.limits import narrowed
from akrab.platform.rights.registry import Protected, protect


class Channel(models.TextChoices):
    """Where a receipt was made."""

    STORE = "store", _("Store")
    WEB = "web", _("Web shop")
    MARKETPLACE = "marketplace", _("Marketplace")
    DELIVERY = "delivery", _("Delivery app")
    PHONE = "phone", _("Phone")


HOME_ZONES = (
    ("Asia/Jakarta", _("Western Indonesia (WIB)")),
    ("Asia/Makassar", _("Central Indonesia (WITA)")),
    ("Asia/Jayapura", _("Eastern Indonesia (WIT)")),
)


class Branch(models.Model):
    """A place of sale, or a web shop, with the zone that decides its business dates."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.STORE)
    zone = models.CharField(max_length=60)
    city = models.CharField(max_length=100, blank=True, default="")
    is_active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)
    changed_xid = models.BigIntegerField()

    def __str__(self) -> str:
        return self.name

    @property
    def zone_title(self) -> str:
        """The zone as people at home call it."""
        return str(dict(HOME_ZONES).get(self.zone, self.zone.replace("_", " ")))


class Category(models.Model):
    """A group of products, possibly inside another group."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Something sold, by its stock-keeping unit (SKU).

    `taught_by` orders the receipt lines that a product learned from; None once people or a catalog said what it is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sku = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=300)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="products")
    price = models.BigIntegerField(null=True)
    cost = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    taught_by = models.TextField(null=True, db_collation="C")
    is_active = models.BooleanField(default=True)
    custom = values_column()
    computed = values_column()
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_xid = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="commerce_product_cost_positive", condition=Q(cost=None) | Q(cost__gte=0)),
        ]
        indexes = [
            models.Index("name", "id", name="commerce_product_by_name"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="commerce_product_search"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def margin(self) -> float | None:
        """What is left of the price after the cost, as a share of it."""
        return None if not self.price or self.cost is None else (self.price - self.cost) / self.price


class ProductLink(models.Model):
    """A product that completes another, or that is the step up from it."""

    class Kind(models.TextChoices):
        COMPLEMENT = "complement", _("goes with")
        UPGRADE = "upgrade", _("upgrade to")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=12, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="commerce_productlink_once", fields=["product", "other", "kind"]),
            models.CheckConstraint(name="commerce_productlink_not_self", condition=~Q(product=F("other"))),
        ]


RECEIPT = protect(
    Protected(
        name="commerce.receipt",
        title=_("Receipts"),
        table="commerce_receipt",
        verb="commerce.view_receipts",
        edit_verb="commerce.record_receipts",
        unit="branch_id",
        unit_kind="branch",
        customer="customer_id",
        label="number",
        filters={"channel": "channel", "kind": "kind", "status": "status", "currency": "currency", "total": "total"},
        titles={
            "channel": _("Channel"),
            "kind": _("Kind"),
            "status": _("Status"),
            "currency": _("Currency"),
            "total": _("Total"),
        },
        subject="receipt",
    )
)


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, by: Actor) -> ReceiptQuerySet:
        """The receipts this actor may see."""
        return narrowed(self, by, RECEIPT.name) if by.may(RECEIPT.verb) else self.none()

    def unscoped(self) -> ReceiptQuerySet:
        """All receipts, for intake that must find the document that is already there."""
        return self

    def counted(self) -> ReceiptQuerySet:
        return self.filter(status=Receipt.Status.COUNTED).exclude(kind=Receipt.Kind.VOID)


class Receipt(models.Model):
    """One document of a till or shop: a sale, a return, an exchange, an adjustment, or the voiding of another.

    Amounts are minor units of `currency`; a return's are negative. `returned` is what linked returns took back.
    `brought_back` is the worth of the goods that came back in an exchange: what it sells is net + brought_back.
    `unpaid` is what its payments leave open of the total, negative when they are more; 0 when none are told.
    """

    class Kind(models.TextChoices):
        SALE = "sale", _("Sale")
        RETURN = "return", _("Return")
        EXCHANGE = "exchange", _("Exchange")
        ADJUSTMENT = "adjustment", _("Adjustment")
        VOID = "void", _("Void")

    class Status(models.TextChoices):
        COUNTED = "counted", _("Counted")
        VOIDED = "voided", _("Voided")
        EARLY = "early", _("Waiting for its sale")

    class CustomerFrom(models.TextChoices):
        NOBODY = "", _("Anonymous")
        IDENTIFIER = "identifier", _("Identified at the till")
        ORIGINAL = "original", _("Known from the sale")
        CLAIM = "claim", _("Claimed later")
        UNUSABLE = "unusable", _("Anonymous: what was given identifies nobody")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="receipts", db_index=False)
    terminal = models.CharField(max_length=40, blank=True, default="")
    number = models.CharField(max_length=80)
    business_on = models.DateField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=8, choices=Status, default=Status.COUNTED)
    channel = models.CharField(max_length=12, choices=Channel)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    customer_from = models.CharField(max_length=10, choices=CustomerFrom, blank=True, default="")
    currency = models.CharField(max_length=3)
    net = models.BigIntegerField()
    tax = models.BigIntegerField(default=0)
    discount = models.BigIntegerField(default=0)
    shipping = models.BigIntegerField(default=0)
    rounding = models.BigIntegerField(default=0)
    total = models.BigIntegerField()
    paid_with_points = models.BigIntegerField(default=0)
    unpaid = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    brought_back = models.BigIntegerField(default=0)
    tax_included = models.BooleanField(default=True)
    base_net = models.BigIntegerField(null=True)
    base_brought_back = models.BigIntegerField(null=True, default=0)
    line_count = models.IntegerField(default=0)
    original_number = models.CharField(max_length=80, blank=True, default="")
    original_branch = models.CharField(max_length=60, blank=True, default="")
    original_terminal = models.CharField(max_length=40, blank=True, default="")
    original_on = models.DateField(null=True)
    original = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="returns", db_index=False)
    revision = models.IntegerField(default=0)
    content_hash = models.CharField(max_length=32)
    attributes: models.JSONField[Any, Any] = models.JSONField(default=dict)
    source = models.CharField(max_length=60, blank=True, default="")
    clock_skew = models.IntegerField(null=True)
    changed_xid = models.BigIntegerField()
    is_withheld = False

    objects: ClassVar[models.Manager[Receipt]] = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="commerce_receipt_natural_key", fields=["branch", "number", "business_on", "terminal"]),
            models.CheckConstraint(
                name="commerce_receipt_total_adds_up",
                condition=Q(total=F("net") + F("tax") + F("shipping") + F("rounding")),
            ),
        ]
        indexes = [
            models.Index("customer", F("occurred_at").desc(), F("id").desc(), name="commerce_receipt_by_customer"),
            models.Index(F("occurred_at").desc(), F("id").desc(), name="commerce_receipt_by_time"),
            models.Index("changed_xid", "business_on", name="commerce_receipt_by_change"),
            models.Index("business_on", "branch", name="commerce_receipt_by_day"),
            models.Index("original", name="commerce_receipt_by_original", condition=Q(original__isnull=False)),
            models.Index(
                "original_branch", "original_number", name="commerce_receipt_by_reference", condition=~Q(original_number="")
            ),
            models.Index("received_at", name="commerce_receipt_early", condition=Q(status="early")),
            # Lists of what is rare must not walk through everything that is not.
            models.Index(
                "kind", F("occurred_at").desc(), F("id").desc(), name="commerce_receipt_unusual", condition=~Q(kind="sale")
            ),
            models.Index(
                "status",
                F("occurred_at").desc(),
                F("id").desc(),
                name="commerce_receipt_set_aside",
                condition=~Q(status="counted"),
            ),
            models.Index(
                F("occurred_at").desc(), F("id").desc(), name="commerce_receipt_claimed", condition=Q(customer_from="claim")
            ),
            models.Index(F("occurred_at").desc(), F("id").desc(), name="commerce_receipt_mispaid", condition=~Q(unpaid=0)),
            models.Index("currency", "business_on", name="commerce_receipt_without_rate", condition=Q(base_net__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def kind_tone(self) -> str:
        """How unusual the kind of document looks."""
        return {"return": "warning", "exchange": "info", "void": "danger"}.get(self.kind, "neutral")

    @property
    def status_tone(self) -> str:
        """How the status looks."""
        return {"voided": "danger", "early": "warning"}.get(self.status, "neutral")

    @property
    def is_purchase(self) -> bool:
        """A sale, or an exchange that sells something."""
        return self.kind == self.Kind.SALE or (self.kind == self.Kind.EXCHANGE and self.net + self.brought_back > 0)

    def claim_problem(self, customer_id: UUID, *, at: datetime, within: timedelta) -> str:
        """Why this receipt cannot be claimed by a customer, or an empty string."""
        if self.customer_id is not None:
            return "already_yours" if self.customer_id == customer_id else "taken"
        if self.status != self.Status.COUNTED or not self.is_purchase:
            return "not_counted"
        return "too_late" if at - self.occurred_at > within else ""


class ReceiptLine(models.Model):
    """One line of a receipt; `net` is after discount and without tax, negative when goods came back."""

    class Kind(models.TextChoices):
        ITEM = "item", _("Item")
        GIFT_CARD = "gift_card", _("Gift card")
        DEPOSIT = "deposit", _("Deposit")

    pk = models.CompositePrimaryKey("receipt_id", "line")
    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="lines", db_index=False)
    line = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ITEM)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sku = models.CharField(max_length=80, blank=True, default="")
    name = models.CharField(max_length=300, blank=True, default="")
    quantity = models.DecimalField(max_digits=16, decimal_places=4)
    unit_price = models.DecimalField(max_digits=20, decimal_places=6)
    discount = models.BigIntegerField(default=0)
    net = models.BigIntegerField()
    tax = models.BigIntegerField(default=0)
    cost = models.BigIntegerField(null=True)

    @property
    def price_minor(self) -> int:
        """The unit price rounded to minor units, for reading."""
        return money.to_minor(self.unit_price, self.receipt.currency)


class Tender(models.Model):
    """How a part of a receipt was paid."""

    pk = models.CompositePrimaryKey("receipt_id", "position")
    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="tenders", db_index=False)
    position = models.IntegerField()
    method = models.CharField(max_length=20)
    amount = models.BigIntegerField()


class ReceiptVersion(models.Model):
    """What a receipt said before the till corrected it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="versions")
    revision = models.IntegerField()
    content_hash = models.CharField(max_length=32)
    content: models.JSONField[Any, Any] = models.JSONField()
    replaced_at = models.DateTimeField()


class TillClosing(models.Model):
    """The till's own figures for one branch and business day, to be reconciled with the receipts taken in."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="closings")
    business_on = models.DateField()
    receipts = models.IntegerField()
    total = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="commerce_tillclosing_day", fields=["branch", "business_on", "currency"]),
        ]


journalled(
    Branch,
    subject="branch",
    title=_("Branch"),
    label="name",
    fields={
        "name": _("Name"),
        "channel": _("Channel"),
        "zone": _("Time zone"),
        "city": _("City"),
        "is_active": _("In use"),
    },
)
journalled(Category, subject="category", title=_("Category"), label="name", fields={"name": _("Name"), "parent_id": _("Inside")})
journalled(
    Product,
    subject="product",
    title=_("Product"),
    label="name",
    fields={
        "name": _("Name"),
        "category_id": _("Category"),
        "price": _("Price"),
        "cost": _("Cost"),
        "currency": _("Currency"),
        "is_active": _("In use"),
    },
    money=("price", "cost"),
    derived=("computed",),
)
names_rows("commerce_receipt", _("Receipt"))
journalled(ProductLink, subject="product", owner="product_id", title=_("Product link"))
journalled(
    TillClosing,
    subject="branch",
    owner="branch_id",
    title=_("Till closing"),
    label="business_on",
    fields={"receipts": _("Receipts"), "total": _("Total")},
    money=("total",),
)
