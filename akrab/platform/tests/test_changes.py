"""The pages of the journal: who sees which changes, and taking them back from there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.timezone import now

from akrab.customers.models import Customer
from akrab.customers.operations.editing import edit_customer
from akrab.customers.tests.factories import make_customer, sign_in
from akrab.platform.models import JournalEntry
from akrab.platform.tests.factories import make_actor

pytestmark = pytest.mark.django_db


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
