"""The API: CPU of reading, listing, searching, creating and changing beside an empty Django response."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.db import transaction
from django.test import Client

from akrab.cli.benches.browsing import Refused, empty_timing, visitor
from akrab.cli.benches.measure import Result, Row, ratio, timed
from akrab.platform.actor import command_actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import ensure_months
from akrab.platform.models import User
from akrab.platform.operations.tokens import create_token

FLOOR = "an empty Django response through the middleware of pages"
SOLD_AT = datetime(2026, 1, 5, 10)  # noqa: DTZ001 - local time of the branch, as a till says it
AIMS = {
    "read": "≤ 1.5 ms CPU",
    "list of 50": "≤ 3 ms CPU",
    "substring search": "≤ 6 ms CPU",
    "create": "≤ 4 ms CPU",
    "change": "≤ 4 ms CPU",
    "receipt, one by one": "≥ 300/s",
}


class _Undo(Exception):
    """Ends the run; what it wrote is rolled back."""


def api() -> Result:
    """Reads, lists and writes as a program with a key; writes are rolled back, so commits are not in them."""
    found = Result("api", FLOOR)
    with transaction.atomic():
        ensure_months({datetime.now(UTC).date().replace(day=1), SOLD_AT.date().replace(day=1)})
    try:
        with transaction.atomic(), visitor() as browser:
            client = Client(headers={"Authorization": f"Bearer {_key()}"})
            floor = empty_timing(browser)
            found.rows.append(Row("empty response", floor.figures(), 1.0))
            for name, ask in _requests(client).items():
                spent = timed(ask, times=100)
                found.rows.append(Row(name, spent.figures(), ratio(spent.all_cpu, floor.all_cpu), AIMS[name]))
            raise _Undo
    except _Undo:
        return found


def _key() -> str:
    person = User.objects.filter(role="administrator").latest("created_at")
    secret, _fact = create_token(by=command_actor(), user_id=person.pk, at=datetime.now(UTC), name="bench")
    return secret


def _requests(client: Client) -> dict[str, Callable[[], None]]:
    customer, name = fetch(
        "SELECT id, display_name FROM customers_customer WHERE purchase_count > 0 ORDER BY id LIMIT 1 OFFSET 100"
    )[0]
    branch = fetch("SELECT code FROM commerce_branch ORDER BY code LIMIT 1")[0][0]
    number = count(1)
    address = f"/api/v1/customers/{customer}"

    def create() -> None:
        one = next(number)
        identifiers = [{"kind": "phone", "value": f"0810777{one:06d}"}]
        _send(client.post, "/api/v1/customers", {"name": f"Bench {one}", "identifiers": identifiers})

    def receipt() -> None:
        one = next(number)
        lines = [{"sku": "KOP-01", "name": "Kopi", "quantity": "1", "unit_price": "24000"}] * 2
        _send(
            client.post,
            "/api/v1/receipts",
            {
                "branch": branch,
                "number": f"BENCH-{one}",
                "occurred_at": SOLD_AT.isoformat(),
                "currency": "IDR",
                "lines": lines,
                "customer": {"phone": f"0810777{one:06d}"},
            },
        )

    return {
        "read": lambda: _get(client, address),
        "list of 50": lambda: _get(client, "/api/v1/customers?limit=50"),
        "substring search": lambda: _get(client, f"/api/v1/customers?q={name.split()[-1][1:5]}"),
        "create": create,
        "change": lambda: _send(client.patch, address, {"city": f"Kota {next(number)}"}),
        "receipt, one by one": receipt,
    }


def _get(client: Client, address: str) -> None:
    _check(client.get(address))


def _send(method: Callable[..., Any], address: str, body: dict[str, Any]) -> None:
    _check(method(address, data=json.dumps(body), content_type="application/json"))


def _check(answer: Any) -> None:
    if answer.status_code not in {200, 201}:
        raise Refused(f"{answer.status_code}: {answer.content[:300]!r}")
