"""The published figures of the Online Retail file (R21, R22), through the lake and every layer above it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from akrab.insight.queries.plain import as_json, plain_report
from akrab.insight.queries.reports import get_report
from akrab.insight.tests.online_retail import online_retail_lake
from akrab.platform.actor import SYSTEM

DAY = date(2011, 12, 10)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Path:
    root = tmp_path_factory.mktemp("online-retail")
    online_retail_lake(data_folder, root)
    return root


@pytest.fixture
def rfm(lake: Path, settings: Settings) -> dict[str, Any]:
    settings.LAKE_URL = str(lake)
    text = as_json(plain_report(get_report(by=SYSTEM, name="rfm", as_of=DAY)))
    assert '"revenue": 8911407.90,' in text
    body: dict[str, Any] = json.loads(text)
    return body


def test_rfm_agrees_with_the_published_totals(rfm: dict[str, Any]) -> None:
    assert {name: rfm[name] for name in ("customers", "receipts", "revenue", "one_time_buyers", "currency")} == {
        "customers": 4338, "receipts": 18532, "revenue": 8911407.90, "one_time_buyers": 1493, "currency": "GBP",
    }  # fmt: skip


def test_rfm_agrees_with_the_published_cuts(rfm: dict[str, Any]) -> None:
    assert rfm["cuts"] == {
        "recency": [13.8, 33, 72, 180],
        "frequency": [1, 2, 3, 6],
        "money": [250.19, 490.10, 942.28, 2058.43],
    }


def test_frequency_scores_keep_ties_together(lake: Path, settings: Settings) -> None:
    settings.LAKE_URL = str(lake)
    report = get_report(by=SYSTEM, name="rfm_customers", as_of=DAY)

    scores = [row[5] for row in report.rows]

    assert [scores.count(score) for score in range(1, 6)] == [1493, 835, 508, 802, 700]


def test_first_and_repeat_buyers_add_up(lake: Path, settings: Settings) -> None:
    settings.LAKE_URL = str(lake)
    report = get_report(by=SYSTEM, name="repeat_purchase", as_of=DAY)

    assert report.rows[0][:3] == (1, 4338, 2845)
    assert report.totals[:5] == (4338, 2845, 1493, 18532, 891140790)
