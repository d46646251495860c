"""Pages and API of merging: side by side, merge, the old address leads on, undo."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from akrab.customers.models import Customer
from akrab.customers.tables.identity import Merge
from akrab.customers.tests.factories import make_customer, make_identifier, sign_in
from akrab.platform.models import FieldRule
from akrab.platform.tests.factories import NOON, make_field_rule

pytestmark = pytest.mark.django_db


def test_two_are_shown_side_by_side_with_what_each_brings(client: Client) -> None:
    sign_in(client)
    kept, other = make_customer("Budi Santoso", city="Garut"), make_customer("Boedi Santosa", city="Garut")
    make_identifier(other, "card", "C1")
    Customer.objects.filter(pk=kept.pk).update(purchase_count=156)

    text = client.get(f"/customers/merge/?id={kept.pk}&id={other.pk}").content.decode()

    assert [text.count(f'name="field.{name}"') for name in ("display_name", "city")] == [2, 0]
    assert all(words in text for words in ("Budi Santoso", "Boedi Santosa", "Identifiers"))
    assert re.search(r"Purchases</th><td>156</td><td>0</td>", text)


def test_those_to_merge_with_are_told_apart_by_what_the_reader_may_read(client: Client) -> None:
    make_field_rule("phone", "masked")
    make_field_rule("purchases", "hidden")
    sign_in(client, "manager")
    kept = make_customer("Taufik")
    bought = {"purchase_count": 1, "first_purchase_at": NOON, "last_purchase_at": NOON}
    make_customer("Taufik", phone="+628111000773", email="taufik@contoh.id", city="Makassar", **bought)

    text = client.get(f"/customers/merge/found/?id={kept.pk}&q=taufik").content.decode()

    assert text.count("<li>") == 1
    assert ("taufik@contoh.id" in text, "Makassar" in text, "+628111000773" in text, "773" in text) == (True, True, False, True)
    assert "last purchase" not in text
    FieldRule.objects.all().delete()
    assert "last purchase" in client.get(f"/customers/merge/found/?id={kept.pk}&q=taufik").content.decode()


def test_merging_leads_to_the_survivor_and_the_old_address_too(client: Client) -> None:
    sign_in(client)
    kept, other = make_customer("Budi Santoso"), make_customer("Boedi Santosa")

    given = {"id": [kept.pk, other.pk], "survivor": kept.pk, "field.display_name": other.pk}
    answer = client.post("/customers/merge/", given)
    old = client.get(f"/customers/{other.pk}/", follow=True)

    assert (answer.status_code, answer["Location"]) == (303, f"/customers/{kept.pk}/")
    assert old.redirect_chain == [(f"/customers/{kept.pk}/", 302)]
    assert "This customer was merged into Boedi Santosa." in old.content.decode()


def test_a_merge_has_a_page_that_undoes_it(client: Client) -> None:
    sign_in(client)
    kept, other = make_customer("Budi Santoso"), make_customer("Boedi Santosa")
    client.post("/customers/merge/", {"id": [kept.pk, other.pk]})
    merge = Merge.objects.get()
    client.post(f"/customers/{kept.pk}/identifiers/", {"kind": "card", "value": "CARD7"})

    text = client.get(f"/customers/merges/{merge.pk}/").content.decode()
    client.post(f"/customers/merges/{merge.pk}/undo/")

    assert "New identifier" in text
    assert Customer.objects.filter(trashed_at=None).count() == 2
    assert "This merge was undone." in client.get(f"/customers/merges/{merge.pk}/").content.decode()
    assert f"Merged others into {merge.survivor.display_name}" in client.get(f"/customers/{merge.survivor_id}/").content.decode()


def test_a_person_and_a_company_are_not_merged_and_the_page_says_why(client: Client) -> None:
    sign_in(client)
    kept, shop = make_customer("Budi"), make_customer("Toko Budi", kind="company")

    answer = client.post("/customers/merge/", {"id": [kept.pk, shop.pk]})

    assert (answer.status_code, Merge.objects.count()) == (422, 0)
    assert "cannot be merged" in answer.content.decode()


def test_staff_may_not_merge(client: Client) -> None:
    sign_in(client, "staff")
    kept, other = make_customer("Budi Santoso"), make_customer("Boedi Santosa")

    assert client.get(f"/customers/merge/?id={kept.pk}&id={other.pk}").status_code == 403
    assert client.post("/customers/merge/", {"id": [kept.pk, other.pk]}).status_code == 403
    assert Merge.objects.count() == 0


def test_the_timeline_says_who_was_merged(client: Client) -> None:
    sign_in(client, "manager")
    kept, other = make_customer("Ayu"), make_customer("Ayu Lestari")
    client.post("/customers/merge/", {"id": [kept.pk, other.pk]})

    assert "Ayu Lestari was merged into this customer" in client.get(f"/customers/{kept.pk}/timeline/").content.decode()
