"""Lists of customers: order, pages, filters, search and its forgiveness of typos."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akrab.customers.models import Customer
from akrab.customers.queries.choosing import ORDERS, Choice
from akrab.customers.queries.listing import count_customers, known_cities, list_customers, pick_customers
from akrab.customers.tests.factories import make_customer, make_customers, make_identifier, make_trait
from akrab.platform.paging import StalePage
from akrab.platform.refusal import Forbidden
from akrab.platform.tests.factories import NOON, make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")


def names(**choice: Any) -> list[str]:
    return [one.display_name for one in list_customers(by=ANN, choice=Choice(**choice)).page.items]


def walk(sort: str, size: int) -> list[Customer]:
    """All customers by following the pages to the end."""
    found, cursor = [], ""
    while True:
        page = list_customers(by=ANN, choice=Choice(sort=sort), cursor=cursor, size=size).page
        found += page.items
        cursor = page.next
        if not cursor:
            return found


def test_customers_come_by_name_without_regard_to_case_and_accents() -> None:
    make_customers(["budi", "Émile", "Suharto", "andi", "Ezra"])

    assert names() == ["andi", "budi", "Émile", "Ezra", "Suharto"]


@pytest.mark.parametrize("sort", list(ORDERS))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.sampled_from("aab"), st.integers(0, 2), st.integers(0, 2)), max_size=9),
    size=st.integers(1, 4),
)
def test_pages_show_every_customer_once_in_order_forwards_and_backwards(
    sort: str, rows: list[tuple[str, int, int]], size: int
) -> None:
    Customer.objects.all().delete()
    for name, spend, day in rows:
        make_customer(
            name,
            spend=spend,
            purchase_count=spend,
            registered_at=NOON + timedelta(days=day),
            last_purchase_at=NOON + timedelta(days=day) if day else None,
        )

    whole = [one.pk for one in list_customers(by=ANN, choice=Choice(sort=sort), size=50).page.items]
    walked = [one.pk for one in walk(sort, size)]

    assert len(set(whole)) == len(rows)
    assert walked == whole


def test_the_page_before_is_the_page_one_came_from() -> None:
    make_customers([f"Budi {number:02}" for number in range(7)])
    first = list_customers(by=ANN, choice=Choice(), size=3).page
    second = list_customers(by=ANN, choice=Choice(), cursor=first.next, size=3).page

    again = list_customers(by=ANN, choice=Choice(), cursor=second.previous, size=3).page

    assert again.items == first.items
    assert (again.first, second.first, second.last) == (1, 4, 6)
    assert again.previous == ""


@pytest.mark.parametrize("cursor", ["x", "W10.x", "bm9uc2Vuc2U.c2ln"])
def test_a_cursor_that_was_not_made_here_is_refused(cursor: str) -> None:
    with pytest.raises(StalePage):
        list_customers(by=ANN, choice=Choice(), cursor=cursor)


def test_filters_narrow_together() -> None:
    make_customer("Ayu", stage="loyal", city="Bandung", email="ayu@contoh.id", purchase_count=9, spend=900_00)
    make_customer("Budi", stage="loyal", city="Jakarta", purchase_count=9)
    make_customer("PT Sinar", kind="company", stage="active", city="Bandung", purchase_count=2, spend=100_00)

    assert names(stage=("loyal",), city="Bandung") == ["Ayu"]
    assert names(has=("email",)) == ["Ayu"]
    assert names(kind="company") == ["PT Sinar"]
    assert names(purchases_from=3) == ["Ayu", "Budi"]
    assert names(spend_from=100, spend_to=100) == ["PT Sinar"]
    assert known_cities(by=ANN) == ["Bandung", "Jakarta"]


def test_customers_are_found_by_their_usual_interval_and_the_month_of_their_first_purchase() -> None:
    for name, interval, month in (("Ayu", 7, "2026-01"), ("Budi", 8, "2026-02"), ("Citra", 15, "2026-03")):
        who = make_customer(name)
        make_trait(who, "purchase_interval", interval)
        make_trait(who, "first_purchase_month", month)

    assert names(interval_from=8, interval_to=14) == ["Budi"]
    assert names(interval_from=8) == ["Budi", "Citra"]
    assert names(first_before="2026-03") == ["Ayu", "Budi"]


def test_days_are_read_in_the_zone_of_the_reader() -> None:
    make_customer("Late", last_purchase_at=NOON.replace(hour=20), purchase_count=1)  # 03:00 on the 11th in Jakarta

    assert names(last_from=date(2026, 3, 11), last_to=date(2026, 3, 11)) == ["Late"]
    assert names(last_to=date(2026, 3, 10)) == []


def test_search_finds_parts_of_names_in_any_order_of_words() -> None:
    make_customers(["Siti Nurhaliza", "Nur Siti Aminah", "Budi"])

    assert names(words="nurhal") == ["Siti Nurhaliza"]
    assert names(words="siti nur") == ["Siti Nurhaliza", "Nur Siti Aminah"]


def test_one_and_two_letters_find_names_that_begin_so() -> None:
    make_customers(["Sri", "Asri", "Suharto"])

    assert names(words="s") == ["Sri", "Suharto"]
    assert names(words="SU") == ["Suharto"]


def test_one_word_names_are_ordinary() -> None:
    make_customers(["Suharto", "Suharti Ningsih"])

    assert names(words="suharto") == ["Suharto"]
    assert names() == ["Suharti Ningsih", "Suharto"]


@pytest.mark.parametrize("typed", ["0812 3456", "62812345", "+62 812 345", "3456 7890", "081234567890"])
def test_a_part_of_a_phone_number_finds_its_owner_however_it_is_written(typed: str) -> None:
    make_customer("Ayu", phone="0812-3456-7890")
    make_customer("Budi", phone="0857-0000-1111")

    assert names(words=typed) == ["Ayu"]


def test_whoever_carries_the_identifier_comes_first() -> None:
    make_customer("Aaron 4411")
    card = make_customer("Zahra")
    make_identifier(card, "card", "4411")

    assert names(words="4411") == ["Zahra", "Aaron 4411"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("suhrto", "Suharto"),
        ("dwei", "Dewi Lestari"),
        ("nurhalliza", "Siti Nurhaliza"),
        ("lestrai dewi", "Dewi Lestari"),
    ],
)
def test_a_typo_finds_who_was_meant_and_says_so(typed: str, meant: str) -> None:
    make_customers(["Suharto", "Dewi Lestari", "Siti Nurhaliza", "Bambang"])

    found = list_customers(by=ANN, choice=Choice(words=typed))

    assert [one.display_name for one in found.page.items] == [meant]
    assert found.respelt


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("bandugn", ["Ayu", "Bambang"]), ("yogyakrta", ["Citra"]), ("ayu bandugn", ["Ayu"]), ("bambng bandung", ["Bambang"])],
)
def test_a_misspelt_city_finds_who_lives_there(typed: str, meant: list[str]) -> None:
    make_customer("Ayu", city="Bandung")
    make_customer("Bambang", city="Bandung")
    make_customer("Citra", city="DI Yogyakarta")

    found = list_customers(by=ANN, choice=Choice(words=typed))

    assert [one.display_name for one in found.page.items] == meant
    assert found.respelt


def test_what_is_spelt_right_is_not_read_differently() -> None:
    make_customers(["Dewi", "Devi"])

    found = list_customers(by=ANN, choice=Choice(words="devi"))

    assert [one.display_name for one in found.page.items] == ["Devi"]
    assert found.respelt == []


def test_a_new_name_is_known_to_the_spelling_at_once() -> None:
    customer = make_customer("Bambang")
    Customer.objects.filter(pk=customer.pk).update(display_name="Wulandari")

    assert names(words="wulandrai") == ["Wulandari"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "' OR 1=1 --", "100%", "a_b", "((", "🙂"])
def test_signs_with_a_meaning_elsewhere_are_only_letters_here(words: str) -> None:
    make_customer("Budi")

    assert names(words=words) == []


def test_numbers_above_ten_thousand_are_not_counted_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("akrab.customers.queries.listing.CAP", 2)
    make_customers(["Ayu", "Budi", "Citra"])

    assert count_customers(by=ANN, choice=Choice()).is_capped
    assert count_customers(by=ANN, choice=Choice(), exactly=True).number == 3


def test_the_picker_gives_the_nearest_few() -> None:
    make_customers([f"Budi {number}" for number in range(12)])

    assert len(pick_customers(by=ANN, words="budi")) == 8


def test_somebody_without_the_verb_gets_nothing() -> None:
    nobody = make_actor("nobody")

    with pytest.raises(Forbidden):
        list_customers(by=nobody, choice=Choice())
    with pytest.raises(Forbidden):
        count_customers(by=nobody, choice=Choice())
