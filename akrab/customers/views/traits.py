"""What analytics know of a customer: measures and scores, each with its date, source and reasons."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from akrab.customers.models import Trait
from akrab.customers.queries.filtering import SEGMENTS
from akrab.customers.queries.profiles import traits_of
from akrab.platform import money
from akrab.platform.templatetags.shell import day, language, month, number
from akrab.platform.web import Request, fragment

STALE_AFTER = timedelta(days=7)

TITLES = {
    "rfm_recency": _("Days since last purchase"),
    "rfm_frequency": _("Receipts that count"),
    "rfm_money": _("Money left after returns"),
    "purchase_interval": _("Usual days between purchases"),
    "first_purchase_month": _("Month of first purchase"),
}
TONES = {
    "champions": "accent", "loyal": "success", "potential_loyal": "success", "new": "info", "promising": "info",
    "needs_attention": "warning", "about_to_sleep": "warning", "at_risk": "warning", "cannot_lose": "danger",
}  # fmt: skip
PARTS = (_("Recency"), _("Frequency"), _("Money"))
SHOWN_APART = frozenset({"rfm_segment", "rfm_score", "gone_quiet"})


def index(request: Request, customer_id: UUID) -> HttpResponse:
    """The RFM segment as headline with its three scores, then the other measures."""
    traits = {one.name: one for one in traits_of(by=request.actor, customer_id=customer_id)}
    segment = traits["rfm_segment"].text if "rfm_segment" in traits else ""
    title = SEGMENTS.get(segment) or segment.replace("_", " ").capitalize()
    score = traits["rfm_score"].text if "rfm_score" in traits else ""
    oldest = min((one.as_of for one in traits.values()), default=None)
    return fragment(
        request,
        "customers.traits",
        segment=title,
        tone=TONES.get(segment, "neutral"),
        scores=[(name, int(digit), range(1, 6)) for name, digit in zip(PARTS, score, strict=False) if digit.isdigit()],
        measures=[_shown(one) for name, one in sorted(traits.items()) if name not in SHOWN_APART],
        is_quiet="gone_quiet" in traits,
        as_of=oldest,
        is_stale=bool(oldest and localdate() - oldest > STALE_AFTER),
    )


def _shown(trait: Trait) -> dict[str, object]:
    title = TITLES.get(trait.name) or trait.name.replace("_", " ").capitalize()
    return {"title": title, "value": _value(trait), "source": trait.source, "reasons": trait.reasons}


def _value(trait: Trait) -> str:
    if trait.name == "rfm_money" and trait.number is not None:
        return money.show(money.to_minor(trait.number, settings.CURRENCY), settings.CURRENCY, language())
    if trait.type == "number" and trait.number is not None:
        return number(trait.number, 0 if trait.number == trait.number.to_integral_value() else 2)
    if trait.name == "first_purchase_month" and trait.text:
        return month(trait.text)
    return day(trait.on) if trait.type == "date" else trait.text
