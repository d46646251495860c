"""The insight pages: what they show, where their numbers lead, and what they cost."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from akrab.customers.tests.factories import sign_in
from akrab.insight.engines.engine import Engine
from akrab.insight.operations.refreshing import PREPARED, keep_report
from akrab.insight.queries.reports import Report, completed, get_metric, run_report
from akrab.insight.queries.workspace import Workspace
from akrab.insight.tests.factories import customer, make_lake, sale, taken_back
from akrab.platform.tests.factories import NOON, facts_recorded

pytestmark = pytest.mark.django_db
ANN, BOB, CID = (str(UUID(int=number)) for number in (1, 2, 3))
HOME = "/insight/"


@pytest.fixture(scope="module")
def made(duck: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[Report]:
    """The reports of a small business as of the last day of February 2026."""
    root = tmp_path_factory.mktemp("lake")
    receipts = [sale(ANN, f"2026-01-{day:02}", 2_500_000) for day in (1, 6, 11)]
    receipts += [sale(BOB, "2026-02-28", 1_000_000), sale(CID, "2026-01-02", 250_000), sale(CID, "2026-02-02", 250_000)]
    receipts += [sale(None, "2026-02-10", 700_000), taken_back(None, "2026-02-11", -100_000)]
    people = [customer(ANN, "Ayu"), customer(BOB, "=cmd"), customer(CID, "Citra")]
    workspace = Workspace(duck, root, make_lake(root, receipts, customers=people), date(2026, 2, 28))
    return [run_report(workspace, get_metric(name), completed(name, parameters)) for name, parameters in PREPARED]


@pytest.fixture
def figures(made: list[Report]) -> None:
    for report in made:
        keep_report(report, at=NOON)


@pytest.fixture
def ann(client: Client) -> Client:
    sign_in(client, "manager")
    return client


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("figures")
def test_the_home_shows_figures_charts_and_how_fresh_they_are(ann: Client) -> None:
    page = body(ann, HOME)

    assert "Customers who bought" in page
    assert page.count("data-chart-frame") == 10
    assert "receipts until Feb 28, 2026" in page
    assert "Out of date" in page  # the lake made by hand is of 2024


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize(
    "link",
    [
        "/customers/?segment=cannot_lose",
        "/customers/?first=2026-01",
        "/customers/?quiet=on",
        "/customers/?purchases_from=1&amp;purchases_to=1",
        "/commerce/receipts/?day_from=2026-01-01&amp;day_to=2026-01-31&amp;status=counted",
        "/commerce/receipts/?day_from=2026-01-01&amp;day_to=2026-01-31&amp;status=counted&amp;who=known",
        "/commerce/receipts/?day_from=2026-02-01&amp;day_to=2026-02-28&amp;status=counted&amp;amount=below",
        "/customers/?bought_from=2026-02-01&amp;bought_to=2026-02-28&amp;first=2026-01",
        "/customers/?bought_from=2026-02-01&amp;bought_to=2026-02-28&amp;first_before=2026-02",
        "/customers/?interval_from=1&amp;interval_to=7",
        f"/customers/{ANN}/",
    ],
)
def test_a_number_leads_to_the_list_behind_it(ann: Client, link: str) -> None:
    page = body(ann, HOME)

    assert f'href="{link}"' in page


@pytest.mark.usefixtures("figures")
def test_the_period_of_the_revenue_chart_is_in_the_address(ann: Client) -> None:
    page = body(ann, f"{HOME}?period=day")

    assert "day_from=2026-02-10&amp;day_to=2026-02-10" in page
    assert re.search(r'href="/insight/\?period=day"[^>]*aria-current="page"', page)


@pytest.mark.usefixtures("figures")
def test_the_home_costs_few_queries_however_many_charts(ann: Client) -> None:
    ann.get(HOME)

    with CaptureQueriesContext(connection) as captured:
        ann.get(HOME)

    assert len([query for query in captured if "insight_preparedreport" in query["sql"]]) == 1
    assert len(captured) <= 6


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("name", sorted({name for name, _ in PREPARED}))
def test_every_prepared_report_has_a_page_with_its_rule(ann: Client, name: str) -> None:
    page = body(ann, f"/insight/reports/{name}/")

    assert 'role="region"' in page
    assert f"/insight/reports/{name}/csv/" in page


@pytest.mark.usefixtures("figures")
def test_the_file_of_a_report_has_exact_money_and_harmless_names(ann: Client) -> None:
    response = ann.get("/insight/reports/top_customers/csv/")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.decode("utf-8-sig").splitlines()[1:3] == [
        f"1,{ANN},Ayu,3,75000.00,0.8333333333333334,2026-01-11",
        f"2,{BOB},'=cmd,1,10000.00,0.1111111111111111,2026-02-28",
    ]


def test_who_may_not_export_gets_neither_the_link_nor_the_file(client: Client) -> None:
    sign_in(client, "readonly")

    assert "/csv/" not in client.get("/insight/reports/top_customers/").content.decode()
    assert client.get("/insight/reports/top_customers/csv/").status_code == 403


def test_before_the_first_refresh_the_page_teaches_and_offers_one_button(ann: Client) -> None:
    page = body(ann, HOME)

    assert "No figures yet" in page
    assert 'action="/insight/refreshes/"' in page


def test_a_reader_sees_no_button_and_cannot_refresh(client: Client) -> None:
    sign_in(client, "readonly")

    assert "/insight/refreshes/" not in body(client, HOME)
    assert client.post("/insight/refreshes/").status_code == 403
    assert facts_recorded("insight") == []


def test_asking_for_a_refresh_queues_a_job_and_comes_back(ann: Client) -> None:
    response = ann.post("/insight/refreshes/")

    assert (response.status_code, response["Location"]) == (303, HOME)
    assert facts_recorded("insight") == ["insight.refresh_requested"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'insight.refresh_on_request'")
        assert cursor.fetchone() == (1,)


def test_an_unknown_report_is_not_found(ann: Client) -> None:
    assert ann.get("/insight/reports/nothing/").status_code == 404


def test_the_web_process_loads_no_analytics_library() -> None:
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'akrab.config.settings'\n"
        "import django; django.setup()\n"
        "import akrab.config.urls, akrab.insight.public, akrab.insight.jobs\n"
        "print(sorted({'ibis', 'pandas', 'pyspark', 'sqlglot'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
