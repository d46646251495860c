"""Every address of pages and API is asked by people whom rules limit: none tells, changes or hints at what they may not see.

The walk finds the addresses by itself, so a new page or endpoint is tested the day it is registered; one that takes a
parameter the walk does not know fails until it is taught.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils.timezone import now

from akrab.cli.main import COMMANDS
from akrab.collaboration.operations.writing import NoteDraft, write_notes
from akrab.collaboration.tests.factories import make_task
from akrab.commerce.tests.factories import make_message, take
from akrab.customers.operations.editing import edit_customer
from akrab.customers.operations.merging import merge_customers
from akrab.customers.operations.relating import relate_customers
from akrab.customers.tests.factories import make_customer
from akrab.platform.actor import command_actor
from akrab.platform.bulk import fetch
from akrab.platform.ids import new_id
from akrab.platform.models import User
from akrab.platform.operations.custom_fields import FieldWords, define_field
from akrab.platform.operations.tokens import create_token
from akrab.platform.tests.factories import NOON, acting, make_field_rule, make_person, make_rule

pytestmark = pytest.mark.django_db
UNSEEN = ("Dwipa", "Kotarahasia", "119990001", "tersembunyi@")
"""What only the record out of reach says."""
CLOSED = ("117770002", "Tertutup Adat")
"""What only a hidden field of a record within reach says."""
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
BLANK = re.compile(r"<[^>]*>")
NEVER_THERE = (
    "product_id", "category_id", "import_id", "token_id", "review_id", "activity_id", "attachment_id",
    "request_id", "erasure_id", "team_id", "rule_id", "share_id", "session_id", "credential_id", "factor_id",
    "view_id", "run_id", "invitation_id", "person_id", "event_id",
    "webhook_id", "delivery_id", "notice_id", "duplicate_id", "proposal_id", "handover_id",
)  # fmt: skip
"""Parameters of things that have no customer here."""
LET_BE = {
    "session", "sign_in_link", "language", "openapi", "docs", "api-root", "readyz", "healthz", "metrics", "events",
}  # fmt: skip
"""Addresses that show nobody's data: signing in and out, documents, the state of the system."""
COMMANDS_OF_THE_OWNER = {
    "up", "status", "import", "export", "insight", "user", "token", "backup", "restore", "demo", "bench", "web", "worker",
    "prepare", "policy", "audit", "privacy", "duplicates", "fields",
}  # fmt: skip
"""Commands act for whoever owns the machine, whom no rule limits."""
COMMANDS_OF_A_PERSON = {"mcp"}
"""Commands that act as the person they name, through the same queries and operations as pages."""


@dataclass
class World:
    """A customer out of reach and one within, and the ids that addresses are filled with."""

    person: User
    mine: UUID
    other: UUID
    ids: dict[str, list[Any]] = field(default_factory=dict)

    def fill(self, route: str) -> Iterator[str]:
        """The addresses of a route, with the record out of reach and the one within; unknown parameters fail."""
        names = [found[1] for found in PARAMETER.findall(route)]
        unknown = [name for name in names if name not in self.ids]
        assert not unknown, f"{route}: teach World.ids what {unknown} is, so that this address is tested"
        for turn in range(max([len(self.ids[name]) for name in names], default=1)):
            chosen = {name: str(self.ids[name][turn % len(self.ids[name])]) for name in names}
            yield PARAMETER.sub(lambda found, chosen=chosen: chosen[found[2]], route)  # type: ignore[misc]


