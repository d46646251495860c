"""Refreshing on a real database: receipts to lake to reports to traits, and all over again after a change."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from akrab.commerce.models import Receipt
from akrab.commerce.tests.factories import make_line, make_message, summarize, take
from akrab.customers.models import Customer, Trait
from akrab.insight.metrics.registry import all_metrics
from akrab.insight.models import PreparedReport
from akrab.insight.operations.refreshing import PREPARED, refresh_insight
from akrab.insight.public import InsightRefreshed
from akrab.insight.queries.prepared import prepared_report, prepared_reports
from akrab.insight.queries.reports import BadParameter, UnknownReport, get_report
from akrab.insight.queries.workspace import LakeEmpty
from akrab.platform.actor import SYSTEM
from akrab.platform.lake.manifest import read_current
from akrab.platform.operations.rates import Rate, note_rates
from akrab.platform.refusal import Forbidden
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor, wait_for_older_transactions

pytestmark = pytest.mark.django_db(transaction=True)

ANN, BOB = "081211111111", "081222222222"
DAY = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, settings: Settings) -> Path:
    settings.LAKE_URL = str(tmp_path)
    return tmp_path


def refresh(**options: object) -> InsightRefreshed:
    values: dict[str, object] = {"by": SYSTEM, "at": NOON, "as_of": DAY, "only": ["traits"], **options}
    return refresh_insight(**values)  # type: ignore[arg-type]


def content(root: Path) -> str:
    snapshot = read_current(root)
    assert snapshot is not None
    return snapshot.content


def traits_of(phone: str) -> dict[str, object]:
    found = Trait.objects.filter(customer__identifiers__key=f"+62{phone[1:]}")
    return {trait.name: trait.value for trait in found}


def test_refreshing_writes_scores_down_with_their_day_and_source() -> None:
    take(make_message("1", ANN), make_message("2", ANN, occurred_at=datetime(2026, 2, 28, 9)))
    take(make_message("3", BOB, occurred_at=datetime(2026, 1, 1, 9)))

    done = refresh()

    assert (done.customers, done.snapshot) == (2, 1)
    assert traits_of(ANN) == {
        "rfm_segment": "champions", "rfm_score": "555", "rfm_recency": 21, "rfm_frequency": 2, "rfm_money": 50000,
        "purchase_interval": 10, "first_purchase_month": "2026-02",
    }  # fmt: skip
    trait = Trait.objects.get(name="rfm_segment", text="champions")
    assert (trait.as_of, trait.source, trait.version) == (DAY, "insight.rfm", "1")
    assert facts_recorded("insight") == ["insight.refreshed"]


def test_a_linked_return_in_a_later_month_changes_the_month_of_its_sale(lake: Path) -> None:
    take(make_message("1", ANN, lines=(make_line(quantity=2),), occurred_at=datetime(2026, 2, 2, 9)))
    wait_for_older_transactions()
    refresh()
    take(make_message("2", kind="return", original_number="1"))

    done = refresh()

    assert traits_of(ANN)["rfm_money"] == 25000
    # both months of receipts, lines and roll-up, and products; branches and customers stay
    assert (done.files_written, done.files_kept) == (7, 2)
    updated = content(lake)
    refresh(rebuild=True)
    assert content(lake) == updated


AS_OF = date(2026, 3, 10)
AFTER = datetime(2026, 3, 11, 9)


@pytest.mark.parametrize("currency", ["IDR", "USD"])
@pytest.mark.parametrize("kind", ["return", "exchange"])
def test_what_comes_back_the_day_after_changes_no_report_of_the_day(kind: str, currency: str) -> None:
    note_rates(
        by=SYSTEM, rates=[Rate("USD", date(2026, 1, 1), Decimal(16_000)), Rate("USD", AFTER.date(), Decimal(17_000))], at=NOON
    )
    swap = (make_line(quantity=-1, position=1), make_line(sku="TEH", unit_price="30000", position=2))
    lines = swap if kind == "exchange" else (make_line(),)
    take(
        make_message("0", BOB),
        make_message("1", ANN, currency=currency, lines=(make_line(quantity=2),)),
        make_message("2", currency=currency),
        make_message("3", ANN, kind="exchange", currency=currency, lines=swap, occurred_at=datetime(2026, 2, 3, 9)),
    )
    refresh()
    before = {name: get_report(by=SYSTEM, name=name, as_of=AS_OF) for name in all_metrics()}

    back = [make_message(f"R{n}", kind=kind, currency=currency, lines=lines, original_number=n, occurred_at=AFTER) for n in "123"]
    take(*back, at=NOON + timedelta(days=2))
    refresh()

    after = {name: get_report(by=SYSTEM, name=name, as_of=AS_OF) for name in all_metrics()}
    later = get_report(by=SYSTEM, name="revenue", as_of=AFTER.date())
    assert Receipt.objects.filter(status="counted", original__isnull=False).count() == 3
    assert {name: (one.rows, one.totals) for name, one in after.items()} == {
        name: (one.rows, one.totals) for name, one in before.items()
    }
    assert later.rows != before["revenue"].rows


def test_profile_and_report_count_the_same_purchases_with_exchanges() -> None:
    swap = (make_line(quantity=-1, position=1), make_line(sku="TEH", unit_price="30000", position=2))
    take(
        make_message("1", ANN, lines=(make_line(quantity=2),)),
        make_message("2", kind="exchange", lines=swap, original_number="1", occurred_at=datetime(2026, 3, 12, 9)),
        make_message("3", BOB, kind="exchange", lines=swap),
        make_message("4", BOB, kind="exchange", lines=swap[:1]),
        at=NOON + timedelta(days=3),
    )
    people = list(Customer.objects.order_by("pk"))
    summarize([one.pk for one in people])
    refresh()

    rows = get_report(by=SYSTEM, name="rfm_customers", as_of=DAY).rows
    scored = {row[0]: (row[2], row[3], DAY - timedelta(days=row[1])) for row in rows}
    kept = Customer.objects.values_list("pk", "purchase_count", "spend", "last_purchase_at__date")
    assert scored == {str(row[0]): row[1:] for row in kept}
    assert sorted(scored.values()) == [(1, 3_000_000, AS_OF), (2, 5_500_000, date(2026, 3, 12))]


@pytest.mark.parametrize("change", ["void", "correction", "late sale"])
def test_after_every_change_an_update_equals_a_rebuild(lake: Path, change: str) -> None:
    take(make_message("1", ANN), make_message("2", BOB, occurred_at=datetime(2026, 1, 5, 9)))
    refresh()
    before = content(lake)
    match change:
        case "void":
            take(make_message("3", kind="void", original_number="1", lines=()))
        case "correction":
            take(make_message("1", ANN, revision=1, lines=(make_line(quantity=5),)))
        case "late sale":
            take(make_message("9", ANN, occurred_at=datetime(2026, 2, 5, 9)))

    refresh()
    updated = content(lake)
    refresh(rebuild=True)

    assert before != updated == content(lake)


def test_pages_read_the_reports_of_the_last_refresh() -> None:
    take(make_message("1", ANN), make_message("2", BOB))

    done = refresh(only=())

    assert done.reports == len(PREPARED)
    report = prepared_report(by=SYSTEM, name="rfm")
    assert report == get_report(by=SYSTEM, name="rfm", as_of=DAY)
    assert report is not None
    assert (report.currency, report.data_until, report.snapshot) == ("IDR", date(2026, 3, 10), 1)
    assert "revenue:days=90,period=day" in prepared_reports(by=SYSTEM)


def test_only_the_named_reports_are_made_again() -> None:
    take(make_message("1", ANN))

    done = refresh(only=["retention"])

    assert (done.reports, done.customers) == (1, 0)
    assert [each.name for each in PreparedReport.objects.all()] == ["retention"]


def test_a_business_without_receipts_gets_empty_reports() -> None:
    done = refresh(only=["traits", "revenue"])

    assert done.customers == 0
    report = prepared_report(by=SYSTEM, name="revenue")
    assert report is not None
    assert (report.rows, report.data_until, report.currency) == ((), None, "IDR")


def test_customers_who_no_longer_count_lose_their_scores() -> None:
    take(make_message("1", ANN), make_message("2", BOB))
    refresh()
    take(make_message("3", kind="return", original_number="1"))

    refresh()

    assert traits_of(ANN) == {}
    assert Customer.objects.count() == 2
    assert isinstance(Trait.objects.first().customer_id, UUID)  # type: ignore[union-attr]


def test_the_analyst_may_refresh_and_the_reader_may_not() -> None:
    take(make_message("1", ANN))

    refresh(by=make_actor("analyst"))

    with pytest.raises(Forbidden):
        refresh(by=make_actor("readonly"))
    assert facts_recorded("insight") == ["insight.refreshed"]


def test_before_the_first_refresh_a_report_is_refused() -> None:
    with pytest.raises(LakeEmpty):
        get_report(by=SYSTEM, name="rfm", as_of=DAY)


def test_wrong_names_and_parameters_are_refused_with_what_there_is() -> None:
    with pytest.raises(UnknownReport, match="rfm_customers"):
        get_report(by=SYSTEM, name="rfn", as_of=DAY)
    with pytest.raises(BadParameter, match="fortnight"):
        get_report(by=SYSTEM, name="revenue", as_of=DAY, parameters={"period": "fortnight"})
    with pytest.raises(BadParameter, match="wide"):
        get_report(by=SYSTEM, name="revenue", as_of=DAY, parameters={"wide": "1"})


def test_receipts_of_two_currencies_are_told_in_the_reporting_currency() -> None:
    take(make_message("1", ANN), make_message("2", ANN, currency="USD", lines=(make_line(unit_price="3"),)))

    refresh(only=["revenue"])

    report = prepared_report(by=SYSTEM, name="revenue")
    assert report is not None
    assert report.currency == "IDR"
    assert report.rows[0][1] == 1  # a receipt in dollars has no rate that day, so it cannot be added up
