"""The customer pages: what they show, what they refuse, and what they cost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from akrab.customers.models import Customer, Identifier, Relationship, ReviewItem
from akrab.customers.tests.factories import make_customer, make_customers, make_identifier, sign_in
from akrab.platform.models import User
from akrab.platform.tests.factories import NOON, facts_recorded

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
LIST = "/customers/"


@pytest.fixture
def ann(client: Client) -> Client:
    """A browser in which a manager is signed in."""
    sign_in(client, "manager")
    return client


def queries(client: Client, address: str, **options: Any) -> int:
    client.get(address, **options)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, **options).status_code == 200
    return len(captured)


def form_of(customer: Customer, **changed: str) -> dict[str, str]:
    """What the edit form sends: every field, and every field as it was shown."""
    fields = ("kind", "display_name", "honorific", "phone", "email", "address", "city", "country", "given_name", "family_name")
    shown = {name: str(getattr(customer, name) or "") for name in fields} | {"born_on": ""}
    return {**shown, **{f"was_{name}": value for name, value in shown.items()}, **changed}


def test_the_list_shows_customers_and_links_to_them(ann: Client) -> None:
    ayu = make_customer("Ayu", city="Bandung")

    response = ann.get(LIST)

    assert response.status_code == 200
    assert f'href="/customers/{ayu.pk}/"' in response.content.decode()
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(("language", "name"), [("en", "Germany"), ("id", "Jerman")])
def test_a_profile_names_the_country_in_the_language_of_its_reader(ann: Client, language: str, name: str) -> None:
    User.objects.update(language=language)
    ayu, budi = make_customer("Ayu", city="Berlin", country="DE"), make_customer("Budi", country="Hindia Belanda")

    assert f"Berlin, {name}<" in ann.get(f"{LIST}{ayu.pk}/").content.decode()
    assert "Hindia Belanda<" in ann.get(f"{LIST}{budi.pk}/").content.decode()


def test_typing_swaps_the_list_only_and_cleans_the_address(ann: Client) -> None:
    make_customers(["Ayu", "Budi"])

    response = ann.get(LIST, {"q": "bud", "kind": "", "city": ""}, headers=HTMX)

    body = response.content.decode()
    assert "Budi" in body
    assert "Ayu" not in body
    assert "<html" not in body
    assert response["HX-Replace-Url"] == "/customers/?q=bud"


def test_the_list_needs_few_queries_however_many_customers(ann: Client) -> None:
    make_customers(["Ayu", "Budi"])
    few = queries(ann, LIST)
    make_customers([f"Citra {number}" for number in range(30)])

    assert queries(ann, LIST) == few <= 5
    assert queries(ann, LIST + "?q=citra", headers=HTMX) <= 8
    assert queries(ann, LIST + "?q=citta&stage=prospect", headers=HTMX) <= 8


@pytest.mark.parametrize(
    ("query", "chip"),
    [
        ("spend_from=1000000", "Spend from 1,000,000"),
        ("spend_to=2500", "Spend up to 2,500"),
        ("spend_from=10&spend_to=20", "Spend 10 – 20"),
        ("registered_from=2026-03-01", "Registered from Mar 1, 2026"),
    ],
)
def test_a_chip_says_which_end_is_open(ann: Client, query: str, chip: str) -> None:
    assert chip in ann.get(f"/customers/?{query}").content.decode()


def test_filters_are_not_called_optional(ann: Client) -> None:
    assert "(optional)" not in ann.get("/customers/").content.decode()


def test_chips_take_one_filter_away(ann: Client) -> None:
    body = ann.get(LIST, {"stage": ["loyal", "active"], "city": "Bandung"}).content.decode()

    assert 'href="/customers/?stage=active&amp;city=Bandung"' in body
    assert 'href="/customers/?stage=loyal&amp;stage=active"' in body


def test_an_unreadable_filter_is_left_out(ann: Client) -> None:
    make_customer("Ayu")

    assert "Ayu" in ann.get(LIST, {"purchases_from": "many", "last_from": "someday", "sort": "height"}).content.decode()


def test_an_old_page_address_says_so(ann: Client) -> None:
    response = ann.get(LIST, {"cursor": "made-up"})

    assert response.status_code == 422
    assert "first page" in response.content.decode()


def test_the_count_comes_after_the_list(ann: Client) -> None:
    make_customers(["Ayu", "Budi"])

    assert "2 customers" in ann.get("/customers/count/", headers=HTMX).content.decode()


def test_a_name_with_markup_is_text_on_every_page(ann: Client) -> None:
    evil = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    customer = make_customer(evil, email='"><script>@x.id', city=evil[:100], honorific="<b>")
    make_customer("Other")
    Relationship.objects.create(customer=customer, other=Customer.objects.get(display_name="Other"), kind="household", note=evil)
    make_identifier(customer, "external", evil)
    ReviewItem.objects.create(
        kind="conflict", customer=customer, evidence={"kind": evil, "value": evil}, evidence_key="x", opened_at=NOON
    )
    own = f"/customers/{customer.pk}/"

    for address in (
        LIST,
        f"{LIST}?q=<script>",
        own,
        f"{own}edit/",
        f"{own}identifiers/",
        f"{own}relationships/",
        f"{own}timeline/",
        "/customers/reviews/",
        "/customers/options/?q=alert",
        "/customers/choices/?words=alert",
        "/customers/today/people/",
    ):
        body = ann.get(address).content.decode()
        assert "<script>alert" not in body, address
        assert "<img src=x" not in body, address
        assert "<b>" not in body, address


def test_the_profile_paints_without_its_panels(ann: Client) -> None:
    ayu = make_customer(
        "Ayu", purchase_count=4, spend=400_000_00, spend_currency="IDR", first_purchase_at=NOON, last_purchase_at=NOON
    )
    own = f"/customers/{ayu.pk}/"

    body = ann.get(own).content.decode()

    assert "Ayu" in body
    assert re.search(r"(IDR|Rp)\s?100,000", body)
    assert f'hx-get="{own}identifiers/"' in body
    assert queries(ann, own) <= 5


@pytest.mark.parametrize("part", ["timeline", "traits", "identifiers", "relationships"])
def test_each_panel_answers_with_few_queries(ann: Client, part: str) -> None:
    ayu = make_customer("Ayu", phone="+6281234567890")

    assert queries(ann, f"/customers/{ayu.pk}/{part}/", headers=HTMX) <= 5


def test_a_customer_that_is_not_there_is_not_found(ann: Client) -> None:
    assert ann.get("/customers/00000000-0000-7000-8000-000000000000/").status_code == 404


def test_a_new_customer_lands_on_the_profile(ann: Client) -> None:
    response = ann.post(LIST, {"kind": "person", "display_name": "Suharto", "phone": "0812 3456 7890"})

    made = Customer.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/customers/{made.pk}/")
    assert Identifier.objects.get().key == "+6281234567890"


def test_a_known_phone_number_shows_whose_it_is_and_keeps_the_form(ann: Client) -> None:
    ayu = make_customer("Ayu", phone="+6281234567890")

    response = ann.post(LIST, {"kind": "person", "display_name": "Budi", "phone": "081234567890"})

    body = response.content.decode()
    assert response.status_code == 422
    assert f'href="/customers/{ayu.pk}/"' in body
    assert 'value="Budi"' in body
    assert Customer.objects.count() == 1


def test_hints_appear_while_typing(ann: Client) -> None:
    make_customer("Ayu", phone="+6281234567890")

    assert "Ayu" in ann.get("/customers/hints/", {"phone": "0812-3456-7890"}, headers=HTMX).content.decode()
    assert ann.get("/customers/hints/", {"phone": "0812"}, headers=HTMX).content.strip() == b""


def test_an_edit_is_saved_and_told(ann: Client) -> None:
    ayu = make_customer("Ayu", city="Bandung")

    response = ann.post(f"/customers/{ayu.pk}/", form_of(ayu, city="Bogor"))

    ayu.refresh_from_db()
    assert (response.status_code, ayu.city) == (303, "Bogor")
    assert facts_recorded() == ["customers.customer_edited"]


def test_a_conflicting_edit_shows_both_and_the_next_save_decides(ann: Client) -> None:
    ayu = make_customer("Ayu", city="Bandung")
    mine = form_of(ayu, city="Depok")
    Customer.objects.update(city="Bogor")

    response = ann.post(f"/customers/{ayu.pk}/", mine)
    body = response.content.decode()

    assert response.status_code == 409
    assert "Bogor" in body
    assert 'name="was_city" value="Bogor"' in body
    assert Customer.objects.get().city == "Bogor"
    assert ann.post(f"/customers/{ayu.pk}/", {**mine, "was_city": "Bogor"}).status_code == 303
    assert Customer.objects.get().city == "Depok"


@pytest.mark.parametrize(("pick", "kept"), [("mine", "Depok"), ("theirs", "Bogor"), ("before", "Bandung")])
def test_who_edits_the_same_field_chooses_yours_theirs_or_before(ann: Client, pick: str, kept: str) -> None:
    ayu = make_customer("Ayu", city="Bandung")
    mine = form_of(ayu, city="Depok", address="Jalan Mawar 1")
    Customer.objects.update(city="Bogor", country="MY")

    body = ann.post(f"/customers/{ayu.pk}/", mine).content.decode()
    saved = ann.post(f"/customers/{ayu.pk}/", {**mine, "was_city": "Bogor", "before_city": "Bandung", "pick_city": pick})

    assert 'name="before_city" value="Bandung"' in body
    assert [f'name="pick_city" value="{one}"' in body for one in ("mine", "theirs", "before")] == [True] * 3
    assert 'name="pick_address"' not in body
    assert saved.status_code == 303
    ayu.refresh_from_db()
    assert (ayu.city, ayu.address, ayu.country) == (kept, "Jalan Mawar 1", "MY")


def test_edits_of_different_fields_both_stay(ann: Client) -> None:
    ayu = make_customer("Ayu", city="Bandung")
    mine = form_of(ayu, address="Jalan Mawar 1")
    Customer.objects.update(city="Bogor")

    assert ann.post(f"/customers/{ayu.pk}/", mine).status_code == 303
    ayu.refresh_from_db()
    assert (ayu.city, ayu.address) == ("Bogor", "Jalan Mawar 1")


def test_an_address_of_several_lines_is_no_conflict_with_itself(ann: Client) -> None:
    ayu = make_customer("Ayu", address="Jalan Mawar 1\nRT 2")
    sent = form_of(ayu, city="Bogor")
    sent |= {name: sent[name].replace("\n", "\r\n") for name in ("address", "was_address")}

    assert ann.post(f"/customers/{ayu.pk}/", sent).status_code == 303
    assert Customer.objects.get().city == "Bogor"


def test_identifiers_are_added_and_removed_in_place(ann: Client) -> None:
    ayu = make_customer("Ayu")
    own = f"/customers/{ayu.pk}/identifiers/"

    added = ann.post(own, {"kind": "card", "value": "AB 12"}, headers=HTMX)
    removed = ann.delete(f"{own}{Identifier.objects.get().pk}/", headers=HTMX)

    assert "AB 12" in added.content.decode()
    assert "AB 12" not in removed.content.decode()
    assert added["HX-Trigger"] == "customers.identifiers_added"


def test_a_taken_identifier_is_explained_in_the_panel(ann: Client) -> None:
    make_customer("Ayu", phone="+6281234567890")
    budi = make_customer("Budi")

    response = ann.post(f"/customers/{budi.pk}/identifiers/", {"kind": "phone", "value": "081234567890"}, headers=HTMX)

    assert response.status_code == 422
    assert "Ayu" in response.content.decode()


def test_a_relationship_needs_somebody_chosen(ann: Client) -> None:
    ayu, budi = make_customer("Ayu"), make_customer("Budi")
    own = f"/customers/{ayu.pk}/relationships/"

    refused = ann.post(own, {"kind": "household"}, headers=HTMX)
    made = ann.post(own, {"kind": "household", "other": str(budi.pk)}, headers=HTMX)

    assert refused.status_code == 422
    assert "Budi" in made.content.decode()


def test_review_items_are_listed_and_settled(ann: Client) -> None:
    ayu, budi = make_customer("Ayu"), make_customer("Budi")
    item = ReviewItem.objects.create(
        kind="conflict",
        customer=ayu,
        other=budi,
        evidence={"kind": "card", "value": "C1"},
        evidence_key="card:C1",
        opened_at=NOON,
    )
    body = ann.get("/customers/reviews/").content.decode()

    response = ann.post(f"/customers/reviews/{item.pk}/settlement/")

    assert "Ayu" in body
    assert "Budi" in body
    assert response.status_code == 303
    assert "Ayu" not in ann.get("/customers/reviews/").content.decode()


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("get", "edit"),
        ("post", "show"),
        ("post", "identifiers"),
        ("post", "relationships"),
    ],
)
def test_readers_look_but_do_not_touch(client: Client, method: str, name: str) -> None:
    sign_in(client, "readonly")
    ayu = make_customer("Ayu")
    sent = {**form_of(ayu, city="Bogor"), "kind": "card", "value": "C1", "other": str(make_customer("Budi").pk)}
    sent |= {"show": {"kind": "person"}, "relationships": {"kind": "household"}}.get(name, {})

    response = getattr(client, method)(reverse(f"customers:{name}", args=[ayu.pk]), sent if method == "post" else {})

    assert response.status_code == 403
    assert client.get(f"/customers/{ayu.pk}/").status_code == 200
    assert 'href="/customers/new/"' not in client.get(LIST).content.decode()
    assert facts_recorded() == []


def test_nobody_sees_customers_without_signing_in(client: Client) -> None:
    ayu = make_customer("Ayu")

    for address in (LIST, f"/customers/{ayu.pk}/", "/customers/options/?q=ayu", "/customers/count/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/")


def test_every_page_speaks_indonesian(client: Client) -> None:
    sign_in(client, "manager", language="id")
    ayu = make_customer("Ayu")

    for address, words in (
        (LIST, "Pelanggan"),
        (f"/customers/{ayu.pk}/", "Linimasa"),
        ("/customers/reviews/", "Tinjauan"),
        ("/customers/new/", "Pelanggan baru"),
    ):
        assert words in client.get(address).content.decode(), address


def test_the_start_page_greets_and_asks_the_rooms_for_their_figures(ann: Client) -> None:
    body = ann.get("/").content.decode()

    assert 'hx-get="/customers/today/"' in body
    assert 'hx-get="/customers/today/people/"' in body
    assert "Manager" in body


@pytest.mark.parametrize(
    ("language", "typed", "address", "found"),
    [
        ("id", "1.000.000", "/customers/?spend_from=1000000", ["Kaya"]),
        ("id", "1.000", "/customers/?spend_from=1000", ["Cukup", "Kaya"]),
        ("en", "1,000", "/customers/?spend_from=1000", ["Cukup", "Kaya"]),
        ("en", "1.000.000", "/customers/?spend_from=1000000", ["Kaya"]),
        ("en", "1000", "/customers/?spend_from=1000", ["Cukup", "Kaya"]),
    ],
)
def test_a_typed_amount_is_read_in_the_readers_language_and_kept_plain(
    client: Client, language: str, typed: str, address: str, found: list[str]
) -> None:
    sign_in(client, "manager", language=language)
    for name, spend in (("Kaya", 2_000_000_00), ("Cukup", 5_000_00), ("Hemat", 5_00)):
        make_customer(name, spend=spend)

    response = client.get(LIST, {"spend_from": typed}, headers=HTMX)

    body = response.content.decode()
    assert response["HX-Replace-Url"] == address
    assert [name for name in ("Cukup", "Hemat", "Kaya") if name in body] == found


@pytest.mark.parametrize(("language", "typed"), [("en", "1.000"), ("id", "1,000"), ("en", "many"), ("en", "-5")])
def test_an_amount_that_can_be_two_numbers_or_none_is_refused_beside_its_field(client: Client, language: str, typed: str) -> None:
    sign_in(client, "manager", language=language)
    make_customer("Hemat", spend=5_00)

    whole = client.get(LIST, {"spend_from": typed}).content.decode()
    part = client.get(LIST, {"spend_from": typed}, headers=HTMX)

    assert 'id="id_spend_from_error"' in whole
    assert re.search(r'<input type="text" name="spend_from"[^>]*inputmode="numeric"[^>]*aria-invalid="true"', whole)
    assert 'role="alert"' in part.content.decode()
    assert part["HX-Replace-Url"] == "/customers/"


def test_the_new_customers_of_the_start_page_lead_to_a_list_of_as_many(ann: Client) -> None:
    today = now()
    for name, days in (("Baru", 0), ("Pekan", 6), ("Lama", 8)):
        make_customer(name, registered_at=today - timedelta(days=days))

    figure = ann.get("/customers/today/", headers=HTMX).content.decode()
    address = re.search(r'href="([^"]*registered_from=[^"]*)"', figure)
    assert address
    listed = ann.get(address[1].replace("&amp;", "&")).content.decode()

    assert re.search(r"\b2\b", re.sub(r"<[^>]*>", " ", figure))
    assert [name for name in ("Baru", "Pekan", "Lama") if f">{name}<" in listed] == ["Baru", "Pekan"]


def test_a_profile_in_indonesian_offers_to_merge_in_indonesian(client: Client) -> None:
    sign_in(client, "manager", language="id")

    shown = client.get(f"/customers/{make_customer().pk}/").content.decode()

    assert re.search(r"/customers/merge/\?id=[^>]*>.*?Gabungkan", shown, re.DOTALL)
    assert not re.search(r">\s*Merge\s*<", shown)
