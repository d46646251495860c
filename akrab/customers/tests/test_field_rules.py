"""Rules about fields: what is hidden or masked cannot be seen, searched, filtered, sorted, exported or written over."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from akrab.customers.models import Customer
from akrab.customers.operations.editing import edit_customer
from akrab.customers.operations.identifying import add_identifier
from akrab.customers.operations.saving import CustomerMessage, save_customers
from akrab.customers.queries.choosing import Choice
from akrab.customers.queries.exports import CUSTOMER_ROWS
from akrab.customers.queries.listing import list_customers, pick_customers
from akrab.customers.queries.profiles import get_customer, identifiers_of
from akrab.customers.queries.records import find_record, get_record, list_records
from akrab.customers.queries.timeline import customer_timeline
from akrab.customers.tests.factories import make_customer
from akrab.platform.exporting import write_export
from akrab.platform.models import User
from akrab.platform.rights.fields import FieldNotEditable, FieldNotReadable, masked
from akrab.platform.tests.factories import (
    NOON,
    acting,
    facts_recorded,
    make_actor,
    make_field_rule,
    make_person,
    make_team,
)

pytestmark = pytest.mark.django_db
PHONE = "+6281112344321"


@pytest.fixture
def budi() -> User:
    return make_person("Budi")


def anisa() -> Customer:
    return make_customer("Anisa", phone=PHONE, email="anisa@example.com", city="Bandung", spend=7700, purchase_count=3)


def test_a_masked_number_shows_its_end(budi: User) -> None:
    customer = anisa()
    make_field_rule("phone", "masked", role="staff")
    make_field_rule("email", "masked", role="staff")

    shown = get_customer(by=acting(budi), customer_id=customer.pk)

    assert (shown.phone, shown.email, shown.city) == ("•••• 4321", "a••••@example.com", "Bandung")
    assert [one.value for one in identifiers_of(by=acting(budi), customer_id=customer.pk)] == ["a••••@example.com", "•••• 4321"]
    assert get_customer(by=make_actor("manager"), customer_id=customer.pk).phone == PHONE


def test_a_hidden_field_is_nowhere(budi: User) -> None:
    customer = anisa()
    make_field_rule("phone", "hidden")
    by = acting(budi)

    assert get_customer(by=by, customer_id=customer.pk).phone == ""
    assert get_record(by=by, customer_id=customer.pk).phone == ""
    assert [one.kind for one in identifiers_of(by=by, customer_id=customer.pk)] == ["email"]
    assert list_customers(by=by, choice=Choice()).page.items[0].phone == ""


@pytest.mark.parametrize("access", ["hidden", "masked"])
@pytest.mark.parametrize("words", [PHONE, "08111234", "1234", "anisa 4321"])
def test_a_search_finds_nobody_by_a_closed_field(budi: User, access: str, words: str) -> None:
    anisa()
    make_field_rule("phone", access)
    by = acting(budi)

    assert list_customers(by=by, choice=Choice(words=words)).page.items == []
    assert pick_customers(by=by, words=words) == []
    assert list_records(by=by, filters={}, search=words)[0] == []
    assert [one.display_name for one in list_customers(by=by, choice=Choice(words="anisa band")).page.items] == ["Anisa"]
    assert len(list_records(by=by, filters={}, search="anisa example")[0]) == 1


def test_a_search_offers_no_spelling_of_a_closed_city(budi: User) -> None:
    anisa()
    before = list_customers(by=acting(budi), choice=Choice(words="bandugn"))
    make_field_rule("city", "hidden")
    after = list_customers(by=acting(budi), choice=Choice(words="bandugn"))

    assert (before.respelt, after.respelt) == ([("bandugn", "bandung")], [])
    assert ([one.display_name for one in before.page.items], after.page.items) == (["Anisa"], [])


@pytest.mark.parametrize(
    ("field", "choice"),
    [
        ("spend", {"sort": "-spend"}),
        ("spend", {"spend_from": 10}),
        ("spend", {"spend_to": 10}),
        ("purchases", {"sort": "purchases"}),
        ("purchases", {"sort": "-last_purchase"}),
        ("purchases", {"purchases_to": 3}),
        ("city", {"city": "Bandung"}),
        ("phone", {"has": ("phone",)}),
        ("traits", {"segment": "loyal"}),
        ("traits", {"is_quiet": True}),
    ],
)
def test_a_closed_field_neither_filters_nor_sorts(budi: User, field: str, choice: dict[str, Any]) -> None:
    make_field_rule(field, "hidden")

    with pytest.raises(FieldNotReadable):
        list_customers(by=acting(budi), choice=Choice(**choice))


def test_programs_cannot_filter_or_sort_by_it_either(budi: User) -> None:
    make_field_rule("spend", "masked")
    make_field_rule("city", "hidden")
    make_field_rule("phone", "hidden")
    by = acting(budi)

    with pytest.raises(FieldNotReadable):
        list_records(by=by, filters={}, order="-spend")
    with pytest.raises(FieldNotReadable):
        list_records(by=by, filters={"city": "Bandung"})
    with pytest.raises(FieldNotReadable):
        find_record(by=by, kind="phone", value=PHONE)


def test_history_does_not_tell_a_closed_field(budi: User) -> None:
    customer = anisa()
    edit_customer(by=make_actor(), customer_id=customer.pk, changes={"phone": "+6281100", "city": "Solo"}, at=NOON)
    make_field_rule("phone", "hidden")

    payload = customer_timeline(by=acting(budi), customer_id=customer.pk).entries[-1].payload

    assert payload["changes"] == {"city": ["Bandung", "Solo"]}


def test_a_file_has_no_hidden_column_and_masks_masked_ones(tmp_path: Path) -> None:
    maya = make_person("Maya", "analyst")
    anisa()
    make_field_rule("spend", "hidden", role="analyst")
    make_field_rule("email", "masked", role="analyst")

    write_export(by=acting(maya), export=CUSTOMER_ROWS, path=tmp_path / "out.csv", filters={})

    [row] = csv.DictReader((tmp_path / "out.csv").open())
    assert "spend" not in row
    assert "spend_currency" not in row
    assert (row["email"], row["phone"], row["purchase_count"]) == ("a••••@example.com", f"'{PHONE}", "3")


def test_a_file_cannot_be_narrowed_by_a_closed_field(tmp_path: Path) -> None:
    make_field_rule("city", "hidden")

    with pytest.raises(FieldNotReadable):
        write_export(
            by=acting(make_person("Maya", "analyst")),
            export=CUSTOMER_ROWS,
            path=tmp_path / "out.csv",
            filters={"city": "Bandung"},
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("access", ["hidden", "masked", "read"])
def test_what_may_not_be_edited_is_not_written_over(budi: User, access: str) -> None:
    customer = anisa()
    make_field_rule("phone", access, role="staff")
    by = acting(budi)

    with pytest.raises(FieldNotEditable):
        edit_customer(by=by, customer_id=customer.pk, changes={"phone": "+6281100"}, at=NOON)
    with pytest.raises(FieldNotEditable):
        add_identifier(by=by, customer_id=customer.pk, kind="whatsapp", value="+6281100", at=NOON)
    saved = save_customers(by=by, customers=[CustomerMessage({"phone": "+6281100"}, (("email", "anisa@example.com"),))], at=NOON)

    assert [(one.result, one.code) for one in saved] == [("error", "field_not_editable")]
    customer.refresh_from_db()
    assert customer.phone == PHONE
    assert facts_recorded() == []


def test_the_rule_that_names_a_person_most_closely_decides(budi: User) -> None:
    customer = anisa()
    make_field_rule("phone", "hidden")
    make_field_rule("phone", "masked", role="staff")
    assert get_customer(by=acting(budi), customer_id=customer.pk).phone == "•••• 4321"

    make_field_rule("phone", "hidden", team=make_team("Sales", members=[budi]))
    assert get_customer(by=acting(budi), customer_id=customer.pk).phone == ""

    make_field_rule("phone", "edit", person=budi)
    assert get_customer(by=acting(budi), customer_id=customer.pk).phone == PHONE


def test_pages_leave_closed_fields_out(client: Client, budi: User) -> None:
    customer = anisa()
    make_field_rule("phone", "masked", role="staff")
    make_field_rule("spend", "hidden", role="staff")
    client.force_login(budi)

    pages = [client.get(f"/customers/{part}").content.decode() for part in ("", f"{customer.pk}/", f"{customer.pk}/edit/")]

    assert all(PHONE not in page and "12344321" not in page for page in pages)
    assert [page[page.index("Spend") - 200 : page.index("Spend") + 60] for page in pages if "Spend" in page] == []
    assert "•••• 4321" in pages[1]
    assert 'name="phone"' not in pages[2]
    assert client.get("/customers/?sort=-spend").status_code == 403


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("", "phone", ""),
        ("+62811234", "phone", "•••• 1234"),
        ("12345", "phone", "••••"),
        ("a@b.id", "email", "a••••@b.id"),
        ("Jalan Mawar 3", "text", "••••"),
        (7, "number", None),
        (NOON.date(), "date", None),
    ],
)
def test_masks(value: Any, kind: str, shown: Any) -> None:
    assert masked(value, kind) == shown
