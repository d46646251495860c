"""What agents may ask of receipts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from akrab.commerce.api.outputs import receipt_out
from akrab.commerce.queries.documents import list_documents
from akrab.platform.actor import Actor
from akrab.platform.agents.tools import id_in, rows_in, tool
from akrab.platform.refusal import Invalid

TEXT = {"type": "string"}


@tool(
    "find_receipts",
    title=_("Find receipts"),
    may="commerce.view_receipts",
    arguments={
        "customer_id": TEXT,
        "number": TEXT,
        "branch": TEXT,
        "business_from": {**TEXT, "format": "date"},
        "business_to": {**TEXT, "format": "date"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 20},
    },
)
def find(by: Actor, given: Mapping[str, Any]) -> Any:
    """Find receipts with their lines, newest first, by customer, number, branch or business days; at most 20."""
    filters: dict[str, Any] = {name: given[name] for name in ("number", "branch") if given.get(name)}
    if given.get("customer_id"):
        filters["customer_id"] = id_in(given, "customer_id")
    for name in ("business_from", "business_to"):
        if given.get(name):
            try:
                filters[name] = date.fromisoformat(given[name])
            except ValueError as trouble:
                raise Invalid({name: "Write it as 2026-03-31."}) from trouble
    rows, _place = list_documents(by=by, filters=filters, limit=rows_in(given))
    return {"items": [receipt_out(row) for row in rows]}
