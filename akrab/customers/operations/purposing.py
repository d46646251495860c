"""Purposes of using data and their wordings: what the company asks consent for, word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import PurposeSaved
from akrab.customers.tables.consent import Purpose, Wording
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, NotFound

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


@operation(may="customers.manage_privacy")
def save_purpose(*, by: Actor, code: str, name_en: str, name_id: str, basis: str, is_active: bool, at: datetime) -> PurposeSaved:
    """Add a purpose or change one; its code stays, because consent refers to it."""
    errors = {}
    if not _CODE.fullmatch(code):
        errors["code"] = str(_("Lower-case letters, digits and underscores."))
    if not name_en.strip() or not name_id.strip():
        errors["name_en"] = str(_("A name in both languages."))
    if basis not in Purpose.Basis.values:
        errors["basis"] = str(_("One of: %(names)s.") % {"names": ", ".join(Purpose.Basis.values)})
    if errors:
        raise Invalid(errors)
    values = {"name_en": name_en.strip(), "name_id": name_id.strip(), "basis": basis, "is_active": is_active}
    Purpose.objects.update_or_create(code=code, defaults=values)
    fact = PurposeSaved(saved_at=at, code=code)
    record([fact], by=by)
    return fact


@operation(may="customers.manage_privacy")
def add_wording(*, by: Actor, purpose: str, texts: Mapping[str, str], at: datetime) -> PurposeSaved:
    """The next version of what people are asked, in each language; earlier versions stay as they were."""
    if not Purpose.objects.select_for_update().filter(pk=purpose).exists():
        raise NotFound
    kept = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not kept:
        raise Invalid({"text": str(_("A wording says something."))})
    version = fetch("SELECT coalesce(max(version), 0) + 1 FROM customers_wording WHERE purpose_id = %s", [purpose])[0][0]
    Wording.objects.bulk_create(
        [Wording(purpose_id=purpose, version=version, language=one, text=text, since=at) for one, text in kept.items()]
    )
    fact = PurposeSaved(saved_at=at, code=purpose, wording_version=version)
    record([fact], by=by)
    return fact
