"""Saved views of the customer list: tabs, modified, the beginning of the list, export, API."""

from __future__ import annotations

import codecs
import csv
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import Client
from django.utils.timezone import now

from akrab.customers.tests.factories import make_customer, sign_in
from akrab.platform.actor import command_actor
from akrab.platform.exporting import write_export
from akrab.platform.importing.kinds import exported_kind
from akrab.platform.models import Fact, SavedView
from akrab.platform.operations.tokens import create_token
from akrab.platform.tests.factories import facts_recorded, make_field_rule

pytestmark = pytest.mark.django_db


def saved(client: Client, query: str = "stage=loyal", **more: str) -> SavedView:
    response = client.post("/views/", {"list": "customers", "query": query, "name": "Loyal ones", "is_pinned": "on", **more})
    assert response.status_code == 303, response.content.decode()[-2000:]
    return SavedView.objects.get()


def test_what_the_list_shows_becomes_a_tab_and_a_change_of_it_is_told(client: Client) -> None:
    sign_in(client)
    make_customer("Ayu", stage="loyal")
    make_customer("Budi", stage="lapsed")
    view = saved(client)

    shown = client.get(f"/customers/?view={view.pk}&stage=loyal").content.decode()
    modified = client.get(f"/customers/?view={view.pk}&stage=lapsed").content.decode()

    assert "Loyal ones" in shown
    assert "Ayu" in shown
    assert "Budi" not in shown
    assert "Modified" not in shown
    assert "Modified" in modified
    assert "Budi" in modified
    assert "Save as new" in modified


def test_a_view_named_alone_leads_to_its_whole_state_and_a_default_is_where_the_list_begins(client: Client) -> None:
    sign_in(client)
    view = saved(client, is_default="on")
    whole = f"/customers/?view={view.pk}&stage=loyal"

    assert client.get(f"/customers/?view={view.pk}").headers["Location"] == whole
    assert client.get("/customers/").headers["Location"] == whole
    assert client.get("/customers/?sort=name").status_code == 200


def test_saving_over_a_view_and_putting_it_away(client: Client) -> None:
    sign_in(client)
    view = saved(client)

    client.post(f"/views/{view.pk}/", {"query": "stage=lapsed&sort=-spend"})
    view.refresh_from_db()
    gone = client.post(f"/views/{view.pk}/", {"_method": "delete"})

    assert (view.query, view.version) == ("stage=lapsed&sort=-spend", 2)
    assert gone.headers["Location"] == "/customers/"
    assert "Loyal ones" not in client.get("/customers/?stage=loyal").content.decode()


def test_an_export_writes_what_a_view_shows(tmp_path: Path) -> None:
    make_customer("Ayu 100%", stage="loyal", email="ayu@contoh.id")
    make_customer("Budi", stage="lapsed")
    by = command_actor()

    done = write_export(
        by=by, export=exported_kind("customers"), path=tmp_path / "c.csv", filters={}, query="stage=loyal&q=ayu&has=email"
    )

    assert done.rows == 1
    assert "Ayu 100%" in (tmp_path / "c.csv").read_text()


def test_an_export_of_a_search_that_finds_nobody_has_its_heading_alone(tmp_path: Path) -> None:
    make_customer("Ayu")
    path = tmp_path / "c.csv"

    done = write_export(by=command_actor(), export=exported_kind("customers"), path=path, filters={}, query="q=zzzzzzzz")

    assert (done.rows, path.read_text().count("\n")) == (0, 1)


def test_the_record_of_an_export_tells_its_filters_without_the_names_in_them(tmp_path: Path) -> None:
    make_customer("Budi Rahasia")
    where = "stage:is:lapsed;(name:has:Rahasia|'Budi, R.',spend:min:500000,email:any);stage:not:new"

    for query in (urlencode({"where": where, "q": "Rahasia", "stage": "loyal"}), ""):
        by, export = command_actor(), exported_kind("customers")
        write_export(by=by, export=export, path=tmp_path / "c.csv", filters={"city": "Solo"}, query=query)

    told = [fact.payload["asked"] for fact in Fact.objects.filter(kind="platform.data_exported").order_by("id")]
    assert [parse_qsl(one) for one in told] == [
        [
            ("city", "Solo"),
            ("where", "stage:is:lapsed;(name:has:*,spend:min:500000,email:any);stage:not:new"),
            ("q", "*"),
            ("stage", "loyal"),
        ],
        [("city", "Solo")],
    ]


