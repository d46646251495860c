"""Owners, offices and account teams of customers."""

from __future__ import annotations

import pytest

from akrab.customers.models import AccountMember, Customer
from akrab.customers.operations.assigning import (
    SomebodyOwnsIt,
    assign_customers,
    hand_over_customers,
    join_accounts,
    leave_accounts,
    take_customers,
)
from akrab.customers.queries.choosing import Choice
from akrab.customers.queries.listing import list_customers
from akrab.customers.tests.factories import make_customer, make_customers
from akrab.platform.models import Share, User
from akrab.platform.refusal import Forbidden, Invalid, NotFound
from akrab.platform.tests.factories import NOON, acting, facts_recorded, make_actor, make_person, make_rule, make_share, make_team

pytestmark = pytest.mark.django_db
DEWI = make_actor("manager")


@pytest.fixture
def budi() -> User:
    return make_person("Budi")


def whose(by: User, whose: str) -> list[str]:
    return [one.display_name for one in list_customers(by=acting(by), choice=Choice(whose=whose)).page.items]


def test_customers_get_an_owner_and_an_office_at_once(budi: User) -> None:
    customers = make_customers(["Anisa", "Bagus", "Citra"], owner=None)
    team = make_team("Bandung")

    facts = assign_customers(
        by=DEWI, customer_ids=[one.pk for one in customers], change={"owner": budi.pk, "team": team.pk}, at=NOON
    )

    assert [(one.owner_name, one.owner_before, one.team_name) for one in facts] == [("Budi", "", "Bandung")] * 3
    assert Customer.objects.filter(owner=budi, team=team, people=[budi.pk], version=2).count() == 3
    assert facts_recorded() == ["customers.customer_assigned"] * 3


def test_what_is_so_already_is_no_news(budi: User) -> None:
    customer = make_customer(owner=budi)

    assert assign_customers(by=DEWI, customer_ids=[customer.pk], change={"owner": budi.pk}, at=NOON) == []
    assert facts_recorded() == []


def test_only_active_people_and_open_teams_are_given_customers() -> None:
    customer = make_customer()

    with pytest.raises(Invalid):
        assign_customers(by=DEWI, customer_ids=[customer.pk], change={"owner": make_person("Gone", is_active=False).pk}, at=NOON)
    with pytest.raises(Invalid):
        assign_customers(by=DEWI, customer_ids=[customer.pk], change={"team": make_team("Old", retired_at=NOON).pk}, at=NOON)
    assert facts_recorded() == []


def test_staff_take_customers_of_nobody_and_leave_those_of_others(budi: User) -> None:
    free, held = make_customer("Anisa"), make_customer("Bagus", owner=make_person("Rina"))

    take_customers(by=acting(budi), customer_ids=[free.pk], at=NOON)
    with pytest.raises(SomebodyOwnsIt):
        take_customers(by=acting(budi), customer_ids=[held.pk], at=NOON)
    with pytest.raises(Forbidden):
        assign_customers(by=acting(budi), customer_ids=[held.pk], change={"owner": budi.pk}, at=NOON)

    assert whose(budi, "mine") == ["Anisa"]


def test_one_out_of_reach_refuses_the_whole_set(budi: User) -> None:
    dewi = make_person("Dewi", "manager")
    mine, other = make_customer("Anisa", owner=dewi), make_customer("Bagus")
    make_rule("own", role="manager")

    with pytest.raises(NotFound):
        assign_customers(by=acting(dewi), customer_ids=[mine.pk, other.pk], change={"owner": budi.pk}, at=NOON)

    assert Customer.objects.filter(owner=budi).count() == 0


def test_people_join_and_leave_the_account_team(budi: User) -> None:
    rina = make_person("Rina")
    customer = make_customer("Anisa", owner=rina)

    [joined] = join_accounts(by=DEWI, customer_ids=[customer.pk], person_id=budi.pk, role="service", at=NOON)
    assert (joined.person_name, joined.role) == ("Budi", "service")
    assert join_accounts(by=DEWI, customer_ids=[customer.pk], person_id=budi.pk, role="service", at=NOON) == []
    assert join_accounts(by=DEWI, customer_ids=[customer.pk], person_id=rina.pk, role="second", at=NOON) == []
    assert whose(budi, "mine") == ["Anisa"]

    leave_accounts(by=DEWI, customer_ids=[customer.pk], person_id=budi.pk, at=NOON)
    assert whose(budi, "mine") == []
    customer.refresh_from_db()
    assert customer.people == [rina.pk]


def test_an_owner_is_not_beside_the_owner(budi: User) -> None:
    customer = make_customer("Anisa")
    join_accounts(by=DEWI, customer_ids=[customer.pk], person_id=budi.pk, role="second", at=NOON)

    assign_customers(by=DEWI, customer_ids=[customer.pk], change={"owner": budi.pk}, at=NOON)

    assert AccountMember.objects.count() == 0


def test_a_change_of_owner_keeps_shares_or_drops_them(budi: User) -> None:
    customer = make_customer("Anisa")
    make_share(customer.pk, person=make_person("Rina"))

    assign_customers(by=DEWI, customer_ids=[customer.pk], change={"owner": budi.pk}, at=NOON)
    assert Share.objects.filter(ended_at=None).count() == 1
    assign_customers(by=DEWI, customer_ids=[customer.pk], change={"owner": None}, at=NOON, keep_shares=False)
    assert Share.objects.filter(ended_at=None).count() == 0


def test_everything_of_somebody_who_leaves_is_handed_over(budi: User) -> None:
    rina = make_person("Rina")
    make_customers(["Anisa", "Bagus"], owner=budi)
    beside = make_customer("Citra", owner=rina)
    other = make_customer("Dewa")
    for one in (beside, other):
        join_accounts(by=DEWI, customer_ids=[one.pk], person_id=budi.pk, role="second", at=NOON)

    moved = hand_over_customers(by=DEWI, from_id=budi.pk, to_id=rina.pk, at=NOON)

    assert moved == 4
    assert whose(budi, "mine") == []
    assert whose(rina, "mine") == ["Anisa", "Bagus", "Citra", "Dewa"]
    assert facts_recorded("customers.customer_assigned") == ["customers.customer_assigned"] * 2


def test_lists_of_mine_of_my_team_and_of_nobody(budi: User) -> None:
    rina = make_person("Rina")
    team = make_team("Sales", members=[budi, rina])
    make_customer("Anisa", owner=budi)
    make_customer("Bagus", owner=rina)
    make_customer("Citra", team=team)
    make_customer("Dewa")

    assert whose(budi, "mine") == ["Anisa"]
    assert whose(budi, "team") == ["Anisa", "Bagus", "Citra"]
    assert whose(budi, "nobody") == ["Citra", "Dewa"]
