"""The demo company: the same by seed, believable in shape, and safe to load twice."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from akrab.commerce.models import Branch, Receipt
from akrab.commerce.public import ReceiptMessage, state_hash
from akrab.commerce.queries.pricing import price
from akrab.commerce.seeds.loading import HomeInUse, OtherDemo, load_company
from akrab.commerce.seeds.scale import Scale, scale
from akrab.commerce.seeds.story import Day, tell
from akrab.commerce.tests.factories import make_message, take
from akrab.customers.models import Customer, Relationship
from akrab.customers.public import state_hash as customers_hash
from akrab.platform.actor import SYSTEM
from akrab.platform.bulk import fetch

UNTIL = date(2026, 11, 21)
LEBARAN = date(2026, 3, 21)


def small(**what_matters: int) -> Scale:
    return scale(**{"customers": 60, "years": 1, "until": UNTIL, **what_matters})  # type: ignore[arg-type]


@cache
def told() -> list[Day]:
    return list(tell(scale(customers=2000, until=UNTIL)).days())


def messages(kind: str = "sale") -> list[ReceiptMessage]:
    return [one for day in told() for one in day.messages if one.kind == kind]


def load(size: Scale) -> Counter[str]:
    done = load_company(by=SYSTEM, size=size)
    return Counter(created=done.created, unchanged=done.unchanged, updated=done.updated, errors=done.errors)


def share(part: int, whole: int) -> float:
    return part / whole


def test_the_same_scale_tells_the_same_story() -> None:
    first, again = ([day.messages for day in tell(small()).days()] for _ in range(2))

    assert first == again


def test_another_seed_tells_another_story() -> None:
    first, other = ([day.messages for day in tell(small(seed=seed)).days()] for seed in (1, 2))

    assert first != other


def test_two_years_end_with_the_chosen_day() -> None:
    assert (told()[0].on, told()[-1].on) == (date(2024, 11, 22), UNTIL)


def test_the_size_is_as_promised() -> None:
    assert len(messages()) == pytest.approx(24_000, rel=0.05)
    assert share(sum(len(one.lines) for one in messages()), len(messages())) == pytest.approx(3.3, abs=0.15)


def test_not_quite_half_of_the_receipts_are_anonymous() -> None:
    anonymous = sum(one.contact is None for one in messages())

    assert share(anonymous, len(messages())) == pytest.approx(0.45, abs=0.03)


def test_most_returns_name_their_sale_and_some_are_blind() -> None:
    sales = {one.number for one in messages()}
    returns = messages("return")
    linked = [one for one in returns if one.original_number]

    assert share(len(returns), len(sales)) == pytest.approx(0.0145, abs=0.004)
    assert all(one.original_number in sales for one in linked)
    assert share(len(linked), len(returns)) == pytest.approx(0.8, abs=0.08)


def test_every_receipt_adds_up_and_is_paid() -> None:
    for one in messages() + messages("return") + messages("exchange"):
        priced = price(one)
        assert sum(amount for _method, amount in priced.tenders) == priced.total, one.number


def test_prices_contain_eleven_percent_tax_and_cash_is_rounded() -> None:
    for one in messages()[:2000]:
        priced = price(one)
        assert priced.tax == pytest.approx((priced.net + priced.tax) * 11 / 111, abs=100 * len(one.lines))
        assert one.tenders[0].method != "cash" or priced.total % 100_00 == 0


def test_in_ramadan_shops_are_full_in_the_evening() -> None:
    evening = {fasting: evening_share("JAKARTA", fasting=fasting) for fasting in (True, False)}

    assert evening[True] > 0.6
    assert evening[False] < 0.4


def test_jayapura_hardly_follows_the_fasting_hours() -> None:
    assert evening_share("JAYAPURA", fasting=True) < 0.5


def evening_share(branch: str, *, fasting: bool) -> float:
    hours = [
        one.occurred_at.hour
        for one in messages()
        if one.branch == branch and (timedelta(0) < LEBARAN - one.occurred_at.date() <= timedelta(30)) == fasting
    ]
    return share(sum(hour >= 17 for hour in hours), len(hours))


def test_jakarta_is_empty_while_people_travel_home() -> None:
    days = Counter(one.occurred_at.date() for one in messages() if one.branch == "JAKARTA")
    during = sum(days[LEBARAN + timedelta(step)] for step in range(-3, 3))
    ordinary = sum(days[date(2026, 6, 8) + timedelta(step)] for step in range(6))

    assert during < ordinary * 0.6


def test_hampers_sell_before_lebaran_and_at_the_end_of_the_year() -> None:
    months = Counter(one.occurred_at.month for one in messages() for line in one.lines if line.name.startswith("Hampers"))

    assert {month for month, _count in months.most_common(2)} <= {3, 12}


@pytest.mark.django_db
def test_loading_makes_exactly_the_customers_asked_for() -> None:
    load(small())

    assert Customer.objects.unscoped().count() == 60
    assert Customer.objects.unscoped().filter(kind="company").count() == 2
    assert Relationship.objects.count() == 4


@pytest.mark.django_db
def test_loading_again_changes_nothing() -> None:
    first = load(small())
    before = (state_hash(by=SYSTEM), customers_hash(by=SYSTEM), fetch("SELECT count(*) FROM platform_fact"))

    again = load(small())

    assert again == Counter(unchanged=first["created"])
    assert (state_hash(by=SYSTEM), customers_hash(by=SYSTEM), fetch("SELECT count(*) FROM platform_fact")) == before


@pytest.mark.django_db
def test_branches_keep_the_days_of_their_own_zone() -> None:
    load(small())

    assert dict(Branch.objects.values_list("code", "zone")) == {
        "JAKARTA": "Asia/Jakarta",
        "MAKASSAR": "Asia/Makassar",
        "JAYAPURA": "Asia/Jayapura",
        "WEB": "Asia/Jakarta",
    }
    for one in Receipt.objects.unscoped().select_related("branch"):
        assert one.occurred_at.astimezone(ZoneInfo(one.branch.zone)).date() == one.business_on


@pytest.mark.django_db
def test_linked_returns_take_revenue_from_their_sale() -> None:
    load(small(customers=200))

    rows = fetch(
        "SELECT count(*), count(*) FILTER (WHERE s.returned >= -r.net) FROM commerce_receipt r "
        "JOIN commerce_receipt s ON s.id = r.original_id WHERE r.kind = 'return'"
    )

    assert rows[0][0] == rows[0][1] > 0


@pytest.mark.django_db
def test_tills_agree_with_their_receipts_but_for_two_days() -> None:
    load(small(customers=100))

    differing = fetch(
        "SELECT b.code, t.business_on FROM commerce_tillclosing t JOIN commerce_branch b ON b.id = t.branch_id "
        "LEFT JOIN LATERAL (SELECT count(*) AS receipts, coalesce(sum(total), 0) AS total FROM commerce_receipt r "
        "WHERE r.branch_id = b.id AND r.business_on = t.business_on AND r.status = 'counted' AND r.kind <> 'void') r "
        "ON true WHERE (r.receipts, r.total) <> (t.receipts, t.total) ORDER BY 1"
    )

    assert differing == [("JAKARTA", UNTIL - timedelta(12)), ("MAKASSAR", UNTIL - timedelta(37))]


@pytest.mark.django_db
def test_a_home_with_another_demo_is_refused_and_stays() -> None:
    load(small())
    before = state_hash(by=SYSTEM)

    with pytest.raises(OtherDemo):
        load(small(seed=2))

    assert state_hash(by=SYSTEM) == before


@pytest.mark.django_db
def test_a_home_with_real_receipts_is_refused_and_stays() -> None:
    take(make_message("1"))

    with pytest.raises(HomeInUse):
        load(small())

    assert Receipt.objects.unscoped().count() == 1