def test_the_api_keeps_changes_and_retires_views(client: Client) -> None:
    user = sign_in(client)
    secret, _fact = create_token(by=command_actor(), user_id=user.pk, at=now(), name="t", scopes=())
    key = {"Authorization": f"Bearer {secret}"}
    body = {"object": "customers", "name": "API", "query": "stage=loyal&nonsense=1"}

    made = client.post("/api/v1/views", body, content_type="application/json", headers=key)
    twice = client.post("/api/v1/views", body, content_type="application/json", headers=key)
    address = made.headers["Location"]
    changed = client.patch(address, {"name": "Renamed"}, content_type="application/json", headers=key)

    assert (made.status_code, made.json()["query"], made.json()["may_change"]) == (201, "stage=loyal", True)
    assert (twice.status_code, twice.json()["code"]) == (409, "view_name_taken")
    assert (changed.json()["name"], changed.json()["version"]) == ("Renamed", 2)
    assert [one["name"] for one in client.get("/api/v1/views?object=customers", headers=key).json()["items"]] == ["Renamed"]
    assert client.delete(address, headers=key).status_code == 204
    assert client.get(address, headers=key).status_code == 404


def test_the_sums_of_a_list_are_those_of_what_it_shows_in_each_currency(client: Client) -> None:
    sign_in(client)
    make_customer("Ayu", stage="loyal", spend=150_000_00, spend_currency="IDR", purchase_count=2)
    make_customer("Budi", stage="loyal", spend=50_000_00, spend_currency="IDR", purchase_count=1)
    make_customer("Citra", stage="loyal", spend=12_50, spend_currency="SGD", purchase_count=1)
    make_customer("Dewi", stage="lapsed", spend=1_00, spend_currency="IDR", purchase_count=7)

    shown = client.get("/customers/sums/?stage=loyal").content.decode().replace("\xa0", " ")

    assert "200,000" in shown
    assert "12.50" in shown
    assert ">4</dd>" in shown


def test_a_sum_of_what_cannot_be_read_is_not_told(client: Client) -> None:
    sign_in(client)
    make_customer("Ayu", spend=150_000_00, spend_currency="IDR", purchase_count=2)
    make_field_rule("spend", "hidden")

    shown = client.get("/customers/sums/").content.decode()

    assert "150,000" not in shown
    assert ">2</dd>" in shown


def test_columns_are_chosen_and_ordered_in_the_address_without_those_that_are_closed(client: Client) -> None:
    sign_in(client)
    make_customer("Ayu", city="Solo", purchase_count=3, spend=5_00, spend_currency="IDR")
    make_field_rule("spend", "hidden")

    shown = client.get("/customers/?columns=purchases|spend|nonsense|city").content.decode()
    steps = client.get("/customers/columns/?columns=purchases|city&stage=loyal").content.decode()

    assert '<td class="num">3</td><td class="">Solo</td>' in shown
    assert "/customers/columns/?stage=loyal&amp;columns=city|purchases" in steps
    assert "columns=purchases|city|owner" in steps
    assert "columns=purchases|city|spend" not in steps


def test_the_usual_columns_are_taken_away_one_by_one(client: Client) -> None:
    sign_in(client)
    make_field_rule("spend", "hidden")

    steps = client.get("/customers/columns/").content.decode()

    assert "Take away: Stage" in steps
    assert "Take away: Spend" not in steps
    assert '/customers/columns/?columns=contact|city|purchases|last_purchase"' in steps
    assert '/customers/columns/?columns=stage|contact|city|purchases|last_purchase|registered"' in steps


def test_the_list_is_downloaded_as_it_is_narrowed_and_the_audit_tells_of_it(client: Client) -> None:
    sign_in(client, "analyst")
    make_customer("=Ayu", stage="loyal", email="ayu@contoh.id")
    make_customer("Budi", stage="lapsed")
    make_field_rule("spend", "hidden", role="analyst")

    page = client.get("/customers/?stage=loyal").content.decode()
    response = client.post("/exports/customers/", {"query": "q=ayu&stage=loyal"})

    assert 'action="/exports/customers/"' in page
    assert 'name="query" value="stage=loyal"' in page
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith('attachment; filename="customers-')
    written = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert written.startswith(codecs.BOM_UTF8)
    rows = list(csv.DictReader(StringIO(written.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["'=Ayu"]
    assert "spend" not in rows[0]
    assert facts_recorded("platform.data") == ["platform.data_exported"]
    (fact,) = Fact.objects.filter(kind="platform.data_exported")
    assert (fact.payload["what"], fact.payload["rows"], fact.payload["asked"]) == ("customers", 1, "q=*&stage=loyal")


def test_who_may_not_export_is_neither_offered_a_download_nor_given_one(client: Client) -> None:
    sign_in(client, "staff")
    make_customer("Ayu")

    response = client.post("/exports/customers/", {"query": ""})

    assert "/exports/customers/" not in client.get("/customers/").content.decode()
    assert (response.status_code, facts_recorded("platform.data")) == (403, [])
