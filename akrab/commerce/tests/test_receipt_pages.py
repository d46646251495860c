"""The receipt pages: what they show, what they refuse, and what they cost."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from io import StringIO
from re import sub
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from akrab.commerce.models import Branch, Receipt
from akrab.commerce.operations.claiming import claim_code
from akrab.commerce.tests.factories import get_receipt, make_line, make_message, take
from akrab.customers.public import Contact
from akrab.customers.tests.factories import make_customer, sign_in
from akrab.platform.templatetags.shell import moment
from akrab.platform.tests.factories import facts_recorded

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
LIST = "/commerce/receipts/"
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def ann(client: Client) -> Client:
    """A browser in which a manager is signed in."""
    sign_in(client, "manager")
    return client


def text(client: Client, address: str, *given: Any, **options: Any) -> str:
    response = client.get(address, *given, **options)
    assert response.status_code == 200
    return response.content.decode()


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        text(client, address)
    return len(captured)


def address_of(number: str) -> str:
    return f"{LIST}{get_receipt(number).pk}/"


def make_recent(number: str = "1", **what_matters: Any) -> None:
    """An anonymous sale of an hour ago, which can still be claimed."""
    sold = now() - timedelta(hours=1)
    take(make_message(number, occurred_at=sold, **what_matters), at=now())


def test_the_list_shows_receipts_with_customer_branch_and_total(ann: Client) -> None:
    take(make_message("A-1", phone="081234567890"), make_message("A-2"))

    body = text(ann, LIST)

    assert f'href="{address_of("A-1")}"' in body
    assert f'href="/customers/{get_receipt("A-1").customer_id}/"' in body
    assert "SUDIRMAN" in body
    assert "Anonymous" in body
    assert "Rp\u00a025,000" in body


def test_a_filter_swaps_the_list_only_and_cleans_the_address(ann: Client) -> None:
    take(make_message("A-1"), make_message("R-1", kind="return", original_number="A-1"))

    response = ann.get(LIST, {"q": "", "kind": "return", "channel": ""}, headers=HTMX)

    body = response.content.decode()
    assert "R-1" in body
    assert "A-1" not in body
    assert "<html" not in body
    assert response["HX-Replace-Url"] == f"{LIST}?kind=return"


def test_the_list_is_downloaded_as_it_is_narrowed(ann: Client) -> None:
    take(make_message("A-1"), make_message("R-1", kind="return", original_number="A-1"))

    page = text(ann, LIST, {"kind": "return"})
    response = ann.post("/exports/receipts/", {"query": "kind=return"})

    assert 'name="query" value="kind=return"' in page
    assert response.status_code == 200
    rows = list(csv.DictReader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert [(row["receipt"], row["kind"]) for row in rows] == [("R-1", "return")]
    assert facts_recorded("platform.data") == ["platform.data_exported"]


def test_who_may_not_export_is_not_given_the_receipts(client: Client) -> None:
    take(make_message("A-1"))
    sign_in(client, "staff")

    response = client.post("/exports/receipts/", {"query": ""})

    assert "/exports/receipts/" not in text(client, LIST)
    assert (response.status_code, facts_recorded("platform.data")) == (403, [])


def test_chips_say_what_narrows_the_list_and_take_it_away(ann: Client) -> None:
    take(make_message("A-1"))

    body = text(ann, LIST, {"day_from": "2026-03-01", "day_to": "2026-03-31", "status": "counted"})

    assert "Mar 1, 2026 – Mar 31, 2026" in body
    assert f'href="{LIST}?status=counted"' in body
    assert f'href="{LIST}?day_from=2026-03-01&amp;day_to=2026-03-31"' in body


@pytest.mark.parametrize(
    "address",
    [
        f"{LIST}?day_from=0001-01-01&day_to=9999-12-31",
        f"{LIST}?day_from=soon&branch=x&kind=y&cohort=z&customer=1",
        "/commerce/reconciliation/?until=0001-01-01",
        "/commerce/reconciliation/?since=9999-12-31&branch=x",
        "/commerce/products/?category=x&shown=y",
        f"{LIST}count/?day_from=0001-01-01&exactly=1",
    ],
)
def test_an_address_typed_by_hand_never_breaks_a_page(ann: Client, address: str) -> None:
    take(make_message("A-1"))

    assert ann.get(address).status_code == 200


def test_an_old_page_address_says_so(ann: Client) -> None:
    assert ann.get(LIST, {"cursor": "nonsense"}).status_code == 422


def test_the_next_page_goes_on_where_the_first_ends(ann: Client) -> None:
    start = datetime(2026, 3, 10, 10)
    take(*(make_message(f"N{number:03}", occurred_at=start + timedelta(minutes=number)) for number in range(51)))

    first = text(ann, LIST)
    cursor = first.split("cursor=")[1].split('"')[0]
    second = text(ann, LIST, {"cursor": cursor})

    assert ("N050" in first, "N000" in first) == (True, False)
    assert ("N050" in second, "N000" in second) == (False, True)


def test_the_count_comes_after_the_list_with_the_total(ann: Client) -> None:
    take(make_message("A-1"), make_message("A-2"))

    body = text(ann, f"{LIST}count/")

    assert "2 receipts" in body
    assert "Rp\u00a050,000" in body


def test_a_claim_is_offered_where_something_was_sold_to_nobody_known(ann: Client) -> None:
    back, tea = make_line(quantity=-1), make_line(sku="TEH")
    take(make_message("1"), make_message("2", kind="exchange", lines=(back, tea)), make_message("3", kind="return"))

    offered = {one: f"/{get_receipt(one).pk}/claim/" in text(ann, f"{LIST}{get_receipt(one).pk}/") for one in "123"}

    assert offered == {"1": True, "2": True, "3": False}


@pytest.mark.parametrize(
    ("amount", "part"),
    [
        ("kept", "Left after returns <b>Rp\u00a030,000</b>"),
        ("sold", "Purchases <b>Rp\u00a055,000</b>"),
        ("below", "Took something back <b>-Rp\u00a025,000</b>"),
    ],
)
def test_the_count_says_what_its_part_is_of(ann: Client, amount: str, part: str) -> None:
    swap = (make_line(quantity=-1), make_line(sku="TEH", unit_price="30000"))
    take(make_message("1"), make_message("X", kind="exchange", original_number="1", lines=swap))

    body = sub(' class="[^"]*"', "", text(ann, f"{LIST}count/?amount={amount}"))

    assert part in body


def test_lists_and_receipts_need_few_queries_however_many_there_are(ann: Client) -> None:
    take(make_message("A-1", phone="081234567890"))
    few, one = queries(ann, LIST), queries(ann, address_of("A-1"))
    lines = tuple(make_line(sku=f"S{number}") for number in range(20))
    take(*(make_message(f"B-{number}", phone=f"0812345678{number}", lines=lines) for number in range(30)))

    assert queries(ann, LIST) == few <= 5
    assert queries(ann, address_of("B-1")) == one <= 9


def test_a_receipt_adds_up_and_says_who_took_it_in(ann: Client) -> None:
    take(
        make_message(
            "A-1",
            lines=(make_line(unit_price="20000", quantity=2, discount="5000", tax="3500"),),
            shipping="10000",
            tax_included=False,
        )
    )

    body = text(ann, address_of("A-1"))

    assert [f"Rp\u00a0{amount}" in body for amount in ("35,000", "3,500", "10,000", "48,500")] == [True] * 4
    assert "What happened" in body
    assert "Bought for Rp\u00a048,500 at SUDIRMAN" in body


def test_what_happened_names_the_branch_as_lists_do(ann: Client) -> None:
    take(make_message("A-1", phone="081234567890"))
    Branch.objects.filter(code="SUDIRMAN").update(name="Jalan Sudirman")
    customer = get_receipt("A-1").customer_id

    assert "Bought for Rp\u00a025,000 at Jalan Sudirman" in text(ann, address_of("A-1"))
    assert "at Jalan Sudirman" in text(ann, f"/customers/{customer}/timeline/")


def test_what_happened_says_when_it_was_sold_and_notes_when_it_came_in(ann: Client, time_machine: Any) -> None:
    sold = now().replace(second=0)
    take(make_message("A-1", occurred_at=sold), at=sold)
    time_machine.move_to(sold + timedelta(days=3))
    take(make_message("A-2", occurred_at=sold), at=now())

    live, late = text(ann, address_of("A-1")), text(ann, address_of("A-2"))

    assert f"{moment(sold)} ·" in live.partition("What happened")[2]
    assert "recorded" not in live.partition("What happened")[2]
    assert f'{moment(sold)} · recorded <time datetime="{(sold + timedelta(days=3)).date()}' in late


def test_branch_and_till_are_told_apart(ann: Client) -> None:
    take(make_message("A-1", terminal="K2"))

    assert "<dt>Till</dt><dd>K2</dd>" in text(ann, address_of("A-1"))
    assert 'SUDIRMAN<span class="text-muted whitespace-nowrap"> · till K2</span>' in text(ann, LIST)


def test_a_receipt_names_its_returns_and_a_return_its_sale(ann: Client) -> None:
    take(make_message("A-1"), make_message("R-1", kind="return", original_number="A-1"))

    assert address_of("R-1") in text(ann, address_of("A-1"))
    assert address_of("A-1") in text(ann, address_of("R-1"))


def test_a_corrected_receipt_shows_what_it_said_before(ann: Client) -> None:
    take(make_message("A-1"))
    take(make_message("A-1", lines=(make_line(unit_price="30000"),)))

    body = text(ann, address_of("A-1"))

    assert "Version 0, replaced" in body
    assert "Rp\u00a025,000 → Rp\u00a030,000" in body


def test_the_waiting_queue_says_for_which_sale(ann: Client) -> None:
    empty = text(ann, f"{LIST}early/")
    take(make_message("R-1", kind="return", original_number="A-9"))

    assert "Nothing waits" in empty
    assert "Sale A-9 has not arrived" in text(ann, f"{LIST}early/")


def test_an_anonymous_receipt_is_claimed_by_phone(ann: Client) -> None:
    make_recent()

    response = ann.post(f"{address_of('1')}claim/", {"phone": "081234567890", "name": "Ayu"})

    assert (response.status_code, response["Location"]) == (303, address_of("1"))
    assert get_receipt("1").customer_from == Receipt.CustomerFrom.CLAIM
    assert "Ayu" in text(ann, address_of("1"))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "A claim needs a phone number, an e-mail address or a loyalty card."),
        ({"email": "not an address"}, "Enter a valid email address."),
        ({"phone": "Ayu Lestari"}, "This is not a phone number."),
    ],
)
def test_a_claim_that_identifies_nobody_is_refused_in_the_form(ann: Client, given: dict[str, str], reason: str) -> None:
    make_recent()

    response = ann.post(f"{address_of('1')}claim/", given)

    assert response.status_code == 422
    assert reason in response.content.decode()
    assert get_receipt("1").customer_id is None


def test_an_anonymous_receipt_is_claimed_for_a_customer_chosen_by_name(ann: Client) -> None:
    make_recent()
    ayu = make_customer("Ayu Lestari")

    page = text(ann, address_of("1"))
    response = ann.post(f"{address_of('1')}claim/", {"words": "ayu", "other": str(ayu.pk)})

    assert 'hx-get="/customers/choices/"' in page
    assert response.status_code == 303
    assert (get_receipt("1").customer_id, get_receipt("1").customer_from) == (ayu.pk, Receipt.CustomerFrom.CLAIM)
    assert facts_recorded("commerce.receipt_claimed") == ["commerce.receipt_claimed"]


def test_a_claim_says_whom_it_is_for_once(ann: Client) -> None:
    make_recent()
    ayu = make_customer("Ayu Lestari")

    both = ann.post(f"{address_of('1')}claim/", {"other": str(ayu.pk), "phone": "081234567890"})
    nobody = ann.post(f"{address_of('1')}claim/", {"other": str(get_receipt("1").pk)})

    assert (both.status_code, nobody.status_code) == (422, 422)
    assert "Choose a customer or type what identifies one, not both." in both.content.decode()
    assert "There is no such customer." in nobody.content.decode()
    assert get_receipt("1").customer_id is None


def test_a_second_claim_is_refused_and_noted(ann: Client) -> None:
    make_recent()
    ann.post(f"{address_of('1')}claim/", {"phone": "081234567890"})
    owner = get_receipt("1").customer_id

    response = ann.post(f"{address_of('1')}claim/", {"phone": "081299999999"})

    assert response.status_code == 422
    assert "belongs to another customer" in response.content.decode()
    assert get_receipt("1").customer_id == owner
    assert facts_recorded("commerce.claim") == ["commerce.claim_refused"]


def test_the_printed_code_leads_to_its_receipt(ann: Client) -> None:
    make_recent()
    code = claim_code(get_receipt("1").pk)
    page = text(ann, address_of("1"))

    assert code in page
    assert "<path d=" in page
    assert ann.get(f"{LIST}code/", {"code": code})["Location"] == address_of("1")
    assert ann.post(f"{LIST}code/", {"code": f" {code} "})["Location"] == address_of("1")
    assert ann.post(f"{LIST}code/", {"code": f"{code}x"}).status_code == 422


def test_who_may_only_look_sees_neither_form_nor_code(client: Client) -> None:
    make_recent()
    sign_in(client, "readonly")

    body = text(client, address_of("1"))
    refused = client.post(f"{address_of('1')}claim/", {"phone": "081234567890"})

    assert claim_code(get_receipt("1").pk) not in body
    assert "Claim it for a customer" not in body
    assert (refused.status_code, get_receipt("1").customer_id) == (403, None)


def test_what_a_till_sends_is_text_not_markup(ann: Client) -> None:
    take(
        make_message(
            NASTY,
            lines=(make_line(sku="X", name=NASTY),),
            terminal=NASTY,
            attributes={NASTY: NASTY},
            phone="081234567890",
        )
    )
    receipt = Receipt.objects.get()

    pages = [LIST, f"{LIST}{receipt.pk}/", "/commerce/palette/?q=1", f"/commerce/purchases/{receipt.customer_id}/"]

    assert [NASTY in text(ann, address) for address in pages] == [False] * 4
    assert "&lt;script&gt;" in text(ann, f"{LIST}{receipt.pk}/")


def test_the_palette_finds_receipts_by_number(ann: Client) -> None:
    take(make_message("A-1"))

    assert address_of("A-1") in text(ann, "/commerce/palette/", {"q": "a-1"})
    assert text(ann, "/commerce/palette/", {"q": ""}).strip() == ""


def test_the_purchases_of_a_customer_are_summed_up(ann: Client) -> None:
    for day in (1, 8, 15):
        take(make_message(f"D{day}", phone="081234567890", occurred_at=datetime(2026, 2, day, 9)))

    body = text(ann, f"/commerce/purchases/{get_receipt('D1').customer_id}/")

    assert "Rp\u00a075,000" in body
    assert "7 days" in body
    assert "SUDIRMAN, 09:00" in body
    assert "Kopi susu" in body
    assert "3×" in body


def test_a_receipt_with_an_unusable_phone_number_does_not_say_that_nobody_showed_one(ann: Client) -> None:
    make_recent("1", contact=Contact((("phone", "12"),), name="Rini"))
    make_recent("2")

    given, none = text(ann, address_of("1")), text(ann, address_of("2"))

    assert "Anonymous: an identifier was given that cannot be used, such as a phone number with too few digits." in given
    assert "nobody showed a card" not in given
    assert "Anonymous: nobody showed a card or a phone number." in none


def test_a_change_for_the_worse_has_the_sign_that_amounts_have(ann: Client) -> None:
    take(
        make_message("1", occurred_at=now() - timedelta(days=10), lines=(make_line(quantity=4),)),
        make_message("2", occurred_at=now() - timedelta(days=2)),
        at=now(),
    )

    assert "-75%" in text(ann, "/commerce/today/")
