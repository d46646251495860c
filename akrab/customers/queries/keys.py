"""Normal forms of identifiers and names: the many ways to write one phone, mail address or company become one key."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import phonenumbers
from django.conf import settings

REGION_OF_ZONE = {"Asia/Jakarta": "ID", "Asia/Makassar": "ID", "Asia/Jayapura": "ID", "Asia/Pontianak": "ID"}
_INDONESIAN_MOBILE = re.compile(r"(?:\+?62|0)(8\d{7,11})")
_PUNCTUATION = re.compile(r"[^0-9a-z]+")
_LEGAL_FORMS = frozenset(
    {
        "pt",
        "cv",
        "ud",
        "tbk",
        "persero",
        "ltd",
        "limited",
        "inc",
        "llc",
        "gmbh",
        "bv",
        "pte",
        "sdn",
        "bhd",
        "corp",
        "co",
        "company",
    }
)
_NEVER = frozenset({"", "-", "0", "-1", "null", "none", "nil", "n/a", "na", "anonymous", "unknown", "test"})


def identifier_key(kind: str, value: str) -> str | None:
    """The normal form of an identifier, or None when the value identifies nobody (blank, zeros, not a number)."""
    text = value.strip()
    if text.lower() in _NEVER or not text.strip("0-. "):
        return None
    return _NORMAL.get(kind, _plain_key)(text)


@lru_cache(maxsize=65536)
def phone_key(value: str) -> str | None:
    """E.164 of a phone number, with the home region for local forms: 0812…, 62812… and +62 812… are one."""
    digits = re.sub(r"[\s().\-/]", "", value)
    mobile = _INDONESIAN_MOBILE.fullmatch(digits)
    if mobile and home_region() == "ID":
        return f"+62{mobile.group(1)}"
    if re.fullmatch(r"\+?0+", digits) or len(set(digits.lstrip("+"))) <= 1:
        return None
    for candidate in (digits, f"+{digits}"):
        try:
            number = phonenumbers.parse(candidate, home_region())
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def email_key(value: str) -> str | None:
    """A mail address in lower case, without a display name or mailto:; None when it is not an address."""
    text = value.strip().lower().removeprefix("mailto:")
    if "<" in text:
        text = text.rpartition("<")[2].rstrip(">").strip()
    name, at, domain = text.rpartition("@")
    good = at and name and "." in domain and not re.search(r"[\s,;<>]", text) and not domain.startswith(".")
    return unicodedata.normalize("NFC", text) if good else None


def domain_key(value: str) -> str | None:
    """A web domain without scheme, www and path."""
    text = re.sub(r"^[a-z]+://", "", value.strip().lower()).removeprefix("www.")
    return text.split("/")[0].split(":")[0].rstrip(".") or None


def company_key(value: str) -> str:
    """A company name without legal forms (PT, CV, UD, Tbk, Ltd …), accents and punctuation."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode().lower()
    words = [word for word in _PUNCTUATION.split(plain.replace("&", " dan ").replace("'", "")) if word]
    kept = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(kept or words)


def home_region() -> str:
    """The region whose local phone numbers are meant when no country code is given."""
    return REGION_OF_ZONE.get(settings.TIME_ZONE, "ID")


def _card_key(value: str) -> str | None:
    return re.sub(r"[\s\-]", "", value).upper() or None


def _plain_key(value: str) -> str | None:
    return re.sub(r"\s+", " ", value)


_NORMAL: dict[str, Callable[[str], str | None]] = {
    "phone": phone_key,
    "whatsapp": phone_key,
    "email": email_key,
    "card": _card_key,
}
