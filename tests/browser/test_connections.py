"""Webhooks, proposals and agents in a real browser: usable by keyboard and on a phone, in both languages."""

from __future__ import annotations

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from akrab.customers.operations.registering import register_customer
from akrab.platform.actor import SYSTEM
from akrab.platform.agents.calling import agent_of, call
from akrab.platform.hooks.models import WebhookDelivery
from akrab.platform.ids import new_id
from akrab.platform.operations.webhooks import make_webhook
from akrab.platform.tests.factories import acting
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def fill(site: Site) -> str:
    """A webhook with a log, and two proposals."""
    with site.data():
        person = site.person()
        _secret, webhook = make_webhook(
            by=acting(person), name="Toko daring", address="https://shop.example.com/akrab", topics=["customers.*"], at=now()
        )
        for status, code, answer in (
            ("delivered", 200, "ok"),
            ("waiting", 500, "Internal Server Error"),
            ("dead", None, "The connection failed."),
        ):
            WebhookDelivery.objects.create(
                webhook=webhook, fact_id=new_id(), occurred_at=now(), kind="customers.customer_edited", record=status,
                status=status, made_at=now(), last_at=now(), next_at=now() if status == "waiting" else None, attempts=2,
                status_code=code, answer=answer,
            )  # fmt: skip
        customer = register_customer(by=SYSTEM, fields={"display_name": "Ani Wijaya", "city": "Solo"}, at=now()).customer_id
        agent = agent_of(email=person.email)
        about = {"customer_id": str(customer)}
        change = {**about, "changes": {"city": "Kudus", "phone": "+628117770002"}, "reason": "She wrote that she has moved."}
        call(by=agent, name="propose_customer_change", arguments=change)
        call(by=agent, name="propose_note", arguments={**about, "body": "Prefers to be called in the morning."})
        return str(webhook.pk)


def test_the_pages_are_usable_on_a_phone_and_a_proposal_is_approved(site: Site) -> None:
    webhook = fill(site)
    for path in ("/webhooks/", f"/webhooks/{webhook}/", "/proposals/", "/agents/"):
        page = site.open(path, phone=True, language="id", role="administrator")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert site.axe(page) == [], path

    page = site.open("/proposals/")
    page.locator("article", has_text="Kudus").get_by_role("button", name="Approve").click()
    expect(page.locator("article", has_text="Kudus")).to_have_count(0)
    expect(page.locator("article", has_text="in the morning")).to_have_count(1)
