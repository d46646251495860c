"""Pages of teams, permissions and shares, and the inspector."""

from __future__ import annotations

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


def test_a_rule_is_rehearsed_kept_and_retired(client: Client, sari: User) -> None:
    make_person("Budi")
    words = {"who": "role:staff", "effect": "allow", "level": "read", "scope": "team"}

    seen = client.post("/permissions/customers.customer/record/", {**words, "preview": "1"})
    assert seen.status_code == 200
    assert RecordRule.objects.count() == 0
    client.post("/permissions/customers.customer/record/", words)
    page = client.get("/permissions/").content.decode()
    assert "Staff: see only customers of their own team and the teams below." in page

    client.post(f"/permissions/rules/{RecordRule.objects.get().pk}/", {"_method": "delete"})
    assert RecordRule.objects.get().retired_at is not None
    assert facts_recorded("platform.rule") == ["platform.rule_changed"] * 2


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
