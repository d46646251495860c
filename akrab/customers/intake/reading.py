"""One row of a customer file becomes one message."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from akrab.customers.intake.fields import IDENTIFIERS
from akrab.customers.models import CUSTOMER
from akrab.customers.operations.saving import CustomerMessage
from akrab.customers.queries.keys import identifier_key
from akrab.platform.clock import in_zone
from akrab.platform.customizing.files import said_in_file
from akrab.platform.importing.cells import SEPARATOR

_COPIED = ("honorific", "given_name", "family_name", "city", "country")
_COMPANY_WORDS = frozenset(["company", "perusahaan", "organization", "organisation", "business", "badan usaha"])


@dataclass(frozen=True, slots=True)
class RowReader:
    """Turns the canonical texts of a row into a message; `names` says which field each text is.

    `dropped` counts values that identify nobody, such as a phone number without digits; the rest of the row is taken.
    """

    names: Sequence[str]
    source: str
    kind: str
    zone: str
    dropped: Counter[str] = field(default_factory=Counter)

    def message(self, text: str) -> CustomerMessage:
        """Blank cells say nothing, so they never empty what is known."""
        said: dict[str, list[str]] = {}
        for name, value in zip(self.names, text.split(SEPARATOR), strict=True):
            if value:
                said.setdefault(name, []).append(value)
        first = {name: values[0] for name, values in said.items()}
        identifiers = self._identifiers(said)
        fields: dict[str, Any] = {name: first[name] for name in _COPIED if name in first}
        fields |= self._name(first)
        address = ", ".join([*said.get("address", ()), *_present(first, "region", "postal_code")])
        if address:
            fields["address"] = address
        if "born_on" in first:
            fields["born_on"] = date.fromisoformat(first["born_on"])
        for kind in ("email", "phone"):
            value = next((value for k, value in identifiers if k == kind), "")
            if value:
                fields[kind] = value
        if not identifiers:
            identifiers = [("external", f"{self.source}/row-{_digest(text)}")]
        fields |= said_in_file(CUSTOMER.name, first, zone=self.zone)
        since = first.get("registered_on")
        at = in_zone(datetime.fromisoformat(since), self.zone) if since else None
        return CustomerMessage(fields=fields, identifiers=tuple(identifiers), at=at)

    def _identifiers(self, said: dict[str, list[str]]) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for name, kind in IDENTIFIERS.items():
            for value in said.get(name, ()):
                for part in value.split(";") if kind in {"email", "phone", "whatsapp"} else [value]:
                    text = part.strip()
                    if not identifier_key("external", text):
                        continue
                    value = f"{self.source}/{text}" if kind == "external" else text
                    if identifier_key(kind, value):
                        found.append((kind, value))
                    else:
                        self.dropped[kind] += 1
        return found

    def _name(self, first: dict[str, str]) -> dict[str, str]:
        person = first.get("name") or " ".join(_present(first, "given_name", "family_name"))
        kind = first.get("kind", "").lower()
        unsaid = self.kind == "company" or (not person and "company" in first)
        is_company = kind in _COMPANY_WORDS if kind else unsaid
        name = (first.get("company") or person) if is_company else (person or first.get("company", ""))
        fields = {"kind": "company" if is_company else "person"}
        return fields | {"display_name": name} if name else fields


def _present(first: dict[str, str], *names: str) -> list[str]:
    return [first[name] for name in names if name in first]


def _digest(text: str) -> str:
    """A row without identifiers is known again by what it says."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
