"""Rules by branch: whoever belongs to a branch sees its receipts, and no others, on every way to them."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from akrab.commerce.models import Branch
from akrab.commerce.operations.closing import note_closing
from akrab.commerce.queries.catalog import closing_days
from akrab.commerce.queries.choosing import ReceiptChoice, list_receipts
from akrab.commerce.queries.rates import waiting_for_rates
from akrab.commerce.queries.receipts import get_receipt
from akrab.commerce.tests.factories import get_receipt as receipt
from akrab.commerce.tests.factories import make_line, make_message, take
from akrab.platform.models import UnitMember, User
from akrab.platform.operations.organization import choose_units
from akrab.platform.refusal import Invalid, NotFound
from akrab.platform.tests.factories import NOON, acting, facts_recorded, make_actor, make_person, make_rule, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def budi() -> User:
    return make_person("Budi", "staff")


def branch(code: str) -> UUID:
    return Branch.objects.get(code=code).pk


def two_branches() -> None:
    take(make_message("A-1", branch="SUDIRMAN"), make_message("B-1", branch="THAMRIN"))


def test_a_person_sees_the_receipts_of_their_branches(budi: User, client: Client) -> None:
    two_branches()
    make_rule("unit", about="commerce.receipt", role="staff")
    choose_units(by=make_actor(), person_id=budi.pk, kind="branch", unit_ids=[branch("SUDIRMAN")], at=NOON)
    by = acting(budi)
    client.force_login(budi)

    assert [one.number for one in list_receipts(by=by, choice=ReceiptChoice()).items] == ["A-1"]
    with pytest.raises(NotFound):
        get_receipt(by=by, receipt_id=receipt("B-1").pk)
    assert client.get(f"/commerce/receipts/{receipt('B-1').pk}/").status_code == 404
    assert "B-1" not in client.get("/commerce/receipts/").content.decode()


def test_who_belongs_to_no_branch_sees_no_receipt(budi: User) -> None:
    two_branches()
    make_rule("unit", about="commerce.receipt", role="staff")

    assert list_receipts(by=acting(budi), choice=ReceiptChoice()).items == []


def test_what_waits_for_a_rate_and_what_tills_counted_is_told_of_ones_own_branches(budi: User) -> None:
    take(*(make_message(f"{code}-1", branch=code, currency="USD") for code in ("SUDIRMAN", "THAMRIN")))
    for code in ("SUDIRMAN", "THAMRIN"):
        note_closing(by=make_actor(), branch=code, business_on=NOON.date(), receipts=1, total=1, currency="IDR", at=NOON)
    make_rule("unit", about="commerce.receipt", role="staff")
    choose_units(by=make_actor(), person_id=budi.pk, kind="branch", unit_ids=[branch("SUDIRMAN")], at=NOON)

    waiting = {by.label: [one.receipts for one in waiting_for_rates(by=by)] for by in (acting(budi), make_actor())}
    days = closing_days(by=acting(budi), since=NOON.date(), until=NOON.date())

    assert waiting == {"Budi": [1], "Administrator": [2]}
    assert [(one.branch, one.currency, one.till_receipts) for one in days] == [("SUDIRMAN", "IDR", 1), ("SUDIRMAN", "USD", None)]


def test_who_sees_only_some_receipts_of_a_branch_is_not_told_what_its_till_counted(budi: User) -> None:
    take(make_message("1"), make_message("2", lines=(make_line(quantity=2),)))
    note_closing(
        by=make_actor(), branch="SUDIRMAN", business_on=NOON.date(), receipts=9, total=9_000_000, currency="IDR", at=NOON
    )
    make_rule("filter", about="commerce.receipt", role="staff", filter=[["total", "at_least", 3_000_000]])

    [day] = closing_days(by=acting(budi), since=NOON.date(), until=NOON.date())

    assert (day.receipts, day.till_receipts, day.till_total) == (1, None, None)


def test_an_administrator_chooses_branches_on_the_page_of_a_person(budi: User, client: Client) -> None:
    two_branches()
    client.force_login(make_person("Ann", "administrator"))
    address = f"/users/{budi.pk}/"

    body = client.get(address).content.decode()
    saved = client.post(f"{address}units/branch/", {"unit": [str(branch("SUDIRMAN")), "guess"]})

    assert "SUDIRMAN" in body
    assert saved.status_code == 303
    assert list(UnitMember.objects.values_list("person_id", "unit_id")) == [(budi.pk, branch("SUDIRMAN"))]
    assert f'value="{branch("SUDIRMAN")}" checked' in client.get(address).content.decode()
    assert facts_recorded("platform.units") == ["platform.units_changed"]


def test_a_branch_that_is_not_there_is_refused(budi: User) -> None:
    with pytest.raises(Invalid):
        choose_units(by=make_actor(), person_id=budi.pk, kind="branch", unit_ids=[budi.pk], at=NOON)

    assert UnitMember.objects.count() == 0


def test_users_are_shown_with_their_teams(budi: User, client: Client) -> None:
    make_team("Jakarta Selatan", members=[budi])
    client.force_login(make_person("Ann", "administrator"))

    assert '<td class="only-wide">Jakarta Selatan</td>' in client.get("/users/").content.decode()
