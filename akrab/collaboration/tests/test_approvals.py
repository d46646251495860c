"""Approvals and handovers: who may decide, what decisions come to, what a change undoes, what time does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akrab.collaboration.jobs import tell_deciders, watch_approvals
from akrab.collaboration.models.approvals import ApprovalRequest, ApprovalRule, Decision, Handover
from akrab.collaboration.models.notices import Notice
from akrab.collaboration.operations.approving import (
    NobodyCanApprove,
    NotPending,
    NotYours,
    ask_approval,
    decide,
    name_stand_in,
    note_changed,
    set_rule,
    withdraw,
)
from akrab.collaboration.operations.handing_over import AnsweredAlready, answer_handover, complete_trainings, offer_handover
from akrab.collaboration.queries.approvals import approval_status, tally, waiting_for_me
from akrab.collaboration.tests.factories import make_colleague, make_person
from akrab.customers.tests.factories import make_customer
from akrab.platform.actor import SYSTEM, Actor
from akrab.platform.ids import new_id
from akrab.platform.refusal import Invalid, NotFound
from akrab.platform.tests.factories import NOON, facts_recorded

pytestmark = pytest.mark.django_db
QUOTE = new_id()
ABOVE = [{"field": "amount", "op": ">=", "value": "1000"}]


@pytest.fixture
def sari() -> Actor:
    return make_colleague("Sari", role="staff")


@pytest.fixture
def three() -> list[Actor]:
    return [make_colleague(name) for name in ("Ann", "Budi", "Cici")]


def rule(*steps: dict[str, Any], conditions: Any = ABOVE) -> None:
    set_rule(by=SYSTEM, name="Large", subject_kind="quote", steps=steps, conditions=conditions, at=NOON)


def ask(by: Actor, digest: str = "v1", amount: Any = 5000) -> ApprovalRequest:
    ask_approval(
        by=by,
        subject_kind="quote",
        subject_id=QUOTE,
        title="Quote 1",
        link="/",
        digest=digest,
        values={"amount": amount},
        at=NOON,
    )
    return ApprovalRequest.objects.get()


def say(by: Actor, request: ApprovalRequest, is_approved: bool = True) -> str:
    return decide(by=by, request_id=request.pk, is_approved=is_approved, at=NOON).status


def people(*actors: Actor) -> list[str]:
    return [one.id for one in actors]


@pytest.mark.parametrize("amount", [999, None, "much"])
def test_without_a_rule_that_holds_nothing_is_asked(sari: Actor, three: list[Actor], amount: Any) -> None:
    rule({"people": people(*three), "needs": "any"})

    asked = ask_approval(
        by=sari, subject_kind="quote", subject_id=QUOTE, title="Q", link="/", digest="v1", values={"amount": amount}, at=NOON
    )

    assert (asked, ApprovalRequest.objects.count()) == (None, 0)


def test_serial_steps_come_one_after_the_other(sari: Actor, three: list[Actor]) -> None:
    ann, budi, _cici = three
    rule({"people": people(ann)}, {"people": people(budi)})
    request = ask(sari)

    with pytest.raises(NotYours):
        say(budi, request)
    assert [say(ann, request), say(budi, request)] == ["pending", "approved"]
    assert approval_status(by=sari, subject_kind="quote", subject_id=QUOTE, digest="v1") == "approved"


def test_a_parallel_step_wants_all_and_one_rejection_ends_it(sari: Actor, three: list[Actor]) -> None:
    rule({"people": people(*three), "needs": "all"})
    request = ask(sari)

    assert [say(three[0], request), say(three[1], request, False)] == ["pending", "rejected"]
    with pytest.raises(NotPending):
        say(three[2], request)


def test_nobody_approves_their_own_request(three: list[Actor]) -> None:
    ann, budi, _cici = three
    rule({"people": people(ann, budi), "needs": "any"})
    request = ask(ann)
    name_stand_in(by=budi, delegate_id=UUID(ann.id), since=NOON - timedelta(1), until=NOON + timedelta(1), at=NOON)

    with pytest.raises(NotYours):
        say(ann, request)

    assert (Decision.objects.count(), ApprovalRequest.objects.get().status) == (0, "pending")
    assert waiting_for_me(by=ann, at=NOON) == []


def test_a_rule_that_only_the_asker_could_meet_is_refused(three: list[Actor]) -> None:
    rule({"people": people(three[0]), "needs": "any"})

    with pytest.raises(NobodyCanApprove):
        ask(three[0])

    assert ApprovalRequest.objects.count() == 0


def test_a_stand_in_speaks_for_the_absent_and_not_twice(sari: Actor, three: list[Actor]) -> None:
    ann, budi, cici = three
    rule({"people": people(ann, budi), "needs": 2})
    request = ask(sari)
    name_stand_in(by=ann, delegate_id=UUID(cici.id), since=NOON - timedelta(1), until=NOON + timedelta(1), at=NOON)

    assert say(cici, request) == "pending"
    with pytest.raises(NotYours):
        say(cici, request)
    assert say(budi, request) == "approved"
    assert {str(one.person) + "/" + str(one.by) for one in Decision.objects.all()} == {"Ann/Cici", "Budi/Budi"}


def test_a_change_after_approval_asks_again(sari: Actor, three: list[Actor]) -> None:
    rule({"people": people(*three), "needs": "any"})
    request = ask(sari)
    say(three[0], request)

    assert note_changed(by=sari, subject_kind="quote", subject_id=QUOTE, digest="v1", at=NOON) is None
    note_changed(by=sari, subject_kind="quote", subject_id=QUOTE, digest="v2", at=NOON)

    request.refresh_from_db()
    assert (request.status, request.round, request.step) == ("pending", 2, 0)
    assert say(three[0], request) == "approved"


def test_asking_the_same_twice_asks_once(sari: Actor, three: list[Actor]) -> None:
    rule({"people": people(*three), "needs": "any"})

    assert ask(sari).round == ask(sari).round == 1
    assert facts_recorded("collaboration.approval") == ["collaboration.approval_changed"]


def test_only_who_asked_withdraws(sari: Actor, three: list[Actor]) -> None:
    rule({"people": people(*three), "needs": "any"})
    request = ask(sari)

    with pytest.raises(NotYours):
        withdraw(by=three[0], request_id=request.pk, at=NOON)
    withdraw(by=sari, request_id=request.pk, at=NOON)

    assert ApprovalRequest.objects.get().status == "withdrawn"


def test_working_time_reminds_once_and_then_expires(sari: Actor, three: list[Actor]) -> None:
    rule({"people": people(three[0])})
    request = ask(sari)

    watch_approvals(request.remind_at)
    watch_approvals(request.remind_at + timedelta(minutes=10))
    assert len(facts_recorded("collaboration.approval")) == 2
    watch_approvals(request.expires_at)

    assert ApprovalRequest.objects.get().status == "expired"
    assert request.expires_at - NOON > timedelta(minutes=2400)


def test_deciders_hear_of_it_and_then_who_asked(sari: Actor, three: list[Actor]) -> None:
    rule({"people": people(three[0])})
    request = ask(sari)
    facts = [decide(by=three[0], request_id=request.pk, is_approved=True, at=NOON)]

    tell_deciders(facts)

    assert [(str(one.user), one.reasons) for one in Notice.objects.all()] == [("Sari", ["decided"])]


@pytest.mark.parametrize(
    "wrong", [{"steps": []}, {"steps": [{}]}, {"conditions": [{"field": "x", "op": "~", "value": 1}]}, {"expire_minutes": 1}]
)
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        set_rule(**{"by": SYSTEM, "name": "x", "subject_kind": "quote", "steps": [{"roles": ["manager"]}], "at": NOON, **wrong})

    assert ApprovalRule.objects.count() == 0


@given(
    st.integers(1, 6).flatmap(
        lambda seats: st.tuples(st.just(seats), st.integers(1, seats), st.lists(st.booleans(), max_size=seats))
    )
)
def test_a_tally_never_passes_and_fails_and_ends_when_all_have_spoken(case: tuple[int, int, list[bool]]) -> None:
    seats, needs, votes = case
    found = tally(needs, seats, votes.count(True), votes.count(False))

    assert not (found.is_passed and found.is_failed)
    assert found.is_passed == (votes.count(True) >= needs)
    assert found.is_passed or found.is_failed or len(votes) < seats


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_people_do_the_state_follows_the_seats(sari: Actor, three: list[Actor], data: st.DataObject) -> None:
    """A machine of random decisions, changes and withdrawals against a small model of it."""
    needs = data.draw(st.sampled_from(["all", "any", 2]))
    wanted = {"all": 3, "any": 1, 2: 2}[needs]
    with transaction.atomic():
        rule({"people": people(*three, sari), "needs": needs}, {"people": people(three[0])})
        request, step, status, version = ask(sari), 0, "pending", 1
        votes: dict[int, bool] = {}
        for _turn in range(data.draw(st.integers(1, 8))):
            act, who = data.draw(st.sampled_from(["yes", "no", "change"])), data.draw(st.integers(0, 3))
            if act == "change":
                version += 1
                changed = note_changed(by=sari, subject_kind="quote", subject_id=QUOTE, digest=f"v{version}", at=NOON)
                if status in {"pending", "approved"}:
                    step, votes, status = 0, {}, "pending"
                assert (changed is None) == (status == "rejected")
                continue
            seats = {0, 1, 2} if step == 0 else {0}
            allowed = status == "pending" and who in seats and who not in votes
            try:
                said = say([*three, sari][who], request, act == "yes")
            except (NotYours, NotPending):
                assert not allowed
                continue
            assert allowed
            votes[who] = act == "yes"
            found = tally(wanted if step == 0 else 1, len(seats), *(list(votes.values()).count(one) for one in (True, False)))
            if found.is_failed:
                status = "rejected"
            elif found.is_passed:
                status, step, votes = ("approved", step, votes) if step == 1 else ("pending", 1, {})
            assert said == status
        transaction.set_rollback(True)


def test_a_handover_is_accepted_with_its_checklist_done(sari: Actor, three: list[Actor]) -> None:
    ayu, ann = make_customer("Ayu"), three[0]
    offer_handover(by=sari, customer_id=ayu.pk, to_id=UUID(ann.id), situation="Wants a quote", checklist=["Called"], at=NOON)
    offered = Handover.objects.get()

    with pytest.raises(NotFound):
        answer_handover(by=three[1], handover_id=offered.pk, is_accepted=True, at=NOON)
    with pytest.raises(Invalid):
        answer_handover(by=ann, handover_id=offered.pk, is_accepted=True, at=NOON)
    fact = answer_handover(by=ann, handover_id=offered.pk, is_accepted=True, done=[0], at=NOON + timedelta(hours=2))
    with pytest.raises(AnsweredAlready):
        answer_handover(by=ann, handover_id=offered.pk, is_accepted=False, reason="x", at=NOON)

    assert (fact.status, fact.working_minutes) == ("accepted", 60)  # lunch does not count
    assert Handover.objects.get().checklist == [{"text": "Called", "done": True}]


def test_a_handover_goes_back_with_a_reason(sari: Actor, three: list[Actor]) -> None:
    offer_handover(by=sari, customer_id=make_customer("Ayu").pk, to_id=UUID(three[0].id), situation="?", at=NOON)
    offered = Handover.objects.get()

    with pytest.raises(Invalid):
        answer_handover(by=three[0], handover_id=offered.pk, is_accepted=False, at=NOON)
    answer_handover(by=three[0], handover_id=offered.pk, is_accepted=False, reason="Not ours", at=NOON)

    assert (Handover.objects.get().status, Handover.objects.get().reason) == ("returned", "Not ours")


def test_a_training_counts_once_for_a_customer(sari: Actor) -> None:
    ayu = make_customer("Ayu")

    first = complete_trainings(by=sari, trainings=[(ayu.pk, "Barista 1", "92")], at=NOON)
    again = complete_trainings(by=sari, trainings=[(ayu.pk, "Barista 1", "95")], at=NOON)

    assert (len(first), again) == (1, [])


def test_the_page_decides_and_answers(client: Client, sari: Actor) -> None:
    ann = make_person("Ann")
    client.force_login(ann)
    rule({"people": [str(ann.pk)]})
    request = ask(sari)
    offer_handover(by=sari, customer_id=make_customer("Ayu").pk, to_id=ann.pk, situation="Call back", at=NOON)

    body = client.get("/approvals/").content.decode()
    client.post(f"/approvals/{request.pk}/", {"decision": "approve", "note": "Fine"})
    client.post(f"/handovers/{Handover.objects.get().pk}/", {"answer": "accept"})

    assert "Quote 1" in body
    assert "Call back" in body
    assert (ApprovalRequest.objects.get().status, Handover.objects.get().status) == ("approved", "accepted")
