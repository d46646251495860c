"""Facts are sent to webhooks: signed, in order per record, at least once, as their makers may see them, to public addresses."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import now

from akrab.customers.operations.editing import edit_customer
from akrab.customers.operations.registering import register_customer
from akrab.customers.tests.factories import make_customer
from akrab.platform.actor import SYSTEM, Actor
from akrab.platform.bulk import fetch
from akrab.platform.gateways.outgoing import Unreachable, check_address, post
from akrab.platform.hooks import sending
from akrab.platform.hooks.feeding import feed_webhooks
from akrab.platform.hooks.models import Webhook, WebhookDelivery
from akrab.platform.hooks.sending import send_to
from akrab.platform.ids import new_id
from akrab.platform.operations import webhooks
from akrab.platform.operations.tokens import create_token
from akrab.platform.operations.webhooks import change_secret, change_webhook, forget_deliveries, make_webhook, replay, try_webhook
from akrab.platform.queries import feed
from akrab.platform.refusal import Forbidden, Invalid, NotFound
from akrab.platform.tests.apart import apart
from akrab.platform.tests.factories import NOON, acting, facts_recorded, make_field_rule, make_person, make_rule

pytestmark = pytest.mark.django_db


class Receiver:
    """A program that listens on loopback; `answers` decides, by the body and how often it has come, what it says."""

    def __init__(self, answers: Callable[[dict[str, Any], int], int]) -> None:
        self.took: list[dict[str, Any]] = []
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.times: dict[str, int] = defaultdict(int)
        lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                fact = json.loads(body)
                with lock:
                    receiver.heard.append((dict(self.headers), body))
                    receiver.times[fact["id"]] += 1
                    status = answers(fact, receiver.times[fact["id"]])
                    if status == 200:
                        receiver.took.append(fact)
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                self.wfile.write(f"said {status}".encode())

            def log_message(self, *_words: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?shop=1"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def receive(settings: Any) -> Iterator[Callable[..., Receiver]]:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    made: list[Receiver] = []

    def start(answers: Callable[[dict[str, Any], int], int] = lambda fact, times: 200) -> Receiver:
        made.append(Receiver(answers))
        return made[-1]

    yield start
    for one in made:
        one.server.shutdown()
        one.server.server_close()


def maker() -> Actor:
    return acting(make_person("Sari", "administrator"))


def hook(address: str, *topics: str, by: Actor | None = None) -> tuple[str, Webhook]:
    return make_webhook(by=by or maker(), name="Shop", address=address, topics=topics or ["customers.*"], at=now())


@pytest.fixture(autouse=True)
def own_transaction_counts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The feed waits for transactions that still run; a test that is one big transaction reads its own facts."""
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")):
        monkeypatch.setattr(feed, "_HORIZON", "SELECT pg_current_xact_id()::text::bigint + 1, 'here'")
        monkeypatch.setattr(webhooks, "place_now", list)


def arrive(name: str) -> UUID:
    return register_customer(by=SYSTEM, fields={"display_name": name}, at=now()).customer_id


def make_due() -> None:
    WebhookDelivery.objects.filter(status="waiting").update(next_at=now())
    Webhook.objects.update(rests_until=None)


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_fails_half_of_the_time_gets_every_fact_in_the_order_of_each_record(receive: Any) -> None:
    receiver = receive(lambda fact, times: 200 if times % 2 == 0 else 500)
    _secret, webhook = hook(receiver.url)
    by, customers = SYSTEM, [make_customer(f"Ani {n}") for n in range(4)]
    for turn in range(3):
        for one in customers:
            make_change(one.pk, f"Kota {turn}", by)

    for _turn in range(30):
        apart(lambda: call_command("procrastinate", "worker", "--one-shot", verbosity=0))
        if not WebhookDelivery.objects.filter(status="waiting").exists():
            break
        make_due()
        fetch("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")

    assert {one["id"] for one in receiver.took} >= {
        str(row[0]) for row in fetch("SELECT id FROM platform_fact WHERE kind LIKE 'customers.%%'")
    }
    for one in customers:
        about = [fact["id"] for fact in receiver.took if fact["subject"]["id"] == str(one.pk)]
        assert about == [str(row[0]) for row in fetch("SELECT id FROM platform_fact WHERE subject_id = %s ORDER BY id", [one.pk])]
    assert Webhook.objects.get(pk=webhook.pk).failing_since is None