def make_world(role: str) -> World:
    person = make_person("Budi", role)
    mine = make_customer("Terlihat", owner=person, phone="+628117770002", city="Solo")
    other = make_customer("Rahasia Dwipa", phone="+628119990001", email="tersembunyi@example.com", city="Kotarahasia", spend=77)
    by = acting(make_person("Rina", "administrator"))
    relate_customers(by=by, customer_id=mine.pk, other_id=other.pk, kind="household", at=NOON)
    for one in (mine, other):
        edit_customer(by=by, customer_id=one.pk, changes={"given_name": one.display_name, "phone": one.phone + "1"}, at=NOON)
        edit_customer(by=by, customer_id=one.pk, changes={"phone": one.phone}, at=NOON)
    words = FieldWords(title_en="Secret", is_searchable=True)
    added = define_field(by=by, object="customers.customer", words=words, at=NOON)
    for one, value in ((mine, "Tertutup Adat"), (other, "Adat Dwipa")):
        edit_customer(by=by, customer_id=one.pk, changes={"custom.secret": value + "?"}, at=NOON)
        edit_customer(by=by, customer_id=one.pk, changes={"custom.secret": value}, at=NOON)
    take(*(make_message(f"R-{n}", phone=one.phone) for n, one in enumerate((mine, other))))
    twin = make_customer("Dwipa Kembar", city="Kotarahasia")
    merged = merge_customers(by=by, survivor_id=other.pk, other_ids=[twin.pk], at=NOON)
    drafts = [NoteDraft(body=f"Tentang {one.display_name}", customer_id=one.pk) for one in (other, mine)]
    notes = write_notes(by=by, notes=drafts, at=NOON)
    tasks = [make_task(by, f"Telepon {one.display_name}", customers=(one.pk,), assignee_id=None) for one in (other, mine)]
    receipts = fetch("SELECT id, branch_id FROM commerce_receipt ORDER BY number")
    make_rule("own")
    make_field_rule("phone", "hidden")
    make_field_rule("custom.secret", "hidden")
    nobody = [new_id()]
    entries = [row[0] for row in fetch("SELECT id FROM platform_journalentry ORDER BY at")]
    world = World(person, mine.pk, other.pk)
    ids: dict[str, list[Any]] = {
        "customer_id": [other.pk, mine.pk],
        "record_id": [other.pk, mine.pk],
        "object": ["customers.customer"],
        "receipt_id": [row[0] for row in receipts],
        "branch_id": [receipts[0][1]],
        "entry_id": entries or nobody,
        "merge_id": [merged.merge_id],
        "note_id": [one.note_id for one in notes],
        "task_id": [one.pk for one in tasks],
        "user_id": [person.pk],
        "name": ["top_customers"],
        "kind": ["phone", "email"],
        "value": ["+628119990001", "tersembunyi@example.com"],
        "identifier_id": [row[0] for row in fetch("SELECT id FROM customers_identifier ORDER BY customer_id")],
        "relationship_id": [row[0] for row in fetch("SELECT id FROM customers_relationship")],
        "secret": ["guess"],
        "token": ["guess"],
        "provider": ["guess"],
        "link_id": [1],
        "passkey_id": [1],
        "code": ["service"],
        "field_id": [added.field_id],
    }
    world.ids = ids | dict.fromkeys(NEVER_THERE, nobody)
    return world


