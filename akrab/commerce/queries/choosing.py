"""What a list of receipts is narrowed by, and how that becomes rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.db.models.lookups import GreaterThan

from akrab.commerce.models import Branch, Receipt, ReceiptLine, ReceiptQuerySet
from akrab.commerce.queries.withholding import withhold
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.paging import CAP, Key, Order, Page, paginate
from akrab.platform.rights.limits import demand

NEWEST_FIRST = Order((Key("occurred_at"),), descending=True)
WAITING_LONGEST_FIRST = Order((Key("received_at"),))

# No till's business date lies further from the moment of sale; without this bound an old month is found by walking back.
CLOCKS_DIFFER_BY = timedelta(days=7)

_SUM = """
SELECT currency, count(*), (sum(total) FILTER (WHERE counts))::bigint, (sum(net) FILTER (WHERE counts))::bigint,
    (sum(greatest(net + brought_back, 0)) FILTER (WHERE counts))::bigint,
    (sum(net + brought_back - returned) FILTER (WHERE counts))::bigint
FROM (SELECT *, status = 'counted' AND kind <> 'void' AS counts FROM ({chosen}) AS chosen) AS c
GROUP BY currency ORDER BY 2 DESC, 1
"""
_PART = """
SELECT c.currency, sum(l.net)::bigint
FROM ({chosen}) AS c JOIN commerce_receiptline l ON l.receipt_id = c.id LEFT JOIN commerce_product p ON p.id = l.product_id
WHERE c.status = 'counted' AND c.kind <> 'void'
    AND (%s::uuid IS NULL OR l.product_id = %s) AND (%s::uuid IS NULL OR p.category_id = %s)
    AND (NOT %s OR p.category_id IS NULL)
