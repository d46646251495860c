"""A number on a page and the list behind it say the same: a real shop's receipts through every layer, every row compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import duckdb
import pytest
from django.test import Client, override_settings
from django.utils.html import strip_tags

from akrab.commerce.tests.factories import shelve, summarize
from akrab.customers.models import Customer
from akrab.customers.tests.factories import sign_in
from akrab.insight.operations.refreshing import PREPARED, refresh_insight
from akrab.insight.queries.prepared import prepared_reports
from akrab.insight.queries.reports import Report
from akrab.insight.views.drawings import drawing, records
from akrab.insight.views.leads import LEADS, leads
from akrab.platform.actor import SYSTEM
from akrab.platform.importing.running import result_of, run_import
from akrab.platform.operations.imports import note_import
from akrab.platform.tests.factories import NOON

FILE = "online_retail/online_retail.parquet"
LAST = date(2011, 1, 20)  # seven weeks: 2,700 documents with returns and adjustments, and a month that has not ended
MONEY = frozenset({"sales", "returns", "revenue", "identified", "average", "known_average"})

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leads")]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, data_folder: Path, shared_database: None) -> Iterator[dict[str, Report]]:
    """The prepared reports of the shop's first months; some of its products stand in two categories."""
    folder = tmp_path_factory.mktemp("shop")
    part = folder / "part.parquet"
    duckdb.execute(
        f"COPY (FROM read_parquet('{data_folder / FILE}') WHERE InvoiceDate < DATE '{LAST}' + INTERVAL 1 DAY) TO '{part}'"
    )
    with override_settings(LAKE_URL=str(folder / "lake"), CURRENCY="GBP"):
        shelve("Gifts", "22423", "85123A", "21212", "84879", currency="GBP")
        shelve("Bags", "85099B", "20725", "22386", "20727", currency="GBP")
        brought = run_import(note_import(by=SYSTEM, kind="receipts", path=part, preset="online-retail"), by=SYSTEM)
        assert result_of(brought)["errors"] == 0
        summarize(list(Customer.objects.values_list("pk", flat=True)))
        refresh_insight(by=SYSTEM, at=NOON, as_of=LAST)
        yield prepared_reports(by=SYSTEM)


def seen(client: Client, address: str, column: str) -> float | UUID | None:
    """What the list of an address says above its rows, in the terms of a column: rows, money, or money per row."""
    parts = urlsplit(address)
    if parts.path.startswith("/customers/") and parts.path != "/customers/":
        return UUID(parts.path.split("/")[2])
    assert client.get(address).status_code == 200
    said = strip_tags(client.get(f"{parts.path}count/?{parts.query}&exactly=1").content.decode())
    rows = int(said.split()[0].replace(",", ""))
    if column not in MONEY:
        return rows
    amounts = {name.strip(): minor for name, minor in re.findall(r"· ([^·£-]*)(-?£[\d,.]+)", said)}
    shown = [value for name, value in amounts.items() if name != "Total"] or [amounts.get("Total", "0")]
    money = int(re.sub(r"[£,.]", "", shown[-1]))
    return money / rows if "average" in column and rows else money


def expected(column: str, row: dict[str, Any]) -> Any:
    """What a row says about the list behind one of its columns."""
    if column == "segment":
        return row["customers"]
    if column == "active_rate":
        return row["active"]
    return UUID(row["customer_id"]) if column == "name" and "customer_id" in row else row[column]


def test_every_number_of_every_report_is_what_its_list_comes_to(shop: dict[str, Report], client: Client) -> None:
    sign_in(client, "manager")
    compared: dict[str, int] = {}
    for key, report in shop.items():
        for row in records(report):
            for column, address in leads(report, row).items():
                assert seen(client, address, column) == expected(column, row), (key, column, row, address)
                compared[report.name] = compared.get(report.name, 0) + 1

    assert set(compared) == set(LEADS) == {name for name, _parameters in PREPARED}
    assert sum(compared.values()) > 300


def test_every_value_of_every_chart_has_a_list_of_its_own(shop: dict[str, Report]) -> None:
    for key, report in shop.items():
        chart = drawing(report)
        for series in chart.series if chart else ():
            addresses = [link for value, link in zip(series.values, series.links or (), strict=True) if value is not None]
            assert all(addresses), (key, series.name)
            assert len(set(addresses)) == len(addresses), (key, series.name)
    revenue = drawing(shop["revenue"])
    assert revenue is not None
    assert [(one.links or [""])[1].partition("status=counted")[2] for one in revenue.series] == [
        "",
        "&who=known",
        "&amount=below",
    ]
