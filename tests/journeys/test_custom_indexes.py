"""A field that is to be quick gets an index beside all work; filters, order and paging use it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from akrab.customers.queries.choosing import Choice
from akrab.customers.queries.listing import list_customers
from akrab.platform.bulk import fetch
from akrab.platform.customizing.indexing import reconcile
from akrab.platform.customizing.models import CustomField
from akrab.platform.listing.tree import read_tree
from akrab.platform.operations.custom_fields import ChoiceWords, trash_field
from akrab.platform.tests.factories import NOON, make_actor
from akrab.platform.tests.test_custom_fields import define

pytestmark = pytest.mark.django_db(transaction=True)
ANN = make_actor()
_MANY = """
INSERT INTO customers_customer (id, kind, display_name, honorific, given_name, family_name, email, phone, city, country, address,
    stage, purchase_count, spend, spend_currency, source, registered_at, version, changed_at, changed_xid, custom)
SELECT gen_random_uuid(), 'person', 'Customer ' || n, '', '', '', '', '', '', '', '', 'lead', 0, 0, '', '', now(), 1, now(), 1,
    jsonb_build_object('size', n::text, 'rank', CASE WHEN n %% 1000 = 0 THEN 'gold' ELSE 'silver' END,
        'nickname', 'nick ' || md5(n::text), 'since', to_char(date '2000-01-01' + n %% 9000, 'YYYY-MM-DD'),
        'interests', jsonb_build_array(CASE WHEN n %% 1000 = 7 THEN 'golf' ELSE 'tea' END))
FROM generate_series(1, 20000) AS n
"""


@pytest.fixture
def many() -> None:
    define("Size", "number", is_searchable=True)
    define("Rank", "choice", is_searchable=True, choices=[ChoiceWords("Gold"), ChoiceWords("Silver")])
    define("Nickname", is_searchable=True)
    define("Since", "date", is_searchable=True)
    define("Interests", "choices", is_searchable=True, choices=[ChoiceWords("Golf"), ChoiceWords("Tea")])
    fetch(_MANY)


def plans(**choice: Any) -> str:
    """How the database goes about a page of a list."""
    with CaptureQueriesContext(connection) as asked:
        list_customers(by=ANN, choice=Choice(**choice))
    page = next(one["sql"] for one in asked.captured_queries if 'FROM "customers_customer"' in one["sql"])
    return "\n".join(row[0] for row in fetch("EXPLAIN " + page.replace("%", "%%")))


def test_filters_and_order_by_quick_fields_read_an_index(many: None) -> None:
    assert "Seq Scan" in plans(sort="-custom.size")

    built = reconcile()

    assert built == {"built": 6, "dropped": 0, "failed": 0}
    assert all(CustomField.objects.values_list("is_indexed", flat=True))
    asked: list[dict[str, Any]] = [
        {"sort": "-custom.size"}, {"sort": "custom.nickname"}, {"sort": "custom.since"},
        {"where": read_tree("custom.size:min:19990")}, {"where": read_tree("custom.rank:is:gold")},
        {"where": read_tree("custom.nickname:is:nick abc")}, {"where": read_tree("custom.since:within:2024-08-20")},
        {"where": read_tree("custom.nickname:has:d41d8cd9")}, {"where": read_tree("custom.interests:is:golf")},
        {"where": read_tree("custom.size:min:100;custom.size:max:120"), "sort": "-custom.since"},
    ]  # fmt: skip
    assert [choice for choice in asked if "custom_" not in plans(**choice)] == []


def test_an_index_goes_with_its_field(many: None) -> None:
    reconcile()

    trash_field(by=ANN, field_id=CustomField.objects.get(key="size").pk, at=NOON)

    assert reconcile() == {"built": 0, "dropped": 1, "failed": 0}
    assert reconcile() == {"built": 0, "dropped": 0, "failed": 0}


def test_a_formula_that_cannot_be_indexed_is_worked_out_each_time() -> None:
    define("Age", "formula", formula="years_since(born_on)", is_searchable=True)
    define("Double", "formula", formula="purchases * 2", is_searchable=True)

    assert reconcile() == {"built": 1, "dropped": 0, "failed": 1}
    assert dict(CustomField.objects.values_list("key", "is_indexed")) == {"age": False, "double": True}
