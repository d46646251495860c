"""List, search and profile: server time, CPU and queries of each page beside an empty Django response."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.test import Client
from django.urls import reverse

from akrab.cli.benches.browsing import empty_timing, page_timing, visitor
from akrab.cli.benches.measure import Result, Row, Timing, ratio
from akrab.platform.actor import command_actor
from akrab.platform.bulk import fetch
from akrab.platform.paging import SIZE, write_cursor
from akrab.platform.panels import panels_for

FLOOR = "an empty Django response through the same middleware"
HTMX = {"HX-Request": "true"}
FAR = 1000
LIST_AIM = "p95 ≤ 150 ms, ≤ 8 queries, ≤ 15 ms CPU"
FILTERED = {"stage": "active", "city": "Jakarta", "purchases_from": "3"}
_THREE = "stage = 'active' AND city = 'Jakarta' AND purchase_count >= 3"
LISTS: tuple[tuple[str, dict[str, str], str, str], ...] = (
    ("by name", {}, "true", "name_key"),
    ("by spend", {"sort": "-spend"}, "true", "spend DESC"),
    ("three filters", FILTERED, _THREE, "name_key"),
    ("three filters by spend", {**FILTERED, "sort": "-spend"}, _THREE, "spend DESC"),
)


def list_pages() -> Result:
    """The customer list: plain, with three filters, sorted; page 1 and page 1,000; the receipt list."""
    with visitor() as client:
        floor = empty_timing(client)
        found = Result("list", FLOOR, [_row("empty response", floor, floor)])
        for name, choice, where, order in LISTS:
            first = f"{reverse('customers:index')}?{urlencode(choice)}"
            found.rows.append(_row(f"{name}, page 1", page_timing(client, first), floor, LIST_AIM))
            number, cursor = _far(where, order)
            if number > 1:
                far = f"{reverse('customers:index')}?{urlencode({**choice, 'cursor': cursor})}"
                found.rows.append(_row(f"{name}, page {number:,}", page_timing(client, far), floor, LIST_AIM))
        rows_only = page_timing(client, f"{reverse('customers:index')}?{urlencode(FILTERED)}", headers=HTMX)
        found.rows.append(_row("three filters, page 1, only the rows", rows_only, floor, LIST_AIM))
        for name, address in (("count beside the list", "customers:count"), ("receipts, page 1", "commerce:receipts")):
            found.rows.append(_row(name, page_timing(client, reverse(address)), floor, LIST_AIM))
        return found


def _far(where: str, order: str) -> tuple[int, str]:
    """Page 1,000, or the last one before it: its number, and the cursor made of the row that ends the page before."""
    rows = fetch(
        f"SELECT {order.removesuffix(' DESC')}, id FROM customers_customer WHERE {where} "
        f"ORDER BY {order}, id{' DESC' if order.endswith('DESC') else ''} LIMIT %s",
        [(FAR - 1) * SIZE],
    )
    number = len(rows) // SIZE + 1 if len(rows) >= SIZE else 1
    if number == 1:
        return 1, ""
    return number, write_cursor(rows[(number - 1) * SIZE - 1], first=(number - 1) * SIZE + 1)


def search() -> Result:
    """Search as you type: beginning, middle of a word, phone fragment, one typo, nobody."""
    with visitor() as client:
        floor = empty_timing(client)
        found = Result("search", FLOOR, [_row("empty response", floor, floor)])
        for name, words in _words():
            for place, address in (("list", "customers:index"), ("palette", "customers:options")):
                asked = f"{reverse(address)}?{urlencode({'q': words})}"
                timing = page_timing(client, asked, times=20, headers=HTMX)
                found.rows.append(_row(f"{name} ({place})", timing, floor, "p95 ≤ 100 ms"))
        return found


def _words() -> list[tuple[str, str]]:
    found = fetch(
        "SELECT display_name, phone FROM customers_customer WHERE phone <> '' AND display_name LIKE '%% %%' "
        "AND length(display_name) > 12 ORDER BY id DESC LIMIT 1"
    )
    name, phone = found[0] if found else ("Siti Rahmawati", "6281234567890")
    first, last = name.split()[0], name.split()[-1]
    return [
        ("one letter", first[:1]),
        ("beginning", first[:3]),
        ("whole name", name),
        ("middle of a word", last[1:6]),
        ("phone fragment", phone[-6:]),
        ("one typo", f"{last[:3]}{last[4:]}"),
        ("nobody", "xqzvwk"),
    ]


def profile() -> Result:
    """The profile of the customer with the longest timeline, of an ordinary one, and each panel."""
    longest, usual = _customers()
    with visitor() as client:
        floor = empty_timing(client)
        found = Result("profile", FLOOR, [_row("empty response", floor, floor)])
        for customer, items in (longest, usual):
            page = reverse("customers:show", args=[customer])
            found.rows.append(_row(f"profile, {items:,} timeline items", page_timing(client, page), floor, "p95 ≤ 150 ms"))
        found.rows.extend(_panels(client, longest[0], floor))
        return found


def _panels(client: Client, customer: UUID, floor: Timing) -> list[Row]:
    rows = []
    panels = [(str(one.title), one.url) for one in panels_for("customers.profile", command_actor())]
    for title, url in [("timeline", "customers:timeline"), *panels]:
        timing = page_timing(client, reverse(url, args=[customer]), times=20, headers=HTMX)
        rows.append(_row(f"panel: {title}", timing, floor, "p95 ≤ 100 ms"))
    return rows


def _customers() -> tuple[tuple[UUID, int], tuple[UUID, int]]:
    busy = fetch("SELECT id FROM customers_customer ORDER BY purchase_count DESC, id DESC LIMIT 1")[0][0]
    usual = fetch("SELECT id FROM customers_customer ORDER BY id LIMIT 101")[-1][0]
    items = dict(fetch("SELECT customer_id, count(*) FROM platform_fact WHERE customer_id = ANY(%s) GROUP BY 1", [[busy, usual]]))
    return (busy, items.get(busy, 0)), (usual, items.get(usual, 0))


def _row(name: str, timing: Timing, floor: Timing, aim: str = "") -> Row:
    return Row(name, timing.figures(), ratio(timing.all_cpu, floor.all_cpu), aim)
