"""Consent and privacy over the API."""

from __future__ import annotations

import pytest

from akrab.customers.models import Customer
from akrab.customers.tests.factories import make_customer
from akrab.platform.tests.programs import make_program, problem_of

pytestmark = pytest.mark.django_db


def test_consent_is_recorded_in_lists_once_and_read_at_any_moment() -> None:
    program = make_program()
    siti = make_customer(email="siti@example.com")
    grant = {"channel": "email", "purpose": "marketing", "state": "granted", "evidence": "web form", "source_key": "1"}
    event = {**grant, "identifiers": [{"kind": "email", "value": "SITI@example.com"}], "at": "2026-03-01T10:00:00+07:00"}

    first = program.sends("/consents:batch", [event, {**event, "evidence": "", "source_key": "2"}, {"channel": "fax"}])
    again = program.sends("/consents:batch", [event])
    path = f"/customers/{siti.pk}"
    asked = [program.reads(f"{path}/may-contact?channel=email&at=2026-03-0{day}T00:00:00Z") for day in (1, 2)]

    assert [one["status"] for one in first["results"]] == ["created", "error", "error"]
    assert again["counts"]["unchanged"] == 1
    assert [(one["allowed"], one["reason"]) for one in asked] == [(False, "no_consent"), (True, "consent")]
    assert [one["state"] for one in program.reads(f"{path}/consents")["items"]] == ["granted"]
    assert asked[1]["event_id"] == first["results"][0]["id"]


def test_a_request_goes_from_opening_to_its_answer() -> None:
    program = make_program()
    siti = make_customer()

    made = program.ask("POST", "/privacy/requests", {"customer_id": str(siti.pk), "kind": "erasure", "details": "please"})
    path = f"/privacy/requests/{made.json()['id']}"
    early = program.ask("POST", f"{path}/decision", {"decision": "granted"})
    program.ask("PUT", f"{path}/handling", {"identity": "confirmed", "identity_how": "called back"})
    receipt = program.ask("POST", f"/customers/{siti.pk}/erasure")
    closed = program.sends(f"{path}/decision", {"decision": "granted", "answer": "Done."})

    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1{path}")
    assert problem_of(early) == (409, "identity_unchecked")
    assert (receipt.status_code, receipt.json()["signature"]) == (201, "")
    assert (closed["decision"], closed["details"], closed["is_late"]) == ("granted", "", False)
    assert program.reads(f"/privacy/erasures/{receipt.json()['erasure']}")["reason"] == "request"
    assert program.reads("/privacy/requests")["items"] == []
    assert Customer.objects.count() == 0


def test_a_read_only_key_neither_records_consent_nor_erases() -> None:
    program = make_program("readonly")
    siti = make_customer()

    assert problem_of(
        program.ask(
            "POST",
            "/consents:batch",
            [{"channel": "email", "purpose": "marketing", "state": "withdrawn", "customer_id": str(siti.pk)}],
        )
    ) == (403, "forbidden")
    assert problem_of(program.ask("POST", f"/customers/{siti.pk}/erasure")) == (403, "forbidden")
    assert problem_of(program.ask("GET", "/privacy/requests")) == (403, "forbidden")
    assert Customer.objects.count() == 1
