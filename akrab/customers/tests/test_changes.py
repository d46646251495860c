"""The pages of the journal: who sees which changes, and taking them back from there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from re import DOTALL, search

import pytest
from django.test import Client
from django.utils.timezone import now

from akrab.customers.models import Customer
from akrab.customers.operations.editing import edit_customer
from akrab.customers.operations.merging import merge_customers
from akrab.customers.operations.trashing import trash_customers
from akrab.customers.tests.factories import make_customer, sign_in
from akrab.platform.importing.running import run_import
from akrab.platform.models import JournalEntry, User
from akrab.platform.operations.imports import note_import
from akrab.platform.operations.tokens import create_token
from akrab.platform.tests.factories import make_actor

pytestmark = pytest.mark.django_db


def make_token(user: User) -> str:
    by = make_actor(user.role, id=str(user.pk))
    return create_token(by=by, user_id=user.pk, at=now())[0]


def edited(city: str = "Solo") -> Customer:
    ayu = make_customer("Ayu Lestari", city="Bandung")
    edit_customer(by=make_actor("manager"), customer_id=ayu.pk, changes={"city": city}, at=now())
    return ayu


def test_the_list_says_who_did_what(client: Client) -> None:
    sign_in(client)
    edited()

    page = client.get("/changes/").content.decode()

    assert "Edited Ayu Lestari" in page
    assert "Manager" in page


def test_an_entry_shows_old_and_new_and_is_undone_from_its_page(client: Client) -> None:
    sign_in(client)
    ayu = edited()
    entry = JournalEntry.objects.get()
    page = client.get(f"/changes/{entry.pk}/").content.decode()
    assert "Bandung" in page
    assert "Solo" in page

    answer = client.post(f"/changes/{entry.pk}/undo/", {"back": "/changes/"})

    ayu.refresh_from_db()
    assert (answer.status_code, answer["Location"], ayu.city) == (303, "/changes/", "Bandung")


def test_the_way_back_never_leaves_the_site(client: Client) -> None:
    sign_in(client)
    edited()
    entry = JournalEntry.objects.get()

    answer = client.post(f"/changes/{entry.pk}/undo/", {"back": "https://example.com/"})

    assert answer["Location"] == f"/changes/{entry.pk}/"


def test_after_an_edit_the_page_offers_to_undo_it(client: Client) -> None:
    sign_in(client)
    ayu = make_customer("Ayu", city="Bandung")
    values = {"kind": "person", "display_name": "Ayu", "city": "Solo", "was_city": "Bandung", "was_display_name": "Ayu"}

    client.post(f"/customers/{ayu.pk}/", values)

    page = client.get("/customers/").content.decode()
    assert f"/changes/{JournalEntry.objects.get().pk}/undo/" in page


def test_who_may_not_change_anything_sees_no_changes(client: Client) -> None:
    sign_in(client, "readonly")
    edited()

    assert client.get("/changes/").status_code == 403
    assert client.get(f"/changes/{JournalEntry.objects.get().pk}/").status_code == 403


def test_what_an_undo_left_is_listed_and_can_be_downloaded(client: Client) -> None:
    sign_in(client)
    ayu = edited()
    first = JournalEntry.objects.get()
    edit_customer(by=make_actor("manager"), customer_id=ayu.pk, changes={"city": "=Medan"}, at=now())

    answer = client.post(f"/changes/{first.pk}/undo/")

    undo = JournalEntry.objects.get(undoes=first)
    assert answer["Location"] == f"/changes/{undo.pk}/"
    assert "Changed since" in client.get(f"/changes/{undo.pk}/").content.decode()
    assert "city,Bandung,'=Medan,changed_since" in client.get(f"/changes/{undo.pk}/left.csv").content.decode()


def test_a_profile_tells_old_and_new_value_with_who_and_how(client: Client) -> None:
    sign_in(client, "readonly")
    ayu = edited()

    panel = client.get(f"/customers/{ayu.pk}/history/").content.decode()

    assert "Edited Ayu Lestari" in panel
    assert "Bandung" in panel
    assert "on a page" in panel


def test_a_program_reads_the_journal_and_undoes_an_entry(client: Client) -> None:
    secret = make_token(sign_in(client))
    ayu = edited()
    headers = {"Authorization": f"Bearer {secret}"}
    listed = client.get("/api/v1/journal?subject=customer", headers=headers).json()["items"]
    entry = listed[0]["id"]
    shown = client.get(f"/api/v1/journal/{entry}", headers=headers).json()["changes"][0]
    assert shown["fields"] == {"city": ["Bandung", "Solo"]}

    done = client.post(f"/api/v1/journal/{entry}:undo", headers=headers)

    ayu.refresh_from_db()
    assert (done.status_code, done.json()["restored"], ayu.city) == (200, 1, "Bandung")
    again = client.post(f"/api/v1/journal/{entry}:undo", headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "undone_already")


def test_an_import_is_undone_from_its_page(client: Client, tmp_path: Path) -> None:
    sign_in(client)
    path = tmp_path / "people.csv"
    path.write_text("name,phone\nAyu,0812 1111 1111\n", "utf-8")
    by = make_actor("manager")
    run = run_import(note_import(by=by, kind="customers", path=path), by=by)
    assert "Undo this import" in client.get(f"/imports/{run.pk}/").content.decode()

    client.post(f"/imports/{run.pk}/undo/")

    assert Customer.objects.count() == 0
    assert "This import was taken back." in client.get(f"/imports/{run.pk}/").content.decode()


def test_an_undo_says_what_it_took_back_and_offers_to_do_it_again(client: Client) -> None:
    sign_in(client)
    edited()
    entry = JournalEntry.objects.get()

    page = client.post(f"/changes/{entry.pk}/undo/", {"back": "/changes/"}, follow=True).content.decode()
    undo = JournalEntry.objects.get(depth=1)
    again = client.post(f"/changes/{undo.pk}/undo/", {"back": "/changes/"}, follow=True).content.decode()

    assert "Undone: Edited Ayu Lestari" in page
    assert toast_of(page) == ("Undone.", f"/changes/{undo.pk}/undo/", "Do it again")
    assert "Done again: Edited Ayu Lestari" in again
    assert toast_of(again) == ("Done again.", f"/changes/{JournalEntry.objects.get(depth=2).pk}/undo/", "Undo")


def test_an_undo_that_is_final_offers_nothing_more(client: Client) -> None:
    sign_in(client)
    ayu, budi = make_customer("Ayu Lestari"), make_customer("Budi")
    merge_customers(by=make_actor("manager"), survivor_id=ayu.pk, other_ids=[budi.pk], at=now())

    page = client.post(f"/changes/{JournalEntry.objects.get().pk}/undo/", {"back": "/changes/"}, follow=True).content.decode()

    assert "Undone: Merged others into Ayu Lestari" in page
    assert "data-message>Undone.<" in page
    assert f"/changes/{JournalEntry.objects.get(depth=1).pk}/undo/" not in page


def toast_of(page: str) -> tuple[str, ...]:
    """The words of the toast, what its button does and what the button is called."""
    found = search(r'data-message>([^<]+)<.*?action="([^"]+)".*?<button[^>]+>([^<]+)<', page, DOTALL)
    assert found
    return found.groups()


def test_the_journal_is_told_in_words_and_days_of_the_reader(client: Client) -> None:
    sign_in(client)
    early = datetime(2024, 11, 24, 20, 28, 25, tzinfo=UTC)
    ayu = make_customer("Ayu Lestari", registered_at=early)
    budi = make_customer("Budi", registered_at=early - timedelta(days=40))
    merge_customers(by=make_actor("manager"), survivor_id=ayu.pk, other_ids=[budi.pk], at=now())
    trash_customers(by=make_actor("manager"), customer_ids=[ayu.pk], at=now())

    history = client.get(f"/customers/{ayu.pk}/history/").content.decode()
    changes = client.get("/changes/").content.decode()
    page = client.get(f"/changes/{JournalEntry.objects.get(action__endswith='merge_customers').pk}/").content.decode()

    assert "customers_merge" not in history + page
    assert "Merge: 1" in changes
    assert "Receipt: 1" not in changes
    assert "Registered" in page
    assert ">2024-11-24T" not in history + page
    assert "Nov 25, 2024" in page
