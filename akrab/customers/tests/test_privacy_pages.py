"""The pages of consent and privacy: what they show, what they change, what they refuse."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from akrab.customers.models import Customer
from akrab.customers.operations.requesting import open_request
from akrab.customers.tables.consent import ConsentEvent, Wording
from akrab.customers.tables.privacy import Erasure, PrivacyRequest, Restriction, RetentionRule
from akrab.customers.tests.factories import make_customer, sign_in
from akrab.platform.tests.factories import NOON, make_actor

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def ann(client: Client) -> Client:
    sign_in(client, "manager")
    return client


def test_consent_is_recorded_with_its_proof_and_withdrawn_with_one_click(ann: Client) -> None:
    siti = make_customer()
    path = reverse("customers:consents", args=[siti.pk])
    form = {"purpose": "marketing", "channel": ["email", "sms"], "state": "granted", "wording_language": "id"}

    asked = ann.get(path, {"purpose": "marketing", "channel": "email"}, headers=HTMX).content.decode()
    unproven = ann.post(path, form, headers=HTMX)
    given = ann.post(path, {**form, "evidence": "signed form"}, headers=HTMX)
    ann.post(path, {"purpose": "marketing", "channel": "email", "state": "withdrawn"}, headers=HTMX)

    assert "Kami boleh mengirim penawaran" in asked
    assert unproven.status_code == 422
    assert re.search(r"How was it given\?\s*</label>", asked)
    assert "say how it was given" in unproven.content.decode()
    assert "signed form" in given.content.decode()
    kept = ConsentEvent.objects.order_by("pk").values_list("channel", "state", "wording_version")
    assert list(kept) == [("email", "granted", 1), ("sms", "granted", 1), ("email", "withdrawn", None)]


def test_a_purpose_that_rests_on_a_contract_looks_allowed_and_every_withdrawal_is_asked_about(ann: Client) -> None:
    path = reverse("customers:consents", args=[make_customer().pk])

    shown = ann.get(path, headers=HTMX).content.decode()
    asked = ann.get(path, {"purpose": "marketing", "channel": "email"}, headers=HTMX).content.decode()

    marks = re.findall(
        r'<form[^>]*hx-confirm="Withdraw[^>]*>.*?<button class="mark tone-(\w+)[^>]*title="([^"]*)"', shown, re.DOTALL
    )
    assert ("success", "Allowed: Contract") in marks
    assert shown.count('value="withdrawn"') == len(marks) > 0
    assert re.search(r'<select[^>]*name="purpose"[^>]*autofocus', asked)
    assert "autofocus" not in shown


def test_a_restricted_customer_says_so_on_the_profile(ann: Client) -> None:
    siti = make_customer()
    path = reverse("customers:restriction", args=[siti.pk])

    assert "Processing is restricted" in ann.post(path, headers=HTMX).content.decode()
    assert "Processing is restricted" not in ann.delete(path, headers=HTMX).content.decode()
    assert Restriction.objects.get().until is not None


def test_a_late_request_is_marked_and_goes_through_its_steps(ann: Client) -> None:
    siti = make_customer("Siti")
    open_request(by=make_actor(), customer_id=siti.pk, kind="access", received_at=NOON, at=NOON)
    case = PrivacyRequest.objects.get()
    page = reverse("customers:privacy_request", args=[case.pk])

    listed = ann.get(reverse("customers:privacy")).content.decode()
    early = ann.post(f"{page}decision/", {"decision": "granted"})
    ann.post(f"{page}handling/", {"identity": "confirmed", "identity_how": "called back"})
    file = ann.post(reverse("customers:handout", args=[siti.pk]))
    ann.post(f"{page}decision/", {"decision": "granted", "answer": "Sent."})

    assert re.search(r"tone-danger.*?Late", listed, re.DOTALL)
    assert early.status_code == 422
    assert (file["Content-Type"], file.content[:2]) == ("application/zip", b"PK")
    assert ann.get(page).status_code == 200
    assert PrivacyRequest.objects.get().decision == "granted"
    assert "Siti" in ann.get(reverse("customers:privacy") + "?closed=1").content.decode()


def test_a_request_is_opened_from_the_profile(ann: Client) -> None:
    siti = make_customer()
    path = reverse("customers:privacy_new", args=[siti.pk])

    assert ann.get(path).status_code == 200
    assert ann.post(path, {"kind": "access"}).status_code == 422
    assert ann.post(path, {"kind": "erasure", "received_at": "2026-03-10T12:00"}).status_code == 303
    assert PrivacyRequest.objects.get().received_at == NOON


def test_erasing_asks_for_the_name_and_gives_a_receipt(ann: Client) -> None:
    siti = make_customer("Siti Aminah", email="siti@example.com")
    path = reverse("customers:erasure_new", args=[siti.pk])

    assert "ten years" in ann.get(path).content.decode()
    assert ann.post(path, {"name": "Siti"}).status_code == 422
    assert Customer.objects.count() == 1
    assert ann.post(path, {"name": "Siti Aminah"}).status_code == 303

    erasure = Erasure.objects.get()
    shown = ann.get(reverse("customers:erasure", args=[erasure.pk])).content.decode()
    receipt = json.loads(ann.get(reverse("customers:erasure_receipt", args=[erasure.pk])).content)
    assert "Siti" not in shown
    assert receipt["customer"] == str(siti.pk)
    assert "commerce.receipts" in receipt["stays"]
    assert ann.get(reverse("customers:erasures")).status_code == 200
    assert ann.delete(reverse("customers:tombstones", args=[erasure.pk])).status_code == 303


def test_rules_and_purposes_are_changed(ann: Client) -> None:
    rule = RetentionRule.objects.get(reason="no_purchase")
    months = {f"{rule.pk}-months": "24", f"{rule.pk}-is_active": "on"}

    assert ann.get(reverse("customers:retention")).status_code == 200
    assert ann.post(reverse("customers:retention_rule", args=[rule.pk]), months).status_code == 303
    assert ann.post(reverse("customers:proposals"), {"decision": "keep"}).status_code == 303
    purpose = {"code": "birthday", "name_en": "Birthday", "name_id": "Ulang tahun", "basis": "consent", "is_active": "on"}
    assert ann.post(reverse("customers:purposes"), purpose).status_code == 303
    assert ann.post(reverse("customers:wordings", args=["birthday"]), {"text_id": "Bolehkah?"}).status_code == 303

    rule.refresh_from_db()
    assert (rule.months, rule.is_active) == (24, True)
    assert Wording.objects.get(purpose_id="birthday").text == "Bolehkah?"
    assert "Bolehkah?" in ann.get(reverse("customers:purposes")).content.decode()


@pytest.mark.parametrize("name", ["privacy", "erasures", "retention", "purposes"])
def test_staff_have_no_privacy_desk(client: Client, name: str) -> None:
    sign_in(client, "staff")

    assert client.get(reverse(f"customers:{name}")).status_code == 403
