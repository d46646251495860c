"""Filters of customers joined by AND and OR: what they find, what they refuse, how they are said and built."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from akrab.customers.queries.choosing import Choice
from akrab.customers.queries.listing import list_customers
from akrab.customers.tests.factories import make_customer, make_identifier, make_trait, sign_in
from akrab.platform.actor import Actor
from akrab.platform.listing.tree import FilterUnreadable, read_tree
from akrab.platform.rights.fields import FieldNotReadable
from akrab.platform.tests.factories import acting, make_actor, make_field_rule, make_person

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")


def found(where: str, by: Actor = ANN) -> list[str]:
    return [one.display_name for one in list_customers(by=by, choice=Choice(where=read_tree(where))).page.items]


@pytest.fixture
def people() -> None:
    ayu = make_customer("Ayu", city="Bandung", stage="loyal", spend=900_000_00, purchase_count=9, last_purchase_at=now())
    make_customer("Budi", city="Solo", phone="+6281", purchase_count=1, last_purchase_at=now() - timedelta(days=200))
    make_customer("Citra", city="Bandung", kind="company")
    make_identifier(ayu, "card", "C-1")
    make_trait(ayu, "rfm_segment", "champions")


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("city:is:Bandung", ["Ayu", "Citra"]),
        ("city:is:Bandung;(spend:min:500000,kind:is:company)", ["Ayu", "Citra"]),
        ("(city:is:Bandung;purchases:min:1),city:is:Solo", ["Ayu", "Budi"]),
        ("city:not:Bandung", ["Budi"]),
        ("name:has:ud", ["Budi"]),
        ("last:within:30d", ["Ayu"]),
        ("last:before:90d", ["Budi"]),
        ("last:none", ["Citra"]),
        ("phone:any", ["Budi"]),
        ("card:any", ["Ayu"]),
        ("segment:is:champions|lost", ["Ayu"]),
        ("segment:not:champions", ["Budi", "Citra"]),
        ("owner:is:nobody;stage:is:loyal", ["Ayu"]),
        ("registered:from:2026-03-10;registered:until:2026-03-10", ["Ayu", "Budi", "Citra"]),
        ("consent:is:email", []),
        ("consent:not:email;spend:max:0", ["Budi", "Citra"]),
    ],
)
@pytest.mark.usefixtures("people")
def test_a_tree_finds_whom_it_says(where: str, names: list[str]) -> None:
    assert found(where) == names


@pytest.mark.parametrize(
    "where", ["nonsense:is:1", "city:min:3", "spend:min:abc", "last:within:soon", "owner:is:me-not", "city:is"]
)
def test_what_cannot_be_asked_is_refused(where: str) -> None:
    with pytest.raises(FilterUnreadable):
        found(where)


def test_a_field_that_cannot_be_read_cannot_be_filtered() -> None:
    budi = acting(make_person("Budi", "manager"))
    make_field_rule("spend", "hidden")

    with pytest.raises(FieldNotReadable):
        found("city:is:Solo,spend:min:1", by=budi)


@pytest.mark.usefixtures("people")
def test_the_list_says_its_tree_in_chips_and_each_can_go(client: Client) -> None:
    sign_in(client)

    shown = client.get("/customers/", {"where": "city:is:Bandung;(spend:min:500000,last:within:30d)"}).content.decode()

    assert "City is Bandung" in shown
    assert "Spend at least 500,000 or Last purchase within the last 30 days" in shown
    assert "?where=(spend:min:500000,last:within:30d)" in shown
    assert client.get("/customers/", {"where": "nonsense"}).status_code == 422


@pytest.mark.usefixtures("people")
def test_a_tree_is_built_by_following_addresses(client: Client) -> None:
    sign_in(client)

    asks = client.get("/customers/filter/?where=city:is:Solo&field=stage").content.decode()
    grown = client.get(
        "/customers/filter/?where=city:is:Solo&field=stage&op=is&value=loyal&value=active&at=new&add=1"
    ).content.decode()

    assert 'value="loyal"' in asks
    assert "Stage is Loyal or Active" in grown
    assert "/customers/?where=city:is:Solo;(stage:is:loyal|active)" in grown


def test_adding_a_condition_without_a_value_says_so_and_adds_nothing(client: Client) -> None:
    sign_in(client)

    body = client.get("/customers/filter/?where=stage:is:loyal&field=city&op=is&value=&add=1").content.decode()

    assert "A condition needs a value." in body
    assert 'href="/customers/?where=stage:is:loyal"' in body
    assert "A condition needs a value." not in client.get("/customers/filter/?field=city&op=is&value=Solo&add=1").content.decode()
