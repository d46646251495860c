"""How the facts of commerce are told on a timeline."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.core.signals import request_started
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akrab.commerce.facts import (
    BranchSaved,
    CategorySaved,
    ClaimRefused,
    ProductSaved,
    ReceiptClaimed,
    ReceiptCorrected,
    ReceiptRecorded,
    ReceiptTakenBack,
    ReceiptVoided,
    ReturnedChanged,
    ReturnLinked,
    TillClosed,
    TillClosingRemoved,
)
from akrab.commerce.models import Channel
from akrab.commerce.queries.branches import branch_names
from akrab.platform import money
from akrab.platform.presentation import Told, tells
from akrab.platform.templatetags.shell import day, language
from akrab.platform.upkeep_facts import RatesNoted

_names: ContextVar[dict[str, str] | None] = ContextVar("branch_names", default=None)


@receiver(request_started)
def _begin(**_signal: Any) -> None:
    """Names of branches are looked up once for each page."""
    _names.set({})


@tells(ReceiptRecorded, icon="receipt", tone="success")
def recorded(fact: ReceiptRecorded) -> Told:
    words = {"amount": _money(abs(fact.total), fact.currency), "branch": _place(fact.branch)}
    titles = {
        "sale": _("Bought for %(amount)s at %(branch)s"),
        "return": _("Brought back goods for %(amount)s at %(branch)s"),
        "exchange": _("Exchanged goods at %(branch)s, difference %(amount)s"),
        "adjustment": _("Adjustment of %(amount)s at %(branch)s"),
        "void": _("A receipt was voided at %(branch)s"),
    }
    return Told(titles.get(fact.kind, titles["sale"]) % words, _document(fact), _link(fact.receipt_id))


@tells(ReceiptCorrected, icon="edit", tone="warning")
def corrected(fact: ReceiptCorrected) -> Told:
    words = {"number": fact.number, "before": _money(fact.previous_net, fact.currency), "after": _money(fact.net, fact.currency)}
    return Told(_("Receipt %(number)s was corrected: %(before)s → %(after)s") % words, link=_link(fact.receipt_id))


@tells(ReceiptVoided, icon="circle-x", tone="danger")
def voided(fact: ReceiptVoided) -> Told:
    words = {"number": fact.number, "amount": _money(fact.net, fact.currency)}
    return Told(_("Receipt %(number)s of %(amount)s was voided") % words, link=_link(fact.receipt_id))


@tells(ReceiptTakenBack, icon="arrow-back-up", tone="warning")
def taken_back(fact: ReceiptTakenBack) -> Told:
    title = _("A correction was taken back") if fact.is_there else _("A receipt was taken back")
    return Told(title, f"{fact.number} · {_money(fact.net, fact.currency)}", _link(fact.receipt_id) if fact.is_there else "")


@tells(ReturnLinked, icon="receipt-refund", tone="warning")
def return_linked(fact: ReturnLinked) -> Told:
    return Told(_("Return %(number)s found its sale") % {"number": fact.number}, link=_link(fact.receipt_id))


@tells(ReturnedChanged, icon="receipt-refund", tone="warning")
def returned_changed(fact: ReturnedChanged) -> Told:
    before, after = (_money(one, fact.currency) for one in (fact.previous_returned, fact.returned))
    words = {"number": fact.number, "before": before, "after": after}
    return Told(_("What came back of receipt %(number)s changed: %(before)s → %(after)s") % words, link=_link(fact.receipt_id))


@tells(ReceiptClaimed, icon="user-check", tone="accent")
def claimed(fact: ReceiptClaimed) -> Told:
    words = {"number": fact.number, "amount": _money(fact.total, fact.currency), "branch": _place(fact.branch)}
    title = _("Claimed receipt %(number)s: bought for %(amount)s at %(branch)s") % words
    return Told(title, link=_link(fact.receipt_id))


@tells(ClaimRefused, icon="shield-lock", tone="danger")
def claim_refused(fact: ClaimRefused) -> Told:
    return Told(_("Tried to claim a receipt and was refused"), link=_link(fact.receipt_id))


@tells(ProductSaved, icon="package")
def product_saved(fact: ProductSaved) -> Told:
    title = _("Product %(sku)s was added") if fact.created else _("Product %(sku)s was changed")
    return Told(title % {"sku": fact.sku}, link=reverse("commerce:product", args=[fact.product_id]))


@tells(CategorySaved, icon="category")
def category_saved(fact: CategorySaved) -> Told:
    title = _("Category %(name)s was added") if fact.created else _("Category %(name)s was changed")
    return Told(title % {"name": fact.name}, link=reverse("commerce:category", args=[fact.category_id]))


@tells(BranchSaved, icon="building-store")
def branch_saved(fact: BranchSaved) -> Told:
    title = _("Branch %(code)s was opened") if fact.created else _("Branch %(code)s was changed")
    return Told(title % {"code": fact.code}, link=reverse("commerce:branch", args=[fact.branch_id]))


@tells(TillClosed, icon="scale")
def till_closed(fact: TillClosed) -> Told:
    words = {"day": day(fact.business_on), "number": fact.receipts, "amount": _money(fact.total, fact.currency)}
    link = f"{reverse('commerce:reconciliation')}?since={fact.business_on}&until={fact.business_on}"
    return Told(_("The till of %(day)s counted %(number)s documents, %(amount)s") % words, link=link)


@tells(TillClosingRemoved, icon="scale", tone="warning")
def till_closing_removed(fact: TillClosingRemoved) -> Told:
    link = f"{reverse('commerce:reconciliation')}?since={fact.business_on}&until={fact.business_on}"
    return Told(_("The till's figures of %(day)s were removed") % {"day": day(fact.business_on)}, link=link)


@tells(RatesNoted, icon="transfer")
def rates_noted(fact: RatesNoted) -> Told:
    return Told(
        _("Currency rates of %(currencies)s were noted") % {"currencies": ", ".join(fact.currencies)},
        link=reverse("commerce:rates"),
    )


def _place(code: str) -> str:
    """The name of a branch, or its code where it has none."""
    known = _names.get()
    if known is None:
        return branch_names().get(code, code)
    if not known:
        known.update(branch_names())
    return known.get(code, code)


def _document(fact: ReceiptRecorded) -> str:
    lines = ngettext("%(count)s line", "%(count)s lines", fact.lines) % {"count": fact.lines}
    channel = str(Channel(fact.channel).label) if fact.channel in Channel.values else fact.channel
    return f"{channel} · {fact.number} · {lines}"


def _money(minor: int, currency: str) -> str:
    return money.show(minor, currency, language())


def _link(receipt_id: UUID) -> str:
    return reverse("commerce:receipt", args=[receipt_id])