GROUP BY c.currency
"""
UNCATEGORIZED: Literal["none"] = "none"


@dataclass(frozen=True, slots=True)
class ReceiptChoice:
    """Filters of a receipt list; days are business dates."""

    number: str = ""
    day_from: date | None = None
    day_to: date | None = None
    branch: UUID | None = None
    channel: str = ""
    kind: str = ""
    status: str = ""
    who: str = ""
    customer: UUID | None = None
    cohort: str = ""
    amount: str = ""
    category: UUID | Literal["none"] | None = None
    product: UUID | None = None

    @property
    def is_about_lines(self) -> bool:
        """Whether receipts are chosen for some of their lines."""
        return bool(self.category or self.product)


@dataclass(frozen=True, slots=True)
class Amounts:
    """What counted receipts come to in a currency, in minor units: to pay; as revenue, without tax, shipping and rounding;
    and the revenue of the lines asked for, of what documents sold or took back, or of what returns left of them: None when
    that is all of it."""

    currency: str
    total: int
    revenue: int
    part: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiptSum:
    """How many receipts, and what the counted ones come to in each currency; nothing is summed past the cap."""

    number: int
    is_capped: bool
    totals: Sequence[Amounts]


def list_receipts(*, by: Actor, choice: ReceiptChoice, cursor: str = "", size: int = 50) -> Page[Receipt]:
    """The page of receipts that a choice and a cursor name, newest first."""
    rows = chosen(choice, by=by).select_related("branch", "customer").defer("attributes", "customer__search")
    page = paginate(rows, order=NEWEST_FIRST, cursor=cursor, size=size)
    withhold(by, page.items)
    return page


def sum_receipts(*, by: Actor, choice: ReceiptChoice, exactly: bool = False) -> ReceiptSum:
    """How many receipts a choice lets through and their total: to 10,000 receipts unless asked exactly."""
    rows = chosen(choice, by=by).order_by().values("id", "currency", "total", "net", "brought_back", "returned", "status", "kind")
    sql, values = (rows if exactly else rows[: CAP + 1]).query.sql_with_params()
    found = fetch(_SUM.format(chosen=sql), list(values))
    number = sum(row[1] for row in found)
    if number > CAP and not exactly:
        return ReceiptSum(CAP, True, ())
    parts = _parts(choice, sql, list(values)) if choice.is_about_lines else _sides(choice, found)
    amounts = [Amounts(code, total, net, parts.get(code)) for code, _n, total, net, *_parts in found if total is not None]
    return ReceiptSum(number, False, amounts)


def _parts(choice: ReceiptChoice, sql: str, values: list[Any]) -> dict[str, int]:
    """Revenue of the lines that a choice asks for, by currency."""
    nowhere = choice.category == UNCATEGORIZED
    category = None if nowhere else choice.category
    return dict(fetch(_PART.format(chosen=sql), [*values, choice.product, choice.product, category, category, nowhere]))


def _sides(choice: ReceiptChoice, found: Sequence[Any]) -> dict[str, int]:
    """What documents sold or took back, or what returns left of them, by currency, where that is not all of it."""
    sides = {}
    for code, _number, _total, net, sold, left in found:
        if net is None or sold is None:
            continue
        side = {"above": sold, "sold": sold, "below": net - sold, "kept": left}.get(choice.amount)
        if side not in (None, net):
            sides[code] = side
    return sides


def early_receipts(*, by: Actor, cursor: str = "") -> Page[Receipt]:
    """Returns and voids whose sale has not arrived, the longest waiting first."""
    require(by, "commerce.view_receipts")
    rows = Receipt.objects.visible_to(by).filter(status=Receipt.Status.EARLY)
    return paginate(rows.select_related("branch").defer("attributes"), order=WAITING_LONGEST_FIRST, cursor=cursor)


def find_receipts(*, by: Actor, number: str, limit: int = 5) -> list[Receipt]:
    """The newest receipts of one number, in any branch."""
    rows = chosen(ReceiptChoice(number=number), by=by).select_related("branch").defer("attributes")
    return list(rows.order_by("-occurred_at", "-pk")[:limit])


def chosen(choice: ReceiptChoice, *, by: Actor) -> ReceiptQuerySet:
    require(by, "commerce.view_receipts")
    if choice.customer is not None:
        demand(by, "customers.customer", [choice.customer], "read")
    wanted: dict[str, Any] = {
        "business_on__gte": choice.day_from,
        "business_on__lte": choice.day_to,
        "occurred_at__gte": choice.day_from and _midnight(choice.day_from) - CLOCKS_DIFFER_BY,
        "occurred_at__lt": choice.day_to and _midnight(choice.day_to) + timedelta(days=1) + CLOCKS_DIFFER_BY,
        "branch": choice.branch,
        "channel": choice.channel,
        "kind": choice.kind,
        "status": choice.status,
        "customer": choice.customer,
        "customer__isnull": {"anonymous": True, "known": False}.get(choice.who),
    }
    given = {name: value for name, value in wanted.items() if value not in (None, "")}
    if choice.who == "claimed":
        given["customer_from"] = Receipt.CustomerFrom.CLAIM
    if choice.cohort:
        given |= {"customer__traits__name": "first_purchase_month", "customer__traits__text": choice.cohort}
    if choice.number:
        # The natural key begins with the branch, so a number is looked up once per branch.
        given |= {
            "number__in": sorted({choice.number, choice.number.upper()}),
            "branch__in": Branch._default_manager.values("pk"),
        }
    rows: ReceiptQuerySet = Receipt.objects.visible_to(by).filter(_amount(choice.amount), **given)
    if choice.status == Receipt.Status.COUNTED:
        rows = rows.counted()
    return rows.filter(Exists(_lines(choice))) if choice.is_about_lines else rows


def _amount(asked: str) -> Q:
    """Documents that sold something, that took something back, that are purchases, or of which something was kept."""
    sold, purchase = F("net") + F("brought_back"), Q(kind__in=(Receipt.Kind.SALE, Receipt.Kind.EXCHANGE))
    asks: dict[str, Q] = {
        "above": Q(net__gt=-F("brought_back")),
        "below": Q(net__lt=0) | Q(brought_back__gt=0),
        "sold": purchase & Q(net__gt=-F("brought_back")),
        "mispaid": ~Q(unpaid=0),
        "kept": purchase & Q(GreaterThan(sold, Greatest("returned", 0))),
    }
    return asks.get(asked, Q())


def _lines(choice: ReceiptChoice) -> QuerySet[ReceiptLine]:
    """The lines of a receipt that a choice asks for; those without a product stand with the uncategorized."""
    lines = ReceiptLine._default_manager.filter(receipt=OuterRef("pk"))
    if choice.product:
        lines = lines.filter(product=choice.product)
    if choice.category == UNCATEGORIZED:
        return lines.filter(product__category__isnull=True)
    return lines.filter(product__category=choice.category) if choice.category else lines


def _midnight(day: date) -> datetime:
    """Days at the ends of the calendar leave no room for a margin."""
    return datetime.combine(min(max(day, date(1900, 1, 1)), date(9000, 1, 1)), time(), UTC)
