"""Receiving receipts: once, whole, in sets, and with a reason when one cannot be taken."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from akrab.commerce.models import Branch, Receipt, ReceiptLine, ReceiptVersion
from akrab.commerce.operations.receiving import record_receipts
from akrab.commerce.queries.messages import ReceiptMessage, TenderMessage
from akrab.commerce.tests.factories import get_receipt, make_line, make_message, take
from akrab.customers.models import Customer
from akrab.platform.refusal import Forbidden
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

pytestmark = pytest.mark.django_db


def test_a_receipt_finds_its_customer_and_records_one_fact() -> None:
    outcomes = take(make_message("7", phone="0812 3456 7890"))

    assert [outcome.result for outcome in outcomes] == ["created"]
    assert get_receipt("7").customer == Customer.objects.get(phone="0812 3456 7890")
    assert facts_recorded("commerce.receipt") == ["commerce.receipt_recorded"]


def test_the_same_receipt_again_changes_nothing() -> None:
    take(make_message("7", phone="081234567890"))
    before = facts_recorded()

    outcomes = take(make_message("7", phone="081234567890"))

    assert [outcome.result for outcome in outcomes] == ["unchanged"]
    assert facts_recorded() == before


def test_three_deliveries_in_one_batch_have_one_effect() -> None:
    outcomes = take(*[make_message("7")] * 3)

    assert [outcome.result for outcome in outcomes] == ["created", "unchanged", "unchanged"]
    assert Receipt.objects.count() == 1


def test_other_content_is_a_correction_that_keeps_what_was_said() -> None:
    take(make_message("7"))

    outcomes = take(make_message("7", lines=(make_line(quantity=3),)))

    assert [outcome.result for outcome in outcomes] == ["updated"]
    assert get_receipt("7").net == 7_500_000
    assert ReceiptVersion.objects.get().content["net"] == 2_500_000
    assert facts_recorded("commerce.receipt") == ["commerce.receipt_recorded", "commerce.receipt_corrected"]


def test_a_corrected_cost_is_a_correction() -> None:
    take(make_message("7", lines=(make_line(cost=Decimal(9000)),)))

    outcomes = take(make_message("7", lines=(make_line(cost=Decimal(8000)),)))

    assert [outcome.result for outcome in outcomes] == ["updated"]
    assert ReceiptLine.objects.get().cost == 800_000


def test_an_older_revision_that_arrives_late_changes_nothing() -> None:
    take(make_message("7", revision=2, lines=(make_line(quantity=3),)))

    outcomes = take(make_message("7", revision=1))

    assert [outcome.result for outcome in outcomes] == ["unchanged"]
    assert get_receipt("7").net == 7_500_000


def test_the_same_content_under_a_higher_revision_keeps_the_revision() -> None:
    take(make_message("7", revision=1), make_message("7", revision=3))

    outcomes = take(make_message("7", revision=2, lines=(make_line(quantity=3),)))

    assert [outcome.result for outcome in outcomes] == ["unchanged"]
    assert (get_receipt("7").revision, get_receipt("7").net) == (3, 2_500_000)


def test_a_bad_receipt_is_refused_with_its_reason_and_the_others_are_kept() -> None:
    outcomes = take(make_message("7"), make_message("8", lines=()), make_message("9", total="1"))

    assert [outcome.result for outcome in outcomes] == ["created", "error", "error"]
    assert outcomes[1].reason == "A receipt needs at least one line."
    assert outcomes[2].reason == "The total of the receipt is 1.00, but its lines add up to 25000.00."
    assert Receipt.objects.count() == 1


def test_an_unknown_branch_is_an_error_unless_branches_may_be_opened() -> None:
    outcomes = take(make_message("7"), open_branches=False)

    assert outcomes[0].result == "error"
    assert facts_recorded() == []


def test_who_may_not_open_branches_opens_none_with_a_receipt() -> None:
    with pytest.raises(Forbidden):
        take(make_message("7"), by=make_actor("staff"))

    assert (Branch.objects.count(), Receipt.objects.count(), facts_recorded()) == (0, 0, [])


def test_a_receipt_from_the_future_is_refused() -> None:
    outcomes = take(make_message("7", occurred_at=datetime(2027, 1, 1)))

    assert outcomes[0].reason == (
        "The receipt is dated 2027-01-01 00:00, in the future; check its date, or the clock of the till."
    )


def test_someone_who_may_only_read_cannot_record_receipts() -> None:
    with pytest.raises(Forbidden):
        record_receipts(by=make_actor("readonly"), receipts=[make_message()], at=NOON)

    assert facts_recorded() == []


def test_an_anonymous_receipt_is_kept() -> None:
    take(make_message("7"))

    assert get_receipt("7").customer is None
    assert Customer.objects.count() == 0


def test_header_discount_is_allocated_to_the_last_rupiah() -> None:
    lines = tuple(make_line(sku=f"S{n}", unit_price="10000", position=n) for n in range(3))

    take(make_message("7", lines=lines, discount="10000"))

    nets = list(ReceiptLine.objects.order_by("line").values_list("net", flat=True))
    assert nets == [666_666, 666_667, 666_667]
    assert get_receipt("7").net == 2_000_000


def test_tax_included_and_added_rounding_and_shipping_add_up_to_the_total() -> None:
    take(
        make_message("7", lines=(make_line(unit_price="11100", tax="1100"),), rounding="-100", total="11000"),
        make_message("8", lines=(make_line(unit_price="10000", tax="1100"),), tax_included=False, shipping="5000", total="16100"),
    )

    first, second = get_receipt("7"), get_receipt("8")
    assert (first.net, first.tax, first.rounding, first.total) == (1_000_000, 110_000, -10_000, 1_100_000)
    assert (second.net, second.tax, second.shipping, second.total) == (1_000_000, 110_000, 500_000, 1_610_000)


def test_what_was_paid_with_points_is_known() -> None:
    take(make_message("7", tenders=(TenderMessage("points", Decimal(5000)), TenderMessage("cash", Decimal(20000)))))

    assert get_receipt("7").paid_with_points == 500_000


def test_a_discount_larger_than_what_it_comes_off_is_refused() -> None:
    outcomes = take(
        make_message("7", lines=(make_line(discount="25001"),)),
        make_message("8", discount="30000"),
        make_message("9", discount="25000"),
    )

    assert [outcome.reason for outcome in outcomes] == [
        "The discount 25001.00 is larger than the amount 25000.00 that it comes off.",
        "The discount 30000.00 is larger than the amount 25000.00 that it comes off.",
        "",
    ]
    assert list(Receipt.objects.values_list("number", "net")) == [("9", 0)]


def test_payments_that_differ_from_the_total_are_kept_as_they_were_said() -> None:
    cash = TenderMessage("cash", Decimal(20_000))

    take(make_message("7", tenders=(cash,)), make_message("8", tenders=(cash, TenderMessage("card", None))))

    assert list(get_receipt("7").tenders.values_list("amount", flat=True)) == [2_000_000]
    assert list(get_receipt("8").tenders.order_by("position").values_list("amount", flat=True)) == [2_000_000, 500_000]


def test_the_zone_of_the_branch_decides_the_business_date() -> None:
    late_in_jakarta = make_message("7", occurred_at=datetime(2026, 3, 10, 23, 30))

    take(late_in_jakarta)

    receipt = get_receipt("7")
    assert receipt.business_on.isoformat() == "2026-03-10"
    assert receipt.occurred_at.isoformat() == "2026-03-10T16:30:00+00:00"


def test_a_batch_from_an_offline_till_keeps_its_days_and_the_skew_of_its_clock() -> None:
    late = datetime(2026, 3, 11, 5, 0, 30)

    take(make_message("7", occurred_at=datetime(2026, 2, 15, 9), sent_at=late.replace(tzinfo=UTC)))

    receipt = get_receipt("7")
    assert (receipt.business_on.isoformat(), receipt.clock_skew) == ("2026-02-15", -30)


def test_the_number_of_queries_does_not_grow_with_the_batch() -> None:
    take(make_message("0", phone="081100000000"))
    counts = []
    for start, size in ((1, 20), (100, 60)):
        messages = [make_message(str(n), phone=f"0812{n:08d}") for n in range(start, start + size)]
        with CaptureQueriesContext(connection) as captured:
            take(*messages)
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (make_message("N" * 81), "“NNNNNNNNNNNNNNNNNNNN…” is too long: at most 80 characters can be kept."),
        (make_message(branch="B" * 61), "“BBBBBBBBBBBBBBBBBBBB…” is too long: at most 60 characters can be kept."),
        (make_message(terminal="T" * 41), "“TTTTTTTTTTTTTTTTTTTT…” is too long: at most 40 characters can be kept."),
        (
            make_message(lines=(make_line(sku="K" * 81),)),
            "“KKKKKKKKKKKKKKKKKKKK…” is too long: at most 80 characters can be kept.",
        ),
        (
            make_message(lines=(make_line(quantity=1_000_000, unit_price="999999999999"),)),
            "The amount 999999999999000000 is too large.",
        ),
        (make_message(lines=(make_line(discount="9" * 20),)), "The amount 99999999999999999999 is too large."),
        (make_message(discount="1e30"), "The amount 1E+30 is too large."),
        (make_message(shipping="9" * 19), "The amount 9999999999999999999 is too large."),
        (make_message(rounding="-" + "9" * 19), "The amount -9999999999999999999 is too large."),
        (make_message(lines=(make_line(unit_price="9e12"),) * 2), "The amount 18000000000000.00 is too large."),
        (make_message(lines=(make_line(quantity="NaN"),)), "The quantity or the price of KOPI is too large."),
        (make_message(tenders=(TenderMessage("cash", Decimal("1e30")),)), "The amount 1E+30 is too large."),
        (make_message(revision=2**31), "The revision 2147483648 is out of range."),
        (make_message(terminal="a\0b"), "A text contains a NUL character, which cannot be kept."),
        (make_message(attributes={"table": "x\0y"}), "A text contains a NUL character, which cannot be kept."),
    ],
)
def test_what_no_column_holds_is_refused_with_its_reason_and_the_others_are_kept(bad: ReceiptMessage, reason: str) -> None:
    outcomes = take(bad, make_message("8"))

    assert [(outcome.result, outcome.reason) for outcome in outcomes] == [("error", reason), ("created", "")]
    assert list(Receipt.objects.values_list("number", flat=True)) == ["8"]
