"""Erasing reaches every room: purchases stay for the books without the person, work about the person goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from akrab.collaboration.operations.writing import NoteDraft, write_notes
from akrab.collaboration.tests.factories import make_colleague, make_task
from akrab.commerce.models import Receipt
from akrab.commerce.tests.factories import make_line, make_message, take
from akrab.customers.public import erase_customer
from akrab.customers.tests.factories import make_customer
from akrab.platform.bulk import fetch
from akrab.platform.tests.factories import NOON, make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")


def tables_with(*texts: str) -> list[str]:
    tables = fetch("SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
    one = "SELECT 1 FROM unnest(%s::text[]) AS w(text) WHERE position(w.text IN lower(t::text)) > 0"
    return [name for (name,) in tables if fetch(f"SELECT 1 FROM {name} t WHERE EXISTS ({one}) LIMIT 1", [list(texts)])]


def books() -> list[tuple[object, ...]]:
    return fetch("SELECT count(*), sum(net), sum(total), sum(returned) FROM commerce_receipt")


def test_purchases_stay_without_the_person_and_work_about_the_person_goes() -> None:
    rina = make_colleague("Rina")
    dewi, budi = make_customer("Dewi Unikasari", phone="+628117770001"), make_customer("Budi Santoso", phone="+628117770002")
    take(make_message("1", "08117770001", attributes={"note": "for Dewi Unikasari"}), make_message("2", "08117770002"))
    take(make_message("1", "08117770001", lines=(make_line(quantity=2),), revision=1), at=NOON + timedelta(days=2))
    make_task(rina, "Call Dewi Unikasari", customers=(dewi.pk,))
    shared = make_task(rina, "Meet Dewi Unikasari and Budi", customers=(dewi.pk, budi.pk))
    write_notes(by=rina, notes=[NoteDraft(body="Dewi Unikasari likes tea", customer_id=dewi.pk)], at=NOON)
    before = books()
    assert {"collaboration_note", "collaboration_task"} <= set(tables_with("unikasari"))

    erase_customer(by=ANN, customer_id=dewi.pk, at=NOON + timedelta(days=3))

    assert tables_with("unikasari", "8117770001") == []
    assert [name for name in tables_with(str(dewi.pk)) if name not in {"customers_erasure", "procrastinate_jobs"}] == [
        name for name in tables_with(str(dewi.pk)) if name.startswith("platform_fact_")
    ]
    assert books() == before
    assert list(Receipt.objects.order_by("number").values_list("number", "customer_id")) == [("1", None), ("2", budi.pk)]
    shared.refresh_from_db()
    assert shared.title == "Meet  and Budi"
    take(make_message("3", "08117770001"))
    assert Receipt.objects.get(number="3").customer_id is None