def make_change(customer: UUID, city: str, by: Actor) -> None:
    edit_customer(by=by, customer_id=customer, changes={"city": city}, at=now())


def test_the_signature_is_that_of_standard_webhooks_and_the_body_is_the_fact_of_the_feed(receive: Any) -> None:
    receiver = receive()
    secret, webhook = hook(receiver.url, "customers.*")
    customer = arrive("Ani")
    feed_webhooks(by=SYSTEM, at=now())

    send_to(webhook.pk)

    [(headers, body)] = receiver.heard
    fact = json.loads(body)
    assert (fact["kind"], fact["customer_id"], fact["payload"]["name"]) == (
        "customers.customer_registered",
        str(customer),
        "Ani",
    )
    assert headers["webhook-id"] == fact["id"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert headers["webhook-signature"] == "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert secret not in Webhook.objects.get(pk=webhook.pk).secret


def test_a_new_secret_signs_beside_the_old_one_for_a_day(receive: Any) -> None:
    receiver = receive()
    by = maker()
    _secret, webhook = hook(receiver.url, by=by)
    new, _webhook = change_secret(by=by, webhook_id=webhook.pk, at=now())
    try_webhook(by=by, webhook_id=webhook.pk, at=now())

    send_to(webhook.pk)

    assert new.startswith("whsec_")
    assert len(receiver.heard[0][0]["webhook-signature"].split()) == 2


def test_a_poisonous_fact_holds_back_its_own_record_only_and_is_given_up_after_72_hours(receive: Any) -> None:
    poison, other = make_customer("Racun"), make_customer("Sehat")
    bad: list[str] = []
    receiver = receive(lambda fact, times: 500 if fact["id"] in bad else 200)
    _secret, webhook = hook(receiver.url)
    make_change(poison.pk, "Solo", SYSTEM)
    make_change(poison.pk, "Kudus", SYSTEM)
    make_change(other.pk, "Tuban", SYSTEM)
    feed_webhooks(by=SYSTEM, at=now())
    first = WebhookDelivery.objects.filter(record=f"customer:{poison.pk}").order_by("fact_id")[0]
    bad.append(str(first.fact_id))

    send_to(webhook.pk)
    assert states(webhook) == {"Racun": ["waiting", "waiting"], "Sehat": ["delivered"]}

    WebhookDelivery.objects.filter(pk=first.pk).update(first_at=now() - timedelta(hours=72), attempts=15)
    make_due()
    send_to(webhook.pk)
    assert states(webhook) == {"Racun": ["dead", "delivered"], "Sehat": ["delivered"]}


def test_redirects_and_private_addresses_are_refused(receive: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver = receive(lambda fact, times: 302)
    answer = post(receiver.url, b'{"id": "1"}', {"Content-Type": "application/json"})
    assert answer.status == 302

    settings.WEBHOOK_NETWORKS = []
    for address in (
        "https://127.0.0.1/", "https://10.0.0.1/", "https://169.254.169.254/latest/", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/", "https://100.64.0.1/", "https://0.0.0.0/", "https://localhost/", "https://[fd00::1]/",
        "http://example.com/", "ftp://example.com/", "https://user:pw@example.com/", "https://2130706433.internal/",
    ):  # fmt: skip
        assert check_address(address), address
    assert not check_address("https://example.com/hook")

    lookups = [[(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", ("10.0.0.5", 443))]]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: lookups[0])
    with pytest.raises(Unreachable, match="private network"):
        post("https://rebind.example.com/", b"{}", {})
    lookups[0] = [(2, 1, 6, "", ("127.0.0.1", 443))]
    with pytest.raises(Unreachable, match="private network"):
        post("https://2130706433/", b"{}", {})


def test_the_address_that_was_looked_up_is_the_one_that_is_asked(receive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that changes between look-up and connection changes nothing: there is one look-up."""
    receiver = receive()
    port, asked = receiver.server.server_port, []
    find = socket.getaddrinfo

    def once(host: str, *more: Any, **options: Any) -> Any:
        asked.append(host)
        return find("127.0.0.1" if host == "shop.example.com" else host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    assert post(f"http://shop.example.com:{port}/a", b'{"id": "1"}', {}).status == 200
    assert [one for one in asked if one != "127.0.0.1"] == ["shop.example.com"]
    assert receiver.heard[0][0]["Host"] == f"shop.example.com:{port}"


def test_a_webhook_hears_only_what_its_maker_may_see(receive: Any) -> None:
    receiver = receive()
    budi = make_person("Budi", "manager")
    make_rule("own")
    make_field_rule("phone", "hidden")
    _secret, webhook = hook(receiver.url, by=acting(budi))
    mine, _other = make_customer("Terlihat", owner=budi, phone="+628117770002"), make_customer("Rahasia")
    make_change(mine.pk, "Solo", SYSTEM)
    feed_webhooks(by=SYSTEM, at=now())
    send_to(webhook.pk)

    assert {fact["subject"]["id"] for fact in receiver.took} == {str(mine.pk)}
    assert "8117770002" not in str(receiver.took)


def test_what_became_hidden_after_it_was_queued_is_withheld(receive: Any) -> None:
    receiver = receive()
    budi = make_person("Budi", "manager")
    _secret, webhook = hook(receiver.url, "customers.*", by=acting(budi))
    arrive("Rahasia")
    feed_webhooks(by=SYSTEM, at=now())
    make_rule("own")

    send_to(webhook.pk)

    assert receiver.heard == []
    assert list(WebhookDelivery.objects.values_list("status", flat=True)) == ["withheld"]


def test_a_webhook_that_fails_for_72_hours_or_is_gone_is_switched_off_and_loses_nothing(receive: Any) -> None:
    says = {"status": 500}
    receiver = receive(lambda fact, times: says["status"])
    by = maker()
    _secret, webhook = hook(receiver.url, "customers.*", by=by)
    arrive("Ani")
    feed_webhooks(by=SYSTEM, at=now())
    send_to(webhook.pk)
    Webhook.objects.update(failing_since=now() - timedelta(hours=72))
    make_due()
    send_to(webhook.pk)
    assert Webhook.objects.get().why_off == "Nothing was taken for 72 hours"
    assert facts_recorded("platform.webhook_disabled") == ["platform.webhook_disabled"]

    says["status"] = 200
    arrive("Budi")
    change_webhook(by=by, webhook_id=webhook.pk, changes={"is_on": True}, at=now())
    make_due()
    feed_webhooks(by=SYSTEM, at=now())
    send_to(webhook.pk)
    assert sorted(fact["payload"]["name"] for fact in receiver.took) == ["Ani", "Budi"]


def test_a_silent_receiver_is_left_alone_for_a_while(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    _secret, webhook = hook("http://127.0.0.1:9/", "customers.*")
    for n in range(8):
        arrive(f"Ani {n}")
    feed_webhooks(by=SYSTEM, at=now())

    send_to(webhook.pk)

    tried = WebhookDelivery.objects.filter(attempts=1)
    assert tried.count() == sending.SILENCES
    assert {one.answer for one in tried} == {"The connection failed."}
    assert sending.due_deliveries(webhook.pk, now()) == []


def test_delivered_facts_are_sent_again_one_by_one_or_since_a_moment(receive: Any) -> None:
    receiver = receive()
    by = maker()
    _secret, webhook = hook(receiver.url, "customers.*", by=by)
    begin = now()
    for name in ("Ani", "Budi"):
        arrive(name)
    feed_webhooks(by=SYSTEM, at=now())
    send_to(webhook.pk)
    one = WebhookDelivery.objects.order_by("pk")[0]

    assert replay(by=by, webhook_id=webhook.pk, delivery_id=one.pk, at=now()) == 1
    send_to(webhook.pk)
    assert replay(by=by, webhook_id=webhook.pk, since=begin, at=now()) == 2
    send_to(webhook.pk)

    assert sorted(receiver.times.values()) == [2, 3]
    assert receiver.times[str(one.fact_id)] == 3


def test_the_log_is_cleared_of_what_arrived_but_not_of_what_waits() -> None:
    _secret, webhook = hook("https://example.com/hook")
    for status in ("waiting", "delivered", "dead"):
        about = new_id()
        WebhookDelivery.objects.create(
            webhook=webhook, fact_id=about, occurred_at=NOON, kind="test", record=status, status=status, made_at=NOON,
            next_at=NOON if status == "waiting" else None,
        )  # fmt: skip

    assert forget_deliveries(by=SYSTEM, before=NOON + timedelta(days=1), dead_before=NOON) == 1
    assert sorted(WebhookDelivery.objects.values_list("status", flat=True)) == ["dead", "waiting"]


def test_no_job_is_queued_while_no_webhook_is_on() -> None:
    by = maker()
    arrive("Ani")
    assert following() == 0

    _secret, webhook = hook("https://example.com/hook", by=by)
    before = following()
    arrive("Budi")
    assert following() == before + 1

    change_webhook(by=by, webhook_id=webhook.pk, changes={"is_on": False}, at=now())
    before = following()
    arrive("Citra")
    assert following() == before


def test_a_webhook_is_refused_with_reasons_and_nothing_is_kept() -> None:
    with pytest.raises(Invalid) as trouble:
        make_webhook(by=maker(), name=" ", address="https://10.0.0.1/", topics=["weather.*"], at=now())

    assert set(trouble.value.errors) == {"name", "address", "topics"}
    assert (Webhook.objects.count(), facts_recorded("platform")) == (0, [])


def test_people_manage_their_own_webhooks_and_administrators_all() -> None:
    budi, ani = acting(make_person("Budi", "manager")), acting(make_person("Ani", "manager"))
    _secret, webhook = hook("https://example.com/hook", by=budi)

    with pytest.raises(NotFound):
        change_webhook(by=ani, webhook_id=webhook.pk, changes={"address": "https://example.org/"}, at=now())
    with pytest.raises(Forbidden):
        hook("https://example.com/hook", by=acting(make_person("Dewi", "staff")))
    assert Webhook.objects.get().address == "https://example.com/hook"
    change_webhook(by=maker(), webhook_id=webhook.pk, changes={"name": "Toko"}, at=now())
    assert Webhook.objects.get().name == "Toko"


def test_the_page_adds_shows_the_secret_once_tests_and_replays(client: Client, receive: Any) -> None:
    receiver = receive()
    client.force_login(make_person("Sari", "administrator"))

    made = client.post("/webhooks/", {"name": "Shop", "address": receiver.url, "topics": ["customers.*"]})
    webhook = Webhook.objects.get()
    assert b"whsec_" in made.content
    assert client.post(f"/webhooks/{webhook.pk}/test/").status_code == 303
    send_to(webhook.pk)
    shown = client.get(f"/webhooks/{webhook.pk}/?status=delivered").content.decode()

    assert "whsec_" not in shown
    assert "platform.webhook_test" in shown
    delivery = WebhookDelivery.objects.get()
    assert client.post(f"/webhooks/{webhook.pk}/deliveries/{delivery.pk}/").status_code == 303
    send_to(webhook.pk)
    assert receiver.times[str(delivery.fact_id)] == 2
    assert client.post(f"/webhooks/{webhook.pk}/", {"_method": "delete"}).status_code == 303
    assert Webhook.objects.count() == 0


def test_the_api_makes_changes_and_removes_webhooks_and_a_kept_answer_does_not_show_the_secret(client: Client) -> None:
    sari = make_person("Sari", "administrator")
    key, _fact = create_token(by=acting(sari), user_id=sari.pk, at=now())
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "a-1"}
    body = {"name": "Shop", "address": "https://example.com/hook", "topics": ["customers.*"]}

    made = client.post("/api/v1/webhooks", body, content_type="application/json", headers=headers)
    again = client.post("/api/v1/webhooks", body, content_type="application/json", headers=headers)
    one = f"/api/v1/webhooks/{made.json()['id']}"
    edited = client.patch(one, {"is_on": False}, content_type="application/json", headers={**headers, "If-Match": made["ETag"]})

    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    assert again.json() == made.json()
    assert made.json()["secret"].encode() not in bytes(fetch("SELECT body FROM platform_idempotencykey")[0][0])
    assert (edited.json()["is_on"], edited.json()["off_reason"]) == (False, "person")
    assert "secret" not in client.get(one, headers=headers).json()
    assert client.get(f"{one}/deliveries", headers=headers).json() == {"items": [], "next": None}
    assert client.delete(one, headers=headers).status_code == 204
    assert Webhook.objects.count() == 0


def following() -> int:
    return int(fetch("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'platform.follow_facts'")[0][0])


def states(webhook: Webhook) -> dict[str, list[str]]:
    rows = fetch(
        "SELECT c.display_name, array_agg(d.status ORDER BY d.fact_id) FROM platform_webhookdelivery d JOIN customers_customer c "
        "ON d.record = 'customer:' || c.id WHERE d.webhook_id = %s GROUP BY 1",
        [webhook.pk],
    )
    return dict(rows)
