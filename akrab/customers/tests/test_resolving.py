"""Resolution at intake: one customer per person, never three hundred people in one."""

from __future__ import annotations

import pytest

from akrab.customers.models import BlockedIdentifier, Customer, Identifier, ReviewItem
from akrab.customers.operations.resolving import Contact, resolve_contacts
from akrab.platform.actor import SYSTEM
from akrab.platform.tests.factories import NOON, facts_recorded

pytestmark = pytest.mark.django_db


def resolve(*contacts: Contact) -> list[object]:
    return list(resolve_contacts(by=SYSTEM, contacts=contacts, at=NOON))


def contact(name: str = "", **identifiers: str) -> Contact:
    return Contact(tuple(identifiers.items()), name=name)


@pytest.mark.parametrize("written", ["0812-3456-7890", "62 812 3456 7890", "+62 (812) 34567890", "+6281234567890"])
def test_one_phone_is_one_customer_however_it_is_written(written: str) -> None:
    first, second = resolve(contact(phone="081234567890"), contact(phone=written))

    assert first == second
    assert Identifier.objects.get().key == "+6281234567890"


def test_a_one_word_name_is_kept_as_it_is() -> None:
    resolve(contact(name="Suharto", email="suharto@contoh.id"))

    customer = Customer.objects.get()
    assert (customer.display_name, customer.given_name, customer.family_name) == ("Suharto", "", "")


@pytest.mark.parametrize("value", ["", "-", "0", "000000", "null", "anonymous", "N/A", "1111111111"])
def test_a_value_that_says_nothing_identifies_nobody(value: str) -> None:
    assert resolve(contact(phone=value)) == [None]
    assert facts_recorded() == []


def test_a_blocked_value_identifies_nobody() -> None:
    BlockedIdentifier.objects.create(kind="phone", key="+6281100000000", reason="The shop's own phone")

    assert resolve(contact(phone="0811 0000 0000")) == [None]
    assert Customer.objects.count() == 0


def test_a_shared_tablet_with_three_hundred_sign_ups_makes_three_hundred_profiles() -> None:
    found = resolve(*[contact(email=f"tamu{n}@contoh.id", device="tablet-1") for n in range(300)])

    assert len(set(found)) == 300
    assert Customer.objects.count() == 300


def test_evidence_over_its_limit_never_joins_people_and_opens_a_review() -> None:
    found = resolve(*[contact(phone="081234567890", email=f"tamu{n}@contoh.id") for n in range(8)])

    assert len(set(found)) == 4
    assert ReviewItem.objects.filter(kind="limit").count() == 3


def test_identifiers_that_disagree_follow_the_stronger_one_and_open_a_review() -> None:
    ann, ben = resolve(contact(phone="081200000001"), contact(email="ben@contoh.id"))

    both = resolve(contact(phone="081200000001", email="ben@contoh.id"))

    assert both == [ann]
    review = ReviewItem.objects.get(kind="conflict")
    assert (review.customer_id, review.other_id) == (ann, ben)


def test_a_card_beats_a_phone() -> None:
    by_card, _by_phone = resolve(contact(card="AK-1"), contact(phone="081200000001"))

    assert resolve(contact(phone="081200000001", card="ak 1")) == [by_card]


def test_a_known_customer_learns_a_new_identifier_once() -> None:
    resolve(contact(phone="081200000001"))

    resolve(contact(phone="081200000001", email="ann@contoh.id"))
    resolve(contact(phone="081200000001", email="ANN@contoh.id"))

    assert Identifier.objects.count() == 2
    assert facts_recorded() == ["customers.customer_registered", "customers.identifiers_added"]
