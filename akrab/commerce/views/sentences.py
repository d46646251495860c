"""How the facts of commerce are told on a timeline."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akrab.commerce.facts import (
    ClaimRefused,
    ReceiptClaimed,
    ReceiptCorrected,
    ReceiptRecorded,
    ReceiptVoided,
    ReturnLinked,
)
from akrab.commerce.models import Channel
from akrab.platform import money
from akrab.platform.presentation import Told, tells
from akrab.platform.templatetags.shell import language


@tells(ReceiptRecorded, icon="receipt", tone="success")
def recorded(fact: ReceiptRecorded) -> Told:
    words = {"amount": _money(abs(fact.total), fact.currency), "branch": fact.branch}
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


@tells(ReturnLinked, icon="receipt-refund", tone="warning")
def return_linked(fact: ReturnLinked) -> Told:
    return Told(_("Return %(number)s found its sale") % {"number": fact.number}, link=_link(fact.receipt_id))


@tells(ReceiptClaimed, icon="user-check", tone="accent")
def claimed(fact: ReceiptClaimed) -> Told:
    words = {"number": fact.number, "amount": _money(fact.total, fact.currency), "branch": fact.branch}
    title = _("Claimed receipt %(number)s: bought for %(amount)s at %(branch)s") % words
    return Told(title, link=_link(fact.receipt_id))


@tells(ClaimRefused, icon="shield-lock", tone="danger")
def claim_refused(fact: ClaimRefused) -> Told:
    return Told(_("Tried to claim a receipt and was refused"), link=_link(fact.receipt_id))


def _document(fact: ReceiptRecorded) -> str:
    lines = ngettext("%(count)s line", "%(count)s lines", fact.lines) % {"count": fact.lines}
    channel = str(Channel(fact.channel).label) if fact.channel in Channel.values else fact.channel
    return f"{channel} · {fact.number} · {lines}"


def _money(minor: int, currency: str) -> str:
    return money.show(minor, currency, language())


def _link(receipt_id: UUID) -> str:
    return reverse("commerce:receipt", args=[receipt_id])
