"""Pages of teams, permissions and shares, and the inspector."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from akrab.platform.models import FieldRule, Membership, RecordRule, Team, User
from akrab.platform.operations.organization import TeamInsideItself, TeamInUse, change_team, create_team, retire_team
from akrab.platform.operations.rules import Addressee, FieldWords, RecordWords, write_field_rule, write_record_rule
from akrab.platform.refusal import Invalid
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor, make_person, make_rule, make_team

pytestmark = pytest.mark.django_db
ADMIN = make_actor()


@pytest.fixture
def sari(client: Client) -> User:
    person = make_person("Sari", "administrator")
    client.force_login(person)
    return person


def test_a_team_is_made_filled_and_closed(client: Client, sari: User) -> None:
    budi = make_person("Budi")

    client.post("/teams/", {"name": "Bandung", "parent": "", "lead": str(budi.pk)})
    team = Team.objects.get()
    client.post(f"/teams/{team.pk}/members/", {"join": str(budi.pk)})
    assert "Bandung" in client.get("/teams/").content.decode()
    assert Membership.objects.filter(team=team, person=budi, until=None).count() == 1
    client.post(f"/teams/{team.pk}/", {"_method": "delete"})

    team.refresh_from_db()
    assert team.retired_at is not None
    assert facts_recorded("platform.team") == ["platform.team_changed", "platform.team_members_changed", "platform.team_changed"]


def test_a_team_is_never_inside_itself() -> None:
    upper = create_team(by=ADMIN, name="Sales", at=NOON)
    lower = create_team(by=ADMIN, name="Bandung", at=NOON, parent_id=upper.team_id)

    with pytest.raises(TeamInsideItself):
        change_team(by=ADMIN, team_id=upper.team_id, name="Sales", parent_id=lower.team_id, lead_id=None, at=NOON)


def test_a_team_that_a_rule_speaks_to_stays() -> None:
    team = make_team("Sales")
    make_rule("own", team=team)

    with pytest.raises(TeamInUse):
        retire_team(by=ADMIN, team_id=team.pk, at=NOON)


WORDS = {"who": "role:staff", "effect": "allow", "level": "read", "scope": "team"}


def confirmation_in(page: Any) -> str:
    found = re.search(r'name="confirmed" value="(\w+)"', page.content.decode())
    assert found
    return found[1]


def test_a_rule_is_rehearsed_kept_and_retired(client: Client, sari: User) -> None:
    make_person("Budi")

    seen = client.post("/permissions/customers.customer/record/", WORDS)
    assert seen.status_code == 200
    assert RecordRule.objects.count() == 0
    client.post("/permissions/customers.customer/record/", {**WORDS, "confirmed": confirmation_in(seen)})
    page = client.get("/permissions/").content.decode()
    assert "Staff: see only customers of their own team and the teams below." in page

    client.post(f"/permissions/rules/{RecordRule.objects.get().pk}/", {"_method": "delete"})
    assert RecordRule.objects.get().retired_at is not None
    assert facts_recorded("platform.rule") == ["platform.rule_changed"] * 2


def test_a_rule_begins_without_a_choice_of_whom(client: Client, sari: User) -> None:
    kept = client.post("/permissions/customers.customer/record/", {**WORDS, "who": ""})

    assert kept.status_code == 422
    assert (RecordRule.objects.count(), facts_recorded()) == (0, [])


def test_what_was_confirmed_is_what_is_kept(client: Client, sari: User) -> None:
    seen = client.post("/permissions/customers.customer/record/", WORDS)

    again = client.post(
        "/permissions/customers.customer/record/", {**WORDS, "who": "everybody", "confirmed": confirmation_in(seen)}
    )

    assert again.status_code == 200
    assert confirmation_in(again) != confirmation_in(seen)
    assert (RecordRule.objects.count(), facts_recorded()) == (0, [])


def test_a_rule_about_a_field_says_whose_access_it_changes(client: Client, sari: User) -> None:
    make_person("Budi")

    words = {"who": "everybody", "field": "phone", "access": "hidden"}
    seen = client.post("/permissions/customers.customer/field/", words)

    page = seen.content.decode()
    assert "1 person would have another access to this field." in page
    assert FieldRule.objects.count() == 0
    client.post("/permissions/customers.customer/field/", {**words, "confirmed": confirmation_in(seen)})
    assert FieldRule.objects.get().access == "hidden"


def test_a_rule_just_kept_can_be_taken_back_from_its_toast(client: Client, sari: User) -> None:
    seen = client.post("/permissions/customers.customer/record/", WORDS)
    kept = client.post("/permissions/customers.customer/record/", {**WORDS, "confirmed": confirmation_in(seen)}, follow=True)

    found = re.search(r"/changes/[0-9a-f-]+/undo/", kept.content.decode())
    assert found
    client.post(found[0])

    assert RecordRule.objects.filter(retired_at=None).count() == 0


def test_what_a_rule_asks_about_has_its_name_in_the_language_of_the_reader(client: Client, sari: User) -> None:
    User.objects.filter(pk=sari.pk).update(language="id")

    page = client.get("/permissions/customers.customer/record/").content.decode()

    assert ("Tahap" in page, "Stage" in page, "Source" in page) == (True, False, False)


def test_a_rule_must_make_sense() -> None:
    with pytest.raises(Invalid):
        write_record_rule(by=ADMIN, words=RecordWords("customers.customer", "unit"), at=NOON)
    with pytest.raises(Invalid):
        write_record_rule(by=ADMIN, words=RecordWords("customers.customer", "filter", filter=[("password", "is", "x")]), at=NOON)
    with pytest.raises(Invalid):
        write_field_rule(by=ADMIN, words=FieldWords("customers.customer", "name", "hidden"), at=NOON)
    with pytest.raises(Invalid):
        write_record_rule(by=ADMIN, words=RecordWords("customers.customer", "own", who=Addressee(role="king")), at=NOON)
    assert (RecordRule.objects.count(), FieldRule.objects.count(), facts_recorded()) == (0, 0, [])


@pytest.mark.parametrize("path", ["/permissions/", "/permissions/inspector/", "/permissions/customers.customer/record/"])
@pytest.mark.parametrize("role", ["manager", "staff"])
def test_only_administrators_see_the_policy(client: Client, path: str, role: str) -> None:
    client.force_login(make_person("Budi", role))

    assert client.get(path).status_code == 403