def routes(resolver: Any, before: str = "/") -> Iterator[tuple[str, str]]:
    """Route and name of every registered address."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern).lstrip("^")
        if isinstance(one, URLPattern):
            yield route, one.name or ""
        else:
            yield from routes(one, route)


ROUTES = [
    (route, name)
    for route, name in dict.fromkeys([*routes(get_resolver()), *routes(get_resolver(settings.API_URLCONF))])
    if name not in LET_BE
]
QUESTIONS = (
    "",
    "?sort=custom.secret&columns=custom.secret",
    "?where=custom.secret:has:Adat",
    "?q=Rahas&words=Rahas&display_name=Rahasia+Dwipa",
    "?customer={other}&customer_id={other}",
)


def told(body: bytes, words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word.encode() in body]


def ask(
    client: Client, world: World, address: str, headers: dict[str, str], questions: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    """What an address answers, plainly and to questions about the record out of reach."""
    asks = questions if str(world.other) not in address and str(world.mine) not in address else ("",)
    for question in asks:
        url = address + question.format(other=world.other)
        response = client.get(url, headers=headers)
        body = response.getvalue()
        assert response.status_code < 500, url
        yield url, body


def leaks(
    client: Client,
    world: World,
    *,
    secret: str,
    words: tuple[str, ...],
    questions: Sequence[str] = QUESTIONS,
    among: Collection[str] = (),
) -> dict[str, list[str]]:
    """The addresses that tell what they must not; with `among`, only those are asked."""
    found: dict[str, list[str]] = {}
    for route, _name in ROUTES:
        if among and not any(BLANK.sub("", one) == BLANK.sub("", route) for one in among):
            continue
        headers = {"Authorization": f"Bearer {secret}"} if route.startswith("/api/") else {}
        for address in world.fill(route):
            for url, body in ask(client, world, address, headers, questions):
                asked = [word for word in told(body, words) if word not in url]
                if asked:
                    found[url] = asked
    return found


def signed_in(client: Client, person: User) -> str:
    """Signs the person in on pages; gives a key of theirs for the API."""
    client.force_login(person)
    secret, _fact = create_token(by=command_actor(), user_id=person.pk, at=now(), name="walk", scopes=())
    return secret


@pytest.mark.parametrize(("role", "questions"), [("manager", QUESTIONS)])
def test_no_address_tells_what_rules_hide(client: Client, role: str, questions: Sequence[str], settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 100_000
    world = make_world(role)

    assert leaks(client, world, secret=signed_in(client, world.person), words=(*UNSEEN, *CLOSED), questions=questions) == {}


def test_the_walk_would_notice(client: Client, settings: Any) -> None:
    """To somebody without limits the same walk finds the record on list, detail, search, panels, timeline, work and API."""
    settings.API_REQUESTS_PER_MINUTE = 100_000
    world = make_world("administrator")
    asked = (
        "/customers/", "/customers/<c>/", "/customers/options/", "/customers/choices/", "/customers/<c>/relationships/",
        "/customers/<c>/identifiers/", "/customers/<c>/timeline/", "/commerce/receipts/", "/tasks/", "/notes/", "/tasks/<t>/",
        "/notes/<n>/", "/customers/merges/<m>/", "/api/v1/customers", "/api/v1/customers/<c>",
    )  # fmt: skip

    found = leaks(client, world, secret=signed_in(client, world.person), words=UNSEEN, among=asked)

    shown = {
        "/customers/", f"/customers/{world.other}/", f"/customers/options/{QUESTIONS[3]}", f"/customers/choices/{QUESTIONS[3]}",
        f"/customers/{world.mine}/relationships/", f"/customers/{world.other}/identifiers/",
        f"/customers/{world.other}/timeline/", "/commerce/receipts/", "/api/v1/customers",
        "/tasks/", "/notes/", f"/tasks/{world.ids['task_id'][0]}/", f"/notes/{world.ids['note_id'][0]}/",
        f"/customers/merges/{world.ids['merge_id'][0]}/",
        f"/api/v1/customers/{world.other}", f"/api/v1/customers{QUESTIONS[3]}",
    }  # fmt: skip
    assert shown <= set(found)


@pytest.mark.parametrize("role", ["staff"])
def test_no_address_changes_what_rules_hide(client: Client, role: str, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 100_000
    world = make_world(role)
    secret = signed_in(client, world.person)
    before = state_of(world.other)
    wrong = {}

    for route, _name in ROUTES:
        if "customer_id" not in route and "record_id" not in route:
            continue
        api = route.startswith("/api/")
        for address in world.fill(route):
            if str(world.other) not in address:
                continue
            for method in ("post", "put", "patch", "delete"):
                response = send(client, method, address, secret if api else "")
                if response.status_code < 300 or told(response.content, UNSEEN):
                    wrong[f"{method} {address}"] = response.status_code

    assert wrong == {}
    assert state_of(world.other) == before


def send(client: Client, method: str, address: str, secret: str) -> Any:
    fields = {"display_name": "Lain", "city": "Lain", "kind": "card", "value": "123", "body": "Lain", "title": "Lain"}
    if not secret:
        fields |= {"_method": method, "other": str(new_id()), "reason": "Lain"}
        return client.post(address, fields)
    body = json.dumps({"city": "Lain", "kind": "card", "value": "123"} if method == "post" else {"city": "Lain"})
    return getattr(client, method)(address, body, content_type="application/json", headers={"Authorization": f"Bearer {secret}"})


def state_of(customer: UUID) -> str:
    """Everything that is stored about a customer in its room, as one text."""
    parts = [
        fetch(f"SELECT coalesce(string_agg(t::text, '|' ORDER BY t::text), '') FROM {table} t WHERE {column} = %s", [customer])
        for table, column in (
            ("customers_customer", "id"),
            ("customers_identifier", "customer_id"),
            ("customers_relationship", "other_id"),
            ("platform_fact", "customer_id"),
        )
    ]
    return str(parts)


def test_every_command_is_known() -> None:
    """A new command is either one of the owner of the machine, or must be asked here as a person."""
    assert set(COMMANDS) - COMMANDS_OF_THE_OWNER - COMMANDS_OF_A_PERSON == set()
