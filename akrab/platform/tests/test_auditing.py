"""The audit: chained after the commit, append-only, and any tampering is found with its place."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.models import AuditPending, AuditRow, User
from akrab.platform.operations.auditing import chain_audit, chain_everything
from akrab.platform.operations.users import create_user
from akrab.platform.people_facts import SignedIn
from akrab.platform.queries.audit import Verdict, verify_audit
from akrab.platform.refusal import Forbidden
from akrab.platform.tests.factories import NOON, CustomerMet, make_actor

pytestmark = pytest.mark.django_db
ADMIN = make_actor()


def sign_in(client: Client, role: str) -> None:
    client.force_login(User.objects.create(email=f"{role}@example.com", role=role))


def signed_in(times: int = 3) -> None:
    record([SignedIn(user_id=new_id(), at=now(), method="password", address=f"10.0.0.{n}") for n in range(times)], by=ADMIN)
    chain_everything(by=SYSTEM)


def tamper(sql: str) -> Verdict:
    """Change a row as only a superuser of the database can."""
    fetch("SET LOCAL session_replication_role = replica")
    fetch(sql)
    fetch("SET LOCAL session_replication_role = origin")
    return verify_audit(by=ADMIN)


def test_what_concerns_security_is_chained_and_the_rest_is_not() -> None:
    record([CustomerMet(customer_id=new_id(), met_at=NOON)], by=ADMIN)
    create_user(by=ADMIN, email="budi@example.com", role="staff", at=now())

    assert (chain_audit(by=SYSTEM), AuditPending.objects.count()) == (1, 0)

    row = AuditRow.objects.get()
    assert (row.seq, row.kind, row.actor_id, row.previous) == (1, "platform.user_created", ADMIN.id, "0" * 64)


def test_an_untouched_chain_is_whole_and_names_its_head() -> None:
    signed_in(2)
    signed_in(2)

    assert verify_audit(by=ADMIN) == Verdict(4, AuditRow.objects.get(seq=4).hash)


@pytest.mark.parametrize("sql", ["UPDATE platform_auditrow SET kind = 'x'", "DELETE FROM platform_auditrow"])
def test_the_database_refuses_changes(sql: str) -> None:
    signed_in()

    with pytest.raises(DatabaseError), transaction.atomic():
        fetch(sql)

    assert AuditRow.objects.count() == 3


@pytest.mark.parametrize(
    ("sql", "place", "reason"),
    [
        ("UPDATE platform_auditrow SET actor_label = 'Somebody else' WHERE seq = 2", 2, "changed"),
        ("DELETE FROM platform_auditrow WHERE seq = 1", 1, "missing"),
        ("UPDATE platform_fact SET payload = '{}' WHERE kind = 'platform.signed_in'", 1, "fact_changed"),
        ("DELETE FROM platform_fact WHERE kind = 'platform.signed_in'", 1, "fact_missing"),
    ],
)  # fmt: skip
def test_tampering_is_found_with_its_place(sql: str, place: int, reason: str) -> None:
    signed_in()

    verdict = tamper(sql)

    assert (verdict.is_whole, verdict.broken_at, verdict.reason) == (False, place, reason)


def test_only_administrators_read_the_audit(client: Client) -> None:
    signed_in()
    sign_in(client, "manager")

    assert client.get("/audit/").status_code == 403
    with pytest.raises(Forbidden):
        verify_audit(by=make_actor("manager"))


def test_the_page_shows_the_links_and_says_whether_the_chain_is_whole(client: Client) -> None:
    signed_in()
    sign_in(client, "administrator")

    page = client.get("/audit/").content.decode()
    checked = client.post("/audit/check/", follow=True).content.decode()

    assert page.count("<li") >= 3
    assert "The audit is whole" in checked
