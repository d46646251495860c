"""The panel of who works for a customer, sharing, handing over, and the reasons behind it."""

from __future__ import annotations

import pytest
from django.test import Client

from akrab.customers.models import Customer
from akrab.customers.queries.accounts import account_of
from akrab.customers.tests.factories import make_customer
from akrab.platform.facts import record
from akrab.platform.models import Share, User
from akrab.platform.rights.explaining import explain
from akrab.platform.tests.factories import (
    NOON,
    CustomerMet,
    acting,
    make_actor,
    make_field_rule,
    make_person,
    make_rule,
    make_share,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dewi(client: Client) -> User:
    person = make_person("Dewi", "manager")
    client.force_login(person)
    return person


def test_a_customer_is_taken_assigned_and_shared(client: Client, dewi: User) -> None:
    customer, budi = make_customer("Anisa"), make_person("Budi")
    account, shares = f"/customers/{customer.pk}/account/", f"/shares/customers.customer/{customer.pk}/"

    client.post(f"{account}taking/")
    assert Customer.objects.get().owner == dewi
    client.post(f"{account}people/", {"person": str(budi.pk), "role": "service"})
    assert "Budi" in client.get(account).content.decode()
    client.post(account, {"owner": str(budi.pk), "team": "", "keep_shares": "on"})
    assert Customer.objects.get().owner == budi
    client.post(shares, {"receiver": f"person:{dewi.pk}", "level": "edit"})

    assert Share.objects.filter(person=dewi, level="edit", record_id=customer.pk).count() == 1
    assert "No rule limits anybody." in client.get(shares).content.decode()


def test_what_somebody_holds_is_handed_over(client: Client, dewi: User) -> None:
    budi = make_person("Budi")
    make_customer("Anisa", owner=budi)
    page = f"/customers/held-by/{budi.pk}/"

    assert "Owns or works for 1 customer." in client.get(page).content.decode()
    client.post(page, {"to": str(dewi.pk)})

    assert Customer.objects.get().owner == dewi


def test_two_who_work_on_one_prospect_are_told() -> None:
    customer = make_customer("Anisa")
    for name in ("Budi", "Rina"):
        record([CustomerMet(customer_id=customer.pk, met_at=NOON)], by=acting(make_person(name)))

    assert account_of(by=make_actor("manager"), customer_id=customer.pk, at=NOON).rivals == ["Budi", "Rina"]


def test_the_inspector_names_the_rule() -> None:
    budi = make_person("Budi")
    mine, other = make_customer("Anisa", owner=budi), make_customer("Bagus")
    rule, field = make_rule("own", role="staff"), make_field_rule("phone", "masked", role="staff")

    yes = explain(by=make_actor(), email="budi@example.com", object="customers.customer", record_id=mine.pk)
    no = explain(by=make_actor(), email="budi@example.com", object="customers.customer", record_id=other.pk, field="phone")

    assert [(one.level, one.allowed, one.rule_id) for one in yes.levels] == [("read", True, rule.pk), ("edit", True, rule.pk)]
    assert [(one.allowed, one.rule_id) for one in no.levels] == [(False, rule.pk), (False, rule.pk)]
    assert no.levels[0].reason == "Their role: see only customers of their own. This is not one of them."
    assert [(one[1], one[3]) for one in no.fields] == [("masked", field.pk)]

    make_share(other.pk, person=budi)
    shared = explain(by=make_actor(), email="budi@example.com", object="customers.customer", record_id=other.pk)
    assert [(one.allowed, one.reason) for one in shared.levels[:1]] == [(True, "It is shared with them.")]
