"""Who owns a customer, over the API."""

from __future__ import annotations

import pytest

from akrab.customers.models import Customer
from akrab.customers.tests.factories import make_customer
from akrab.platform.models import User
from akrab.platform.tests.factories import facts_recorded, make_person, make_team
from akrab.platform.tests.programs import Program, make_program, problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Program:
    return make_program()


@pytest.fixture
def budi() -> User:
    return make_person("Budi")


def test_a_customer_says_who_owns_it_and_is_given_to_another(program: Program, budi: User) -> None:
    ayu = make_customer("Ayu")

    changed = program.ask("PATCH", f"/customers/{ayu.pk}", {"city": "Medan", "owner": str(budi.pk)})

    assert (changed.status_code, changed.json()["owner"], changed.json()["city"]) == (200, str(budi.pk), "Medan")
    assert program.reads(f"/customers/{ayu.pk}")["owner"] == str(budi.pk)
    assert program.ask("PATCH", f"/customers/{ayu.pk}", {"owner": None}).json()["owner"] is None
    assert facts_recorded("customers.customer_assigned") == ["customers.customer_assigned"] * 2


def test_an_owner_who_is_not_there_changes_nothing_else_either(program: Program) -> None:
    ayu = make_customer("Ayu", city="Solo")

    response = program.ask("PATCH", f"/customers/{ayu.pk}", {"city": "Medan", "owner": str(ayu.pk)})

    assert problem_of(response) == (422, "invalid")
    ayu.refresh_from_db()
    assert (ayu.city, ayu.owner_id) == ("Solo", None)


def test_a_list_is_assigned_in_one_request(program: Program, budi: User) -> None:
    team = make_team("Jakarta")
    ayu, bagus = make_customer("Ayu"), make_customer("Bagus", owner=budi, team=team)
    body = {"customer_ids": [str(ayu.pk), str(bagus.pk)], "owner": str(budi.pk), "team": str(team.pk)}

    answer = program.ask("POST", "/customers:assign", body)

    assert (answer.status_code, answer.json()) == (200, {"changed": [str(ayu.pk)]})
    assert set(Customer.objects.values_list("owner_id", "team_id")) == {(budi.pk, team.pk)}


def test_an_assignment_of_nothing_is_refused(program: Program) -> None:
    assert problem_of(program.ask("POST", "/customers:assign", {"customer_ids": [str(make_customer("Ayu").pk)]})) == (
        422,
        "invalid",
    )


def test_only_who_may_assign_gives_customers_away(budi: User) -> None:
    ayu = make_customer("Ayu")
    staff = make_program(role="staff")

    assert problem_of(staff.ask("PATCH", f"/customers/{ayu.pk}", {"owner": str(budi.pk)})) == (403, "forbidden")
    assert Customer.objects.get().owner_id is None
