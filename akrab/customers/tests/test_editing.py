"""Registering and editing customers, their identifiers and relationships, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from akrab.customers.models import BlockedIdentifier, Customer, Identifier, Relationship, ReviewItem
from akrab.customers.operations.editing import EditConflict, edit_customer
from akrab.customers.operations.identifying import (
    IdentifierTaken,
    IdentifiesNobody,
    TooManyIdentifiers,
    add_identifier,
    remove_identifier,
)
from akrab.customers.operations.registering import register_customer
from akrab.customers.operations.relating import RelatedToSelf, end_relationship, relate_customers
from akrab.customers.operations.settling import settle_review
from akrab.customers.queries.profiles import known_already, relations_of
from akrab.customers.tests.factories import make_customer, make_identifier
from akrab.platform.refusal import Forbidden, Invalid, NotFound, StaleVersion
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("staff")


def edit(customer: Customer, changes: dict[str, Any], **options: Any) -> dict[str, list[str]]:
    return edit_customer(by=ANN, customer_id=customer.pk, changes=changes, at=NOON, **options).changes


def test_a_one_word_name_registers_and_stays_one_word() -> None:
    fact = register_customer(by=ANN, fields={"display_name": " Suharto ", "kind": "person"}, at=NOON)

    made = Customer.objects.get(pk=fact.customer_id)
    assert (made.display_name, made.given_name, made.family_name) == ("Suharto", "", "")
    assert facts_recorded() == ["customers.customer_registered"]


def test_a_nameless_customer_is_refused() -> None:
    with pytest.raises(Invalid):
        register_customer(by=ANN, fields={"display_name": "  "}, at=NOON)

    assert Customer.objects.count() == 0
    assert facts_recorded() == []


def test_a_phone_number_of_somebody_else_is_refused_and_nothing_is_kept() -> None:
    make_customer("Ayu", phone="+6281234567890")

    with pytest.raises(IdentifierTaken) as refusal:
        register_customer(by=ANN, fields={"display_name": "Budi", "phone": "0812 3456 7890"}, at=NOON)

    assert refusal.value.details["name"] == "Ayu"
    assert [one.display_name for one in Customer.objects.all()] == ["Ayu"]


def test_somebody_who_may_be_known_already_is_found_by_phone_and_by_name() -> None:
    ayu = make_customer("Ayu", phone="+6281234567890")
    sari = make_customer("Sari")

    assert known_already(by=ANN, values=[("phone", "0812-3456-7890")], name="SARI") == [ayu, sari]
    assert known_already(by=ANN, values=[("phone", "")], name="") == []


def test_an_edit_tells_old_and_new_and_raises_the_version() -> None:
    ayu = make_customer("Ayu", city="Bandung")

    assert edit(ayu, {"city": "Bogor", "display_name": "Ayu"}) == {"city": ["Bandung", "Bogor"]}

    ayu.refresh_from_db()
    assert (ayu.city, ayu.version) == ("Bogor", 2)
    assert facts_recorded() == ["customers.customer_edited"]


def test_an_edit_that_changes_nothing_is_not_recorded() -> None:
    assert edit(make_customer("Ayu"), {"display_name": "Ayu"}) == {}
    assert facts_recorded() == []


def test_two_edits_of_different_fields_merge() -> None:
    ayu = make_customer("Ayu", city="Bandung")
    seen = {"city": "Bandung", "honorific": ""}

    edit(ayu, {"city": "Bogor", "honorific": ""}, was=seen)
    edit(ayu, {"city": "Bandung", "honorific": "Ibu"}, was=seen)

    ayu.refresh_from_db()
    assert (ayu.city, ayu.honorific) == ("Bogor", "Ibu")


def test_two_edits_of_one_field_show_both_to_the_later_editor() -> None:
    ayu = make_customer("Ayu", city="Bandung")
    edit(ayu, {"city": "Bogor"}, was={"city": "Bandung"})

    with pytest.raises(EditConflict) as conflict:
        edit(ayu, {"city": "Depok"}, was={"city": "Bandung"})

    assert conflict.value.fields == {"city": ("Bandung", "Bogor", "Depok")}
    assert Customer.objects.get().city == "Bogor"


def test_two_editors_who_agree_do_not_clash() -> None:
    ayu = make_customer("Ayu", born_on=None)
    edit(ayu, {"born_on": date(1990, 1, 2)}, was={"born_on": None})

    assert edit(ayu, {"born_on": date(1990, 1, 2)}, was={"born_on": None}) == {}


def test_an_old_version_without_what_was_seen_is_refused() -> None:
    ayu = make_customer("Ayu", version=3)

    with pytest.raises(StaleVersion):
        edit(ayu, {"city": "Bogor"}, version=2)


@pytest.mark.parametrize("changes", [{"spend": 5}, {"stage": "loyal"}, {"display_name": " "}])
def test_figures_and_the_name_of_nobody_cannot_be_edited(changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        edit(make_customer("Ayu"), changes)


def test_a_new_phone_number_identifies_its_customer_too() -> None:
    ayu = make_customer("Ayu")

    edit(ayu, {"phone": "0812 3456 7890"})

    assert list(Identifier.objects.values_list("kind", "key", "customer")) == [("phone", "+6281234567890", ayu.pk)]


def test_an_identifier_is_added_once_and_removed() -> None:
    ayu = make_customer("Ayu")
    add_identifier(by=ANN, customer_id=ayu.pk, kind="card", value="AB 12", at=NOON)
    add_identifier(by=ANN, customer_id=ayu.pk, kind="card", value="ab12", at=NOON)
    card = Identifier.objects.get()

    remove_identifier(by=ANN, customer_id=ayu.pk, identifier_id=card.pk, at=NOON)

    assert Identifier.objects.count() == 0
    assert facts_recorded() == ["customers.identifiers_added", "customers.identifier_removed"]


@pytest.mark.parametrize("value", ["", "0000", "none"])
def test_what_identifies_nobody_is_refused(value: str) -> None:
    with pytest.raises(IdentifiesNobody):
        add_identifier(by=ANN, customer_id=make_customer("Ayu").pk, kind="phone", value=value, at=NOON)


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("phone", "0812", "“0812” is not a whole phone number."),
        ("whatsapp", "siti", "“siti” is not a whole phone number."),
        ("email", "siti@", "“siti@” is not an e-mail address."),
        ("card", "0000", "“0000” stands for nothing, so it cannot identify anybody."),
        ("phone", "0811 0000 000", "“0811 0000 000” is blocked, so it identifies nobody: The shop's own phone"),
    ],
)
def test_a_refused_identifier_is_told_why(kind: str, value: str, why: str) -> None:
    BlockedIdentifier.objects.create(kind="phone", key="+628110000000", reason="The shop's own phone")

    with pytest.raises(IdentifiesNobody) as refused:
        add_identifier(by=ANN, customer_id=make_customer("Ayu").pk, kind=kind, value=value, at=NOON)

    assert str(refused.value).startswith(why)
    assert Identifier.objects.count() == 0


def test_a_sixth_card_is_too_many() -> None:
    ayu = make_customer("Ayu")
    for number in range(5):
        make_identifier(ayu, "card", f"C{number}")

    with pytest.raises(TooManyIdentifiers):
        add_identifier(by=ANN, customer_id=ayu.pk, kind="card", value="C9", at=NOON)

    assert Identifier.objects.count() == 5


def test_the_identifier_of_another_customer_is_not_removed() -> None:
    card = make_identifier(make_customer("Ayu"), "card", "C1")

    with pytest.raises(NotFound):
        remove_identifier(by=ANN, customer_id=make_customer("Budi").pk, identifier_id=card.pk, at=NOON)

    assert Identifier.objects.count() == 1


def test_both_sides_see_a_relationship_and_both_timelines_tell_it() -> None:
    ayu, sinar = make_customer("Ayu"), make_customer("PT Sinar", kind="company")

    relate_customers(by=ANN, customer_id=ayu.pk, other_id=sinar.pk, kind="works_at", note="kasir", at=NOON)

    [hers], [theirs] = relations_of(by=ANN, customer_id=ayu.pk), relations_of(by=ANN, customer_id=sinar.pk)
    assert (hers.other_name, hers.is_outgoing, theirs.other_name, theirs.is_outgoing) == ("PT Sinar", True, "Ayu", False)
    assert facts_recorded() == ["customers.relationship_changed"] * 2


def test_a_relationship_ends_from_either_side() -> None:
    ayu, sinar = make_customer("Ayu"), make_customer("PT Sinar")
    relate_customers(by=ANN, customer_id=ayu.pk, other_id=sinar.pk, kind="works_at", at=NOON)

    end_relationship(by=ANN, customer_id=sinar.pk, relationship_id=Relationship.objects.get().pk, at=NOON)

    assert Relationship.objects.count() == 0


def test_nobody_is_related_to_themselves() -> None:
    ayu = make_customer("Ayu")

    with pytest.raises(RelatedToSelf):
        relate_customers(by=ANN, customer_id=ayu.pk, other_id=ayu.pk, kind="household", at=NOON)


def test_a_review_item_is_settled_once() -> None:
    ayu = make_customer("Ayu")
    item = ReviewItem.objects.create(kind="limit", customer=ayu, evidence={}, evidence_key="card:1", opened_at=NOON)
    settle_review(by=ANN, review_id=item.pk, at=NOON)

    with pytest.raises(NotFound):
        settle_review(by=ANN, review_id=item.pk, at=NOON)

    assert facts_recorded() == ["customers.review_settled"]


def test_readers_edit_nothing() -> None:
    ayu, reader = make_customer("Ayu"), make_actor("readonly")

    with pytest.raises(Forbidden):
        edit_customer(by=reader, customer_id=ayu.pk, changes={"city": "Bogor"}, at=NOON)
    with pytest.raises(Forbidden):
        register_customer(by=reader, fields={"display_name": "Budi"}, at=NOON)

    assert facts_recorded() == []
