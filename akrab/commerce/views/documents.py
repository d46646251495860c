"""The page of one receipt, shown after opening it and after a claim that was refused."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akrab.commerce.forms import ClaimForm
from akrab.commerce.models import Receipt
from akrab.commerce.operations.claiming import claim_code
from akrab.commerce.queries.receipts import get_receipt
from akrab.platform import money
from akrab.platform.presentation import tell
from akrab.platform.web import Request, page

_DARK = re.compile("\x01+")
_QUIET = 2

METHODS = {
    "cash": gettext_lazy("cash"),
    "card": gettext_lazy("card"),
    "transfer": gettext_lazy("bank transfer"),
    "qris": "QRIS",
    "ewallet": gettext_lazy("e-wallet"),
    "points": gettext_lazy("points"),
    "gift_card": gettext_lazy("gift card"),
    "voucher": gettext_lazy("voucher"),
}


class Picture(NamedTuple):
    """A QR: its width in modules with the quiet edge, and the path that draws it."""

    width: int
    path: str


def document(request: Request, receipt_id: UUID, form: ClaimForm, *, status: int = 200) -> HttpResponse:
    sheet = get_receipt(by=request.actor, receipt_id=receipt_id)
    may_claim = sheet.can_be_claimed and request.actor.may("commerce.claim_receipts")
    code = claim_code(receipt_id) if may_claim else ""
    one = sheet.receipt
    return page(
        request,
        "commerce/receipt.html",
        status=status,
        sheet=sheet,
        receipt=one,
        form=form,
        may_claim=may_claim,
        code=code,
        picture=_picture(request, code) if code else None,
        base_currency=settings.CURRENCY,
        parts=_parts(one),
        lines=[(line, money.to_minor(line.unit_price, one.currency)) for line in sheet.lines],
        tenders=[(METHODS.get(each.method, each.method), each.amount) for each in sheet.tenders],
        history=[tell(**each._asdict()) for each in sheet.history],
    )


def _picture(request: Request, code: str) -> Picture:
    """The claim code as a QR that opens this installation."""
    address = request.build_absolute_uri(f"{reverse('commerce:claim_code')}?{urlencode({'code': code})}")
    rows = [bytes(row).decode("latin-1") for row in segno.make(address, error="m").matrix]
    path = "".join(
        f"M{run.start()} {y}h{len(run[0])}v1h-{len(run[0])}z" for y, row in enumerate(rows) for run in _DARK.finditer(row)
    )
    return Picture(len(rows) + 2 * _QUIET, path)


def _parts(one: Receipt) -> list[tuple[str, int]]:
    """What stands between the goods and the total, without what is zero."""
    names = {"tax": _("Tax"), "shipping": _("Shipping"), "rounding": _("Rounding")}
    return [(title, amount) for name, title in names.items() if (amount := getattr(one, name))]
