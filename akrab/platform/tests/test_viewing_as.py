"""View as: an administrator sees what another person sees, changes nothing, and both ends are in the audit log."""

from __future__ import annotations

import pytest
from django.test import Client

from akrab.platform.models import User
from akrab.platform.operation import operation
from akrab.platform.refusal import OnlyLooking
from akrab.platform.tests.factories import acting, facts_recorded, make_person

pytestmark = pytest.mark.django_db
REFUSED = "nothing can be changed"


@pytest.fixture
def budi() -> User:
    return make_person("Budi", "readonly", language="id")


@pytest.fixture
def ann(client: Client) -> User:
    """An administrator, signed in."""
    ann = make_person("Ann", "administrator", language="en")
    client.force_login(ann)
    return ann


def view_as(client: Client, person: User) -> None:
    assert client.post(f"/users/{person.pk}/view/").status_code == 303


def test_an_administrator_sees_what_the_person_sees(client: Client, ann: User, budi: User) -> None:
    assert client.get("/users/").status_code == 200
    assert "View as this person" in client.get(f"/users/{budi.pk}/").content.decode()

    view_as(client, budi)

    assert client.get("/users/").status_code == 403
    body = client.get("/").content.decode()
    assert "You see Akrab as <strong>Budi</strong> does." in body
    assert "End the view" in body


def test_every_write_is_refused_with_a_sentence(client: Client, ann: User, budi: User) -> None:
    view_as(client, budi)

    answers = [
        client.post(f"/users/{budi.pk}/", {"name": "X", "role": "manager", "is_active": "on"}),
        client.post("/preferences/", {"name": "X"}),
        client.put("/preferences/"),
        client.delete("/sign-in/"),
        client.post("/language/", {"language": "en"}),
    ]

    assert [(one.status_code, REFUSED in one.content.decode()) for one in answers] == [(403, True)] * 5
    budi.refresh_from_db()
    assert (budi.name, budi.role) == ("Budi", "readonly")
    assert facts_recorded("platform.") == ["platform.viewed_as"]


def test_an_operation_refuses_who_only_looks(budi: User) -> None:
    @operation(may="platform.edit_own_settings")
    def change(*, by: object) -> None: ...

    with pytest.raises(OnlyLooking):
        change(by=acting(budi, viewer="Ann"))


def test_pages_of_the_persons_own_account_stay_closed(client: Client, ann: User, budi: User) -> None:
    view_as(client, budi)

    assert [client.get(address).status_code for address in ("/security/", "/preferences/", "/keys/")] == [403] * 3


def test_one_click_ends_it_and_both_ends_are_audited(client: Client, ann: User, budi: User) -> None:
    view_as(client, budi)

    ended = client.post("/viewing/", {"_method": "delete"})

    assert ended["Location"] == f"/users/{budi.pk}/"
    assert client.get("/users/").status_code == 200
    assert "End the view" not in client.get("/").content.decode()
    assert facts_recorded("platform.viewed_as") == ["platform.viewed_as"] * 2


def test_nobody_else_may_and_nobody_looks_as_themselves(client: Client, ann: User, budi: User) -> None:
    assert client.post(f"/users/{ann.pk}/view/").status_code == 422
    client.force_login(make_person("Mia", "manager"))

    assert client.post(f"/users/{budi.pk}/view/").status_code == 403
    assert facts_recorded("platform.viewed_as") == []


def test_the_view_ends_when_its_viewer_is_administrator_no_more(client: Client, ann: User, budi: User) -> None:
    view_as(client, budi)
    User.objects.filter(pk=ann.pk).update(role="staff")

    assert "End the view" not in client.get("/").content.decode()
