"""Rules about records and shares: who sees which customers, and who may change them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from akrab.customers.models import Customer
from akrab.customers.operations.editing import edit_customer
from akrab.customers.operations.registering import register_customer
from akrab.customers.operations.saving import CustomerMessage, save_customers
from akrab.customers.queries.choosing import Choice
from akrab.customers.queries.figures import newcomers
from akrab.customers.queries.listing import count_customers, known_cities, list_customers, pick_customers
from akrab.customers.queries.profiles import get_customer
from akrab.customers.queries.records import find_record, get_record, list_records
from akrab.customers.queries.timeline import customer_timeline
from akrab.customers.tests.factories import make_customer
from akrab.platform.actor import Actor
from akrab.platform.models import Membership, User
from akrab.platform.queries.feed import facts_after
from akrab.platform.refusal import NotFound
from akrab.platform.rights.limits import NotYoursToChange, is_limited
from akrab.platform.tests.factories import (
    NOON,
    acting,
    facts_recorded,
    make_actor,
    make_person,
    make_rule,
    make_share,
    make_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def budi() -> User:
    return make_person("Budi")


@pytest.fixture
def rina() -> User:
    return make_person("Rina")


def seen(by: Actor) -> list[str]:
    return [one.display_name for one in list_customers(by=by, choice=Choice()).page.items]


def test_without_rules_everybody_sees_all(budi: User, rina: User) -> None:
    make_customer("Anisa", owner=rina)
    make_customer("Bagus")

    assert seen(acting(budi)) == ["Anisa", "Bagus"]
    assert not is_limited(acting(budi), "customers.customer")


def test_own_means_owner_or_account_team(budi: User, rina: User) -> None:
    make_customer("Anisa", owner=budi)
    make_customer("Bagus", owner=rina)
    make_customer("Citra", owner=rina, people=[rina.pk, budi.pk])
    make_customer("Dewa")
    make_rule("own", role="staff")

    assert seen(acting(budi)) == ["Anisa", "Citra"]
    assert seen(make_actor("manager")) == ["Anisa", "Bagus", "Citra", "Dewa"]


def test_team_means_colleagues_and_the_teams_below(budi: User, rina: User) -> None:
    sales = make_team("Sales", members=[budi])
    bandung = make_team("Bandung", members=[rina], parent=sales)
    make_customer("Anisa", owner=rina)
    make_customer("Bagus", team=bandung)
    make_customer("Citra", owner=budi)
    make_customer("Dewa", owner=make_person("Tono"))
    make_rule("team", role="staff")

    assert seen(acting(budi)) == ["Anisa", "Bagus", "Citra"]
    assert seen(acting(rina)) == ["Anisa", "Bagus"]


def test_who_has_left_a_team_sees_its_customers_no_more(budi: User) -> None:
    team = make_team("Sales", members=[budi])
    make_customer("Bagus", team=team)
    make_rule("team", role="staff")
    Membership.objects.update(until=date(2021, 1, 1))

    assert seen(acting(budi)) == []


def test_a_lead_belongs_to_the_team(budi: User) -> None:
    make_customer("Bagus", team=make_team("Sales", lead=budi))
    make_rule("team", role="staff")

    assert seen(acting(budi)) == ["Bagus"]


def test_a_rule_for_a_team_speaks_to_the_teams_below_and_to_nobody_else(budi: User, rina: User) -> None:
    make_team("Bandung", members=[rina], parent=(sales := make_team("Sales")))
    make_customer("Anisa", owner=rina)
    make_customer("Bagus")
    make_rule("own", team=sales)

    assert seen(acting(rina)) == ["Anisa"]
    assert seen(acting(budi)) == ["Anisa", "Bagus"]


def test_a_filter_and_a_denial_narrow(budi: User) -> None:
    make_customer("Anisa", city="Bandung")
    make_customer("Bagus", city="Bandung", stage="lapsed")
    make_customer("Citra", city="Medan")
    make_rule("filter", person=budi, filter=[["city", "is", "Bandung"]])
    make_rule("filter", effect="deny", filter=[["stage", "is", "lapsed"]])

    assert seen(acting(budi)) == ["Anisa"]


def test_rules_for_one_person_add_up(budi: User) -> None:
    make_customer("Anisa", city="Bandung")
    make_customer("Bagus", owner=budi)
    make_customer("Citra")
    make_rule("filter", role="staff", filter=[["city", "is", "Bandung"]])
    make_rule("own", person=budi)

    assert seen(acting(budi)) == ["Anisa", "Bagus"]


def test_a_share_opens_one_customer_until_it_expires(budi: User) -> None:
    anisa, bagus = make_customer("Anisa"), make_customer("Bagus")
    make_rule("own", role="staff")
    make_share(anisa.pk, person=budi)
    make_share(bagus.pk, person=budi, expires_at=datetime.now(UTC) - timedelta(minutes=1))

    assert seen(acting(budi)) == ["Anisa"]


def test_a_share_to_a_team_reaches_its_members(budi: User) -> None:
    anisa = make_customer("Anisa")
    make_rule("own", role="staff")
    make_share(anisa.pk, team=make_team("Sales", members=[budi]))

    assert seen(acting(budi)) == ["Anisa"]


def test_a_denial_is_stronger_than_a_share(budi: User) -> None:
    anisa = make_customer("Anisa", city="Medan")
    make_rule("filter", effect="deny", role="staff", filter=[["city", "is", "Medan"]])
    make_share(anisa.pk, person=budi)

    assert seen(acting(budi)) == []


def test_the_administrator_and_the_system_are_not_limited(budi: User) -> None:
    make_customer("Anisa")
    make_rule("own")

    assert seen(acting(make_person("Sari", "administrator"))) == ["Anisa"]
    assert seen(make_actor("administrator", kind="command")) == ["Anisa"]
    assert seen(acting(budi)) == []


def test_a_key_sees_what_its_person_sees(budi: User) -> None:
    make_customer("Anisa", owner=budi)
    make_customer("Bagus")
    make_rule("own", role="staff")

    assert seen(acting(budi, kind="key", id="a key", person=str(budi.pk))) == ["Anisa"]
    assert seen(acting(budi, kind="key", id="a key")) == []


class Paths:
    """One hidden and one seen customer, for every way to read."""

    def __init__(self, budi: User) -> None:
        self.mine = make_customer("Anisa Mine", owner=budi, city="Bandung", phone="+628110001")
        self.other = make_customer("Anisa Other", city="Medan", phone="+628110002")
        make_rule("own", role="staff")
        self.by = acting(budi)


def test_no_way_of_reading_shows_a_customer_out_of_reach(budi: User) -> None:
    it = Paths(budi)

    assert [one.pk for one in pick_customers(by=it.by, words="Anisa")] == [it.mine.pk]
    assert pick_customers(by=it.by, words="+628110002") == []
    assert count_customers(by=it.by, choice=Choice()).number == 1
    assert known_cities(by=it.by) == ["Bandung"]
    assert newcomers(by=it.by, at=NOON).week == 1
    assert [row.id for row in list_records(by=it.by, filters={}, search="Anisa")[0]] == [it.mine.pk]
    assert find_record(by=it.by, kind="phone", value="+628110002") is None
    for read in (get_customer, get_record, customer_timeline):
        with pytest.raises(NotFound):
            read(by=it.by, customer_id=it.other.pk)


def test_nobody_at_all_is_seen_when_rules_leave_nothing(budi: User) -> None:
    make_customer("Anisa")
    make_rule("shared", role="staff")

    assert list_records(by=acting(budi), filters={})[0] == []


def test_another_spelling_is_offered_only_from_names_within_reach(budi: User) -> None:
    make_customer("Wijaya Mine", owner=budi)
    make_customer("Wijayo Other")
    make_rule("own", role="staff")

    found = list_customers(by=acting(budi), choice=Choice(words="wijayb"))

    assert [one.display_name for one in found.page.items] == ["Wijaya Mine"]
    assert found.respelt == [("wijayb", "wijaya")]


@pytest.mark.parametrize("hidden", [{"name": "Wijayb Other"}, {"name": "Other", "city": "Wijayb"}])
def test_a_name_or_city_out_of_reach_changes_nothing_about_what_a_search_finds(budi: User, hidden: dict[str, str]) -> None:
    make_customer("Wijaya Mine", owner=budi)
    make_rule("own", role="staff")
    make_customer(**hidden)

    for words in ("wijayb", "wijayb mine", "mina wijayb"):
        found = list_customers(by=acting(budi), choice=Choice(words=words))
        assert [one.display_name for one in found.page.items] == ["Wijaya Mine"]
        assert ("wijayb", "wijaya") in found.respelt


@pytest.mark.django_db(transaction=True)
def test_the_feed_leaves_out_facts_about_customers_out_of_reach() -> None:
    it = Paths(make_person("Budi"))
    for customer in (it.mine, it.other):
        edit_customer(by=make_actor(), customer_id=customer.pk, changes={"city": "Solo"}, at=NOON)

    rows, _position = facts_after(by=it.by)

    assert [row.customer_id for row in rows] == [it.mine.pk]


def test_a_rule_about_editing_leaves_reading_alone(budi: User) -> None:
    mine, other = make_customer("Anisa", owner=budi), make_customer("Bagus")
    make_rule("own", role="staff", level="edit")

    assert seen(acting(budi)) == ["Anisa", "Bagus"]
    edit_customer(by=acting(budi), customer_id=mine.pk, changes={"city": "Solo"}, at=NOON)
    with pytest.raises(NotYoursToChange):
        edit_customer(by=acting(budi), customer_id=other.pk, changes={"city": "Solo"}, at=NOON)
    other.refresh_from_db()
    assert other.city == ""
    assert facts_recorded() == ["customers.customer_edited"]


def test_who_may_not_see_may_not_edit_either(budi: User) -> None:
    other = make_customer("Bagus")
    make_rule("own", role="staff")

    with pytest.raises(NotFound):
        edit_customer(by=acting(budi), customer_id=other.pk, changes={"city": "Solo"}, at=NOON)


def test_a_share_to_see_does_not_allow_to_edit_and_one_to_edit_does(budi: User) -> None:
    looked_at, worked_on = make_customer("Anisa"), make_customer("Bagus")
    make_rule("own", role="staff")
    make_share(looked_at.pk, person=budi)
    make_share(worked_on.pk, person=budi, level="edit")

    edit_customer(by=acting(budi), customer_id=worked_on.pk, changes={"city": "Solo"}, at=NOON)
    with pytest.raises(NotYoursToChange):
        edit_customer(by=acting(budi), customer_id=looked_at.pk, changes={"city": "Solo"}, at=NOON)


def test_whoever_is_limited_owns_the_customers_that_they_register(budi: User) -> None:
    make_rule("own", role="staff")
    register_customer(by=acting(budi), fields={"display_name": "Anisa"}, at=NOON)
    messages = [CustomerMessage({"display_name": name}, (("card", "7"),)) for name in ("Bagus", "Bagus S")]
    saved = save_customers(by=acting(budi), customers=messages, at=NOON)

    assert [one.result for one in saved] == ["created", "updated"]
    assert seen(acting(budi)) == ["Anisa", "Bagus S"]


def test_a_batch_takes_what_is_theirs_and_refuses_the_rest_row_by_row(budi: User) -> None:
    mine = make_customer("Anisa", owner=budi, phone="+628110001")
    make_customer("Bagus", phone="+628110002")
    make_rule("own", role="staff")
    messages = [CustomerMessage({"city": "Solo"}, (("phone", f"+62811000{last}"),)) for last in (1, 2)]

    saved = save_customers(by=acting(budi), customers=messages, at=NOON)

    assert [(one.result, one.customer_id, one.code) for one in saved] == [
        ("updated", mine.pk, ""),
        ("error", None, "not_yours_to_change"),
    ]
    assert Customer.objects.filter(city="Solo").count() == 1


def test_standing_is_read_once_for_an_actor(budi: User, django_assert_num_queries: object) -> None:
    make_customer("Anisa", owner=budi)
    make_rule("own", role="staff")
    by = acting(budi)
    is_limited(by, "customers.customer")

    with django_assert_num_queries(2):  # type: ignore[operator]
        assert seen(by) == ["Anisa"]


def test_an_unknown_person_owns_nothing() -> None:
    make_customer("Anisa", people=[UUID(int=0)])
    make_rule("own")

    assert seen(make_actor("staff")) == []
