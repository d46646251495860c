"""Values that pages offer for settings: currencies and time zones by their names."""

from __future__ import annotations

from zoneinfo import available_timezones

from babel.core import get_global
from babel.numbers import get_currency_name
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from akrab.platform.actor import Actor
from akrab.platform.importing.kinds import Offer, OfferGroup

INDONESIA = (
    ("Asia/Jakarta", gettext_lazy("Western Indonesia (WIB)")),
    ("Asia/Makassar", gettext_lazy("Central Indonesia (WITA)")),
    ("Asia/Jayapura", gettext_lazy("Eastern Indonesia (WIT)")),
)
_COMMON = ("IDR", "USD", "EUR", "SGD", "MYR", "GBP", "JPY", "CNY", "AUD")


def usual_currency() -> str:
    """The company's own."""
    return str(settings.CURRENCY)


def usual_zone() -> str:
    """The company's own."""
    return str(settings.TIME_ZONE)


def currencies(by: Actor) -> list[OfferGroup]:
    """The company's currency and common ones first, then all that some country uses."""
    first = list(dict.fromkeys([usual_currency(), *_COMMON]))
    used = {
        code for lines in get_global("territory_currencies").values() for code, _since, end, tender in lines if tender and not end
    }
    others = sorted((_named(code) for code in used.difference(first)), key=lambda one: str(one[1]))
    return [OfferGroup(_("Common"), [_named(code) for code in first]), OfferGroup(_("All others"), others)]


def _named(code: str) -> Offer:
    return code, f"{get_currency_name(code, locale=get_language() or 'en')} ({code})"


def zones(by: Actor) -> list[OfferGroup]:
    """Indonesia's three first, then the world by its places."""
    known = {code for code, _name in INDONESIA}
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix")))
    elsewhere = [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places if name not in known)]
    return [OfferGroup(_("Indonesia"), INDONESIA), OfferGroup(_("Elsewhere"), elsewhere)]
