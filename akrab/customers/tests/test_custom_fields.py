"""Custom fields of customers behave like built-in ones: filled in, shown, filtered, sorted, undone."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from akrab.customers.models import Customer
from akrab.customers.operations.changing_many import ManyChange, change_many, preview_change
from akrab.customers.operations.editing import EditConflict, edit_customer
from akrab.customers.operations.erasing import erase_customer
from akrab.customers.operations.merging import merge_customers
from akrab.customers.operations.registering import register_customer
from akrab.customers.queries.choosing import Choice
from akrab.customers.queries.listing import list_customers
from akrab.customers.queries.merging import preview_merge
from akrab.customers.tests.factories import make_customer, sign_in
from akrab.customers.tests.test_importing import bring_file
from akrab.platform.actor import Actor
from akrab.platform.exporting import write_export
from akrab.platform.importing.kinds import exported_kind
from akrab.platform.listing.bulk import Outcome
from akrab.platform.listing.tree import read_tree
from akrab.platform.models import JournalEntry
from akrab.platform.operations.custom_fields import ChoiceWords
from akrab.platform.operations.undoing import undo_entry
from akrab.platform.refusal import Invalid
from akrab.platform.rights.fields import FieldNotEditable
from akrab.platform.tests.factories import NOON, acting, make_actor, make_field_rule
from akrab.platform.tests.test_custom_fields import define

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Actor:
    return make_actor()


@pytest.fixture
def four_fields() -> None:
    define("Nickname")
    define("Shoe size", "number")
    define("Rank", "choice", choices=[ChoiceWords("Gold", "Emas"), ChoiceWords("Silver", "Perak")])
    define("Member since", "date")


def names(by: Actor, where: str = "", sort: str = "") -> list[str]:
    found = list_customers(by=by, choice=Choice(where=read_tree(where), sort=sort))
    return [one.display_name for one in found.page.items]


def test_values_are_kept_in_one_form(ann: Actor, four_fields: None) -> None:
    siti = make_customer("Siti")

    changes = {
        "custom.nickname": " Sit  i ",
        "custom.shoe_size": "38.50",
        "custom.rank": "Perak",
        "custom.member_since": date(2024, 2, 1),
    }
    fact = edit_customer(by=ann, customer_id=siti.pk, changes=changes, at=NOON)

    siti.refresh_from_db()
    assert siti.custom == {"nickname": "Sit i", "shoe_size": "38.5", "rank": "silver", "member_since": "2024-02-01"}
    assert fact.changes["custom.shoe_size"] == ["", "38.5"]
    assert siti.version == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("shoe_size", "big"), ("rank", "Platinum"), ("member_since", "soon"), ("nickname", "x" * 301), ("hat_size", "7")],
)
def test_a_value_that_a_field_cannot_take_is_refused(ann: Actor, four_fields: None, name: str, value: str) -> None:
    siti = make_customer("Siti")

    with pytest.raises(Invalid) as refused:
        edit_customer(by=ann, customer_id=siti.pk, changes={f"custom.{name}": value, "city": "Bogor"}, at=NOON)

    assert list(refused.value.errors) == [f"custom.{name}"]
    siti.refresh_from_db()
    assert (siti.custom, siti.city, siti.version) == ({}, "", 1)


def test_lists_filter_and_sort_by_custom_fields(ann: Actor, four_fields: None) -> None:
    make_customer("Ani", custom={"shoe_size": "40", "rank": "gold", "member_since": "2024-01-05"})
    make_customer("Budi", custom={"shoe_size": "9.5", "rank": "silver", "nickname": "Bang Bud"})
    make_customer("Citra")

    assert names(ann, "custom.shoe_size:min:10") == ["Ani"]
    assert names(ann, "custom.shoe_size:max:10") == ["Budi"]
    assert names(ann, "custom.rank:is:gold|silver") == ["Ani", "Budi"]
    assert names(ann, "custom.rank:not:gold") == ["Budi", "Citra"]
    assert names(ann, "custom.nickname:has:BANG") == ["Budi"]
    assert names(ann, "custom.nickname:is:bang bud") == ["Budi"]
    assert names(ann, "custom.member_since:from:2024-01-05") == ["Ani"]
    assert names(ann, "custom.member_since:none") == ["Budi", "Citra"]
    assert names(ann, "custom.shoe_size:any,custom.nickname:none") == ["Ani", "Budi", "Citra"]
    assert names(ann, sort="-custom.shoe_size") == ["Ani", "Budi", "Citra"]
    assert names(ann, sort="custom.shoe_size") == ["Citra", "Budi", "Ani"]
    assert names(ann, sort="-custom.nickname") == ["Budi", "Citra", "Ani"]


def test_pages_of_a_list_sorted_by_a_custom_field_follow_each_other(ann: Actor, four_fields: None) -> None:
    for size in (41, 40.5, 9, 40):
        make_customer(f"Size {size}", custom={"shoe_size": str(size)})
    make_customer("Barefoot")

    seen, cursor = [], ""
    for _turn in range(3):
        found = list_customers(by=ann, choice=Choice(sort="-custom.shoe_size"), cursor=cursor, size=2)
        seen += [one.display_name for one in found.page.items]
        cursor = found.page.next

    assert seen == ["Size 41", "Size 40.5", "Size 40", "Size 9", "Barefoot"]


def test_undo_takes_back_one_custom_field_and_leaves_another(ann: Actor, four_fields: None) -> None:
    siti = make_customer("Siti", custom={"rank": "gold"})
    edit_customer(by=ann, customer_id=siti.pk, changes={"custom.rank": "silver", "custom.nickname": "Sit"}, at=NOON)
    entry = JournalEntry.objects.latest("id")
    edit_customer(by=ann, customer_id=siti.pk, changes={"custom.shoe_size": 38}, at=NOON)
    edit_customer(by=ann, customer_id=siti.pk, changes={"custom.nickname": "Sitkom"}, at=NOON)

    undo_entry(by=ann, entry_id=entry.pk, at=NOON)

    siti.refresh_from_db()
    assert siti.custom == {"rank": "gold", "shoe_size": "38", "nickname": "Sitkom"}
    left = JournalEntry.objects.latest("id").left.get()
    assert (left.field, left.before, left.now) == ("custom.nickname", None, "Sitkom")


def test_two_edits_of_different_custom_fields_merge_and_of_one_show_both(ann: Actor, four_fields: None) -> None:
    siti = make_customer("Siti", custom={"rank": "gold", "nickname": "Sit"})
    was = {"custom.rank": "gold", "custom.nickname": "Sit"}
    edit_customer(by=ann, customer_id=siti.pk, changes={"custom.rank": "silver", "custom.nickname": "Sit"}, was=was, at=NOON)

    edit_customer(by=ann, customer_id=siti.pk, changes={"custom.rank": "gold", "custom.nickname": "Iti"}, was=was, at=NOON)
    with pytest.raises(EditConflict) as conflict:
        edit_customer(by=ann, customer_id=siti.pk, changes={"custom.rank": ""}, was=was, at=NOON)

    siti.refresh_from_db()
    assert siti.custom == {"rank": "silver", "nickname": "Iti"}
    assert conflict.value.fields == {"custom.rank": ("gold", "silver", None)}


def test_a_required_field_is_asked_of_new_customers_and_a_default_fills_itself(ann: Actor) -> None:
    define("Tax number", is_required=True)
    define("Rank", "choice", choices=[ChoiceWords("Gold"), ChoiceWords("Silver")], default="Silver")

    with pytest.raises(Invalid) as refused:
        register_customer(by=ann, fields={"display_name": "Siti"}, at=NOON)
    fact = register_customer(by=ann, fields={"display_name": "Siti", "custom.tax_number": "01.2"}, at=NOON)

    assert list(refused.value.errors) == ["custom.tax_number"]
    [siti] = list_customers(by=ann, choice=Choice()).page.items
    assert (siti.pk, siti.custom) == (fact.customer_id, {"tax_number": "01.2", "rank": "silver"})


def test_a_unique_field_refuses_the_value_of_another(ann: Actor) -> None:
    define("Tax number", is_unique=True)
    make_customer("Ani", custom={"tax_number": "Ab-1"})
    budi = make_customer("Budi")

    with pytest.raises(Invalid) as refused:
        edit_customer(by=ann, customer_id=budi.pk, changes={"custom.tax_number": "ab-1"}, at=NOON)

    assert refused.value.errors == {"custom.tax_number": "Another record has “ab-1” already."}
    budi.refresh_from_db()
    assert budi.custom == {}


def test_the_pages_show_fill_in_and_list_custom_fields(client: Client, four_fields: None) -> None:
    sign_in(client, "administrator")
    siti = make_customer("Siti", custom={"shoe_size": "1234.5", "rank": "gold"})

    form = client.get(f"/customers/{siti.pk}/edit/").content.decode()
    assert 'name="custom.member_since"' in form
    posted: dict[str, Any] = {
        "kind": "person",
        "display_name": "Siti",
        "was_display_name": "Siti",
        "custom.rank": "silver",
        "was_custom.rank": '"gold"',
    }
    posted |= {"custom.shoe_size": "1,234.5", "was_custom.shoe_size": '"1234.5"', "custom.member_since": "2024-05-06"}
    answer = client.post(f"/customers/{siti.pk}/", posted)
    assert answer.status_code == 303

    siti.refresh_from_db()
    assert siti.custom == {"shoe_size": "1234.5", "rank": "silver", "member_since": "2024-05-06"}
    profile = client.get(f"/customers/{siti.pk}/").content.decode()
    assert [word for word in ("Silver", "1,234.5", "May 6, 2024") if word not in profile] == []
    shown = client.get("/customers/?columns=custom.rank|custom.shoe_size&sort=-custom.shoe_size").content.decode()
    assert [word for word in ("Silver", "1,234.5", 'aria-sort="descending"') if word not in shown] == []


def test_a_file_fills_custom_fields_by_their_names(ann: Actor, four_fields: None, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text(
        "Nama,E-mail,Shoe size,Rank,Member since\nAni,ani@example.com,38.5,Emas,2024-03-01\n"
        "Budi,budi@example.com,41,Platinum,2024-03-02\nCitra,citra@example.com,,silver,\n"
    )

    done = bring_file(file)

    assert (done["created"], done["errors"]) == (2, 1)
    kept = {one.display_name: one.custom for one in Customer.objects.unscoped()}
    assert kept == {
        "Ani": {"shoe_size": "38.5", "rank": "gold", "member_since": "2024-03-01"},
        "Citra": {"rank": "silver"},
    }


def test_an_export_has_a_column_for_each_field_and_imports_again(ann: Actor, four_fields: None, tmp_path: Path) -> None:
    make_customer("Ani", email="ani@example.com", custom={"shoe_size": "38.5", "rank": "gold", "nickname": "An"})
    path = tmp_path / "customers.csv"

    write_export(by=ann, export=exported_kind("customers"), path=path, filters={})

    [row] = csv.DictReader(path.open())
    assert [row[f"custom.{key}"] for key in ("shoe_size", "rank", "member_since")] == ["38.5", "Gold", ""]
    done = bring_file(path)
    assert (done["created"], done["unchanged"]) == (0, 1), done


def test_many_get_one_value_with_a_preview_and_an_undo(ann: Actor, four_fields: None) -> None:
    ani = make_customer("Ani", custom={"rank": "silver", "shoe_size": "38"})
    budi, citra = make_customer("Budi", custom={"rank": "gold"}), make_customer("Citra")
    rows, change = Customer.objects.unscoped(), ManyChange("custom.rank", "Gold")

    foreseen = preview_change(rows, change, by=ann)
    ids = [ani.pk, budi.pk, citra.pk]
    done = change_many(by=ann, customer_ids=ids, change=change, at=NOON)

    assert foreseen == done == Outcome(2, 1, 0, 0)
    assert kept_values() == {"Ani": {"rank": "gold", "shoe_size": "38"}, "Budi": {"rank": "gold"}, "Citra": {"rank": "gold"}}
    undo_entry(by=ann, entry_id=JournalEntry.objects.latest("id").pk, at=NOON)
    assert kept_values() == {"Ani": {"rank": "silver", "shoe_size": "38"}, "Budi": {"rank": "gold"}, "Citra": {}}


def test_a_value_that_nobody_can_have_is_given_to_nobody(ann: Actor, four_fields: None) -> None:
    make_customer("Ani", custom={"rank": "silver"})

    for change in (ManyChange("custom.rank", "Platinum"), ManyChange("custom.hat", "7"), ManyChange("custom.shoe_size", "x")):
        with pytest.raises(Invalid):
            change_many(by=ann, customer_ids=[one.pk for one in Customer.objects.unscoped()], change=change, at=NOON)

    assert kept_values() == {"Ani": {"rank": "silver"}}


def test_the_page_of_changing_many_offers_custom_fields(client: Client, four_fields: None) -> None:
    sign_in(client, "manager")
    ani = make_customer("Ani")
    choice = {"id": str(ani.pk), "what": "custom.shoe_size", "custom.shoe_size": "1,234.5"}

    assert "Will be changed" in client.post("/customers/bulk/", choice).content.decode()
    client.post("/customers/bulk/", {**choice, "custom.shoe_size": "1234.5", "sure": "1"})

    assert kept_values() == {"Ani": {"shoe_size": "1234.5"}}


def test_a_merge_keeps_chosen_values_and_an_undo_gives_each_its_own(ann: Actor, four_fields: None) -> None:
    define("Referred by", "link", target="customers.customer")
    kept = make_customer("Ani", custom={"rank": "silver", "nickname": "An"})
    other = make_customer("Ani S", custom={"rank": "gold", "nickname": "Ni", "shoe_size": "38"})
    friend = make_customer("Budi", custom={"referred_by": str(other.pk)})
    before = kept_values()

    lines = {
        one.name: [cell.value for cell in one.cells]
        for one in preview_merge(by=ann, survivor_id=kept.pk, other_ids=[other.pk]).lines
    }
    assert lines["custom.rank"] == ["Silver", "Gold"]
    assert lines["custom.shoe_size"] == ["", "38"]
    merge_customers(by=ann, survivor_id=kept.pk, other_ids=[other.pk], choices={"custom.rank": other.pk}, at=NOON)

    assert kept_values()["Ani"] == {"rank": "gold", "nickname": "An", "shoe_size": "38"}
    assert kept_values()["Budi"] == {"referred_by": str(kept.pk)}
    undo_entry(by=ann, entry_id=JournalEntry.objects.latest("id").pk, at=NOON)
    assert kept_values() == before
    friend.refresh_from_db()
    assert friend.custom == {"referred_by": str(other.pk)}


def test_who_is_erased_is_no_link_of_others_any_more(ann: Actor) -> None:
    define("Referred by", "link", target="customers.customer")
    gone = make_customer("Ani", custom={})
    make_customer("Budi", custom={"referred_by": str(gone.pk)})

    erase_customer(by=ann, customer_id=gone.pk, at=NOON)

    assert kept_values() == {"Budi": {}}


def kept_values() -> dict[str, Any]:
    return {one.display_name: one.custom for one in Customer.objects.unscoped()}


def test_a_profile_says_every_kind_of_value_in_the_language_of_its_reader(client: Client, ann: Actor) -> None:
    user = sign_in(client, "administrator", language="id")
    friend = make_customer("Citra Dewi")
    define("Nick")
    define("Story", "long")
    define("Size", "number", title_id="Ukuran")
    define("Budget", "money", currency="IDR")
    define("Since", "date")
    define("Call", "moment")
    define("Rank", "choice", choices=[ChoiceWords("Gold", "Emas")])
    define("Likes", "choices", choices=[ChoiceWords("Tea", "Teh"), ChoiceWords("Golf", "Golf")])
    define("Adviser", "person")
    define("Friend", "link", target="customers.customer")
    define("Vip", "boolean")
    define("Site", "url")
    define("Twice", "formula", formula="size * 2")
    changes = {
        "nick": "Sit", "story": "One\nTwo", "size": "1234.5", "budget": "1250000", "since": "2024-05-06",
        "call": "2026-12-01T10:00:00+07:00", "rank": "Emas", "likes": ["golf", "Teh"], "adviser": user.email,
        "friend": str(friend.pk), "vip": "yes", "site": "toko.example.com",
    }  # fmt: skip
    siti = make_customer("Siti")

    edit_customer(by=ann, customer_id=siti.pk, changes={f"custom.{key}": value for key, value in changes.items()}, at=NOON)

    siti.refresh_from_db()
    assert siti.custom == {
        "nick": "Sit", "story": "One\nTwo", "size": "1234.5", "budget": 125000000, "since": "2024-05-06",
        "call": "2026-12-01T03:00:00Z", "rank": "gold", "likes": ["golf", "tea"], "adviser": str(user.pk),
        "friend": str(friend.pk), "vip": True, "site": "https://toko.example.com",
    }  # fmt: skip
    told = (
        "Ukuran", "1.234,5", "Rp\xa01.250.000", "6 Mei 2024", "1 Des 2026 10.00", "Emas", "Golf, Teh", "Administrator",
        "Citra Dewi", "ya", "https://toko.example.com", "2.469", "One<br>Two",
    )  # fmt: skip
    profile = client.get(f"/customers/{siti.pk}/").content.decode()
    assert [word for word in told if word not in profile] == []
    history = client.get(f"/customers/{siti.pk}/history/").content.decode()
    assert [word for word in told[:8] if word not in history] == []
    assert client.get(f"/customers/{siti.pk}/edit/").status_code == 200


def test_a_list_with_custom_columns_asks_no_more_for_many_than_for_one(client: Client, four_fields: None) -> None:
    sign_in(client, "administrator")
    define("Friend", "link", target="customers.customer")
    define("Adviser", "person")
    friend = make_customer("Citra")
    address = "/customers/?columns=custom.rank|custom.friend|custom.adviser|custom.shoe_size&sort=custom.shoe_size"

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    make_customer("Ani", custom={"friend": str(friend.pk), "rank": "gold"})
    few = asked()
    for number in range(20):
        make_customer(f"Customer {number}", custom={"friend": str(friend.pk), "shoe_size": str(number)})

    assert asked() <= few


def test_a_hidden_field_is_told_nowhere(client: Client, ann: Actor, four_fields: None, tmp_path: Path) -> None:
    define("Greeting", "formula", formula="'Halo ' + nickname")
    siti = make_customer("Siti", custom={"nickname": "Tersembunyi", "rank": "gold"})
    edit_customer(by=ann, customer_id=siti.pk, changes={"custom.nickname": "Rahasia", "custom.rank": "silver"}, at=NOON)
    make_field_rule("custom.nickname", "hidden")
    user = sign_in(client, "manager")
    address = f"/customers/{siti.pk}/"

    pages = [
        f"{address}?", f"{address}history/?", f"{address}timeline/?", f"{address}edit/?", "/customers/columns/?",
        "/customers/?columns=custom.nickname|custom.greeting|custom.rank", "/customers/filter/?field=custom.nickname",
        "/customers/sums/?", "/changes/?",
    ]  # fmt: skip
    told = {path: client.get(path).content.decode() for path in pages}
    write_export(by=acting(user), export=exported_kind("customers"), path=tmp_path / "out.csv", filters={})

    hidden = ("Rahasia", "Tersembunyi", "Nickname", "Greeting", "Halo")
    assert {path: [word for word in hidden if word in body] for path, body in told.items()} == {path: [] for path in pages}
    assert "Silver" in told[f"{address}?"]
    head = (tmp_path / "out.csv").read_text().splitlines()[0]
    assert ("custom.rank" in head, "custom.nickname" in head, "custom.greeting" in head) == (True, False, False)
    for query in ("sort=custom.nickname", "sort=-custom.greeting", "where=custom.nickname:has:a", "where=custom.greeting:any"):
        assert client.get(f"/customers/?{query}").status_code == 403, query


def test_a_masked_field_shows_that_it_is_there_and_a_frozen_one_stays(client: Client, ann: Actor, four_fields: None) -> None:
    siti = make_customer("Siti", custom={"nickname": "Tersembunyi", "rank": "gold"})
    make_field_rule("custom.nickname", "masked")
    make_field_rule("custom.rank", "read")
    by = acting(sign_in(client, "manager"))

    profile = client.get(f"/customers/{siti.pk}/").content.decode()
    form = client.get(f"/customers/{siti.pk}/edit/").content.decode()
    with pytest.raises(FieldNotEditable):
        edit_customer(by=by, customer_id=siti.pk, changes={"custom.rank": "silver"}, at=NOON)
    with pytest.raises(FieldNotEditable):
        change_many(by=by, customer_ids=[siti.pk], change=ManyChange("custom.rank", "silver"), at=NOON)

    assert ("••••" in profile, "Tersembunyi" in profile, "Gold" in profile) == (True, False, True)
    assert [name for name in ("custom.nickname", "custom.rank") if f'name="{name}"' in form] == []
    assert kept_values() == {"Siti": {"nickname": "Tersembunyi", "rank": "gold"}}


def test_masked_people_and_records_are_not_looked_up(client: Client) -> None:
    define("Adviser", "person")
    define("Friend", "link", target="customers.customer")
    friend, user = make_customer("Citra Dewi"), sign_in(client, "manager")
    siti = make_customer("Siti", custom={"adviser": str(user.pk), "friend": str(friend.pk)})
    make_field_rule("custom.adviser", "masked")
    make_field_rule("custom.friend", "masked")

    profile = client.get(f"/customers/{siti.pk}/")
    listed = client.get("/customers/?columns=custom.adviser|custom.friend&q=siti")

    assert (profile.status_code, listed.status_code) == (200, 200)
    assert "Citra Dewi" not in profile.content.decode()
