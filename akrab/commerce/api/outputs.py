"""What the API answers of commerce: amounts as decimal texts."""

from __future__ import annotations

from akrab.commerce.api.shapes import Line, Original, Receipt, Tender
from akrab.commerce.queries.documents import LineRow, ReceiptRow
from akrab.platform.api.replies import amount as money


def receipt_out(row: ReceiptRow) -> Receipt:
    of = row.currency
    return Receipt(
        id=row.id,
        branch=row.branch,
        terminal=row.terminal,
        number=row.number,
        business_on=row.business_on,
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        kind=row.kind,
        status=row.status,
        channel=row.channel,
        customer_id=row.customer_id,
        customer_from=row.customer_from,
        currency=of,
        net=money(row.net, of),
        tax=money(row.tax, of),
        discount=money(row.discount, of),
        shipping=money(row.shipping, of),
        rounding=money(row.rounding, of),
        total=money(row.total, of),
        paid_with_points=money(row.paid_with_points, of),
        returned=money(row.returned, of),
        tax_included=row.tax_included,
        original=_original(row),
        revision=row.revision,
        source=row.source,
        attributes=row.attributes,
        lines=[_line(line, of) for line in row.lines],
        tenders=[Tender(method=method, amount=money(minor, of)) for method, minor in row.tenders],
    )


def _original(row: ReceiptRow) -> Original | None:
    if not row.original_number:
        return None
    return Original(
        id=row.original_id,
        number=row.original_number,
        branch=row.original_branch,
        terminal=row.original_terminal,
        on=row.original_on,
    )


def _line(line: LineRow, of: str) -> Line:
    return Line(
        line=line.line,
        kind=line.kind,
        sku=line.sku,
        name=line.name,
        product_id=line.product_id,
        quantity=plain(line.quantity),
        unit_price=plain(line.unit_price),
        discount=money(line.discount, of),
        net=money(line.net, of),
        tax=money(line.tax, of),
        cost=None if line.cost is None else money(line.cost, of),
    )


def plain(figure: str) -> str:
    """A figure without the zeros that its column adds: 2.0000 is 2."""
    return figure.rstrip("0").rstrip(".") if "." in figure else figure
