"""Handing out everything that is held on a customer: one ZIP with JSON for machines and a page for people."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime
from html import escape
from io import BytesIO
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from akrab.customers.facts import DataHandedOut
from akrab.customers.operations.identifying import find_and_lock
from akrab.customers.queries.identity import members_of
from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.holdings import Holding, Rows, holdings
from akrab.platform.operation import operation

_PAGE = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
    "<style>body{{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}}"
    "table{{border-collapse:collapse;margin:.5rem 0 1.5rem;width:100%}}td,th{{border:1px solid #ccc;padding:.25rem .5rem;"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}}th{{width:14rem;background:#f5f5f5;font-weight:600}}</style>"
    "<h1>{title}</h1><p>{note}</p>{body}</html>"
)


@operation(may="customers.manage_privacy")
def hand_out(*, by: Actor, customer_id: UUID, at: datetime) -> bytes:
    """The ZIP; that it was made is a fact."""
    customer = find_and_lock(customer_id, by=by)
    everybody = members_of(customer_id)
    stores = [(one, [row for member in everybody for row in one.read(member)]) for one in holdings()]
    held = [(one, rows) for one, rows in stores if rows]
    data = {
        "customer": str(customer_id),
        "made_at": at.isoformat(),
        "stores": {one.name: rows for one, rows in held},
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
        archive.writestr("index.html", _page(customer.display_name, at, held))
    record([DataHandedOut(customer_id=customer_id, at=at, stores=len(held))], by=by)
    return out.getvalue()


def _page(name: str, at: datetime, held: list[tuple[Holding, Rows]]) -> str:
    body = "".join(
        f"<h2>{escape(str(one.title))}</h2>" + "".join(f"<table>{_lines(row)}</table>" for row in rows) for one, rows in held
    )
    note = _("Everything that is held on this person, as of %(moment)s. The same data for programs are in data.json.")
    return _PAGE.format(
        language=get_language() or "en", title=escape(name), note=escape(note % {"moment": at.isoformat()}), body=body
    )


def _lines(row: dict[str, Any]) -> str:
    return "".join(f"<tr><th>{escape(name)}<td>{_cell(value)}" for name, value in row.items() if value not in (None, "", [], {}))


def _cell(value: Any) -> str:
    return escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
