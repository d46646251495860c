"""Rules hold for what lies behind: undo, the journal, the trash, requests of privacy and consent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from akrab.customers.models import Customer
from akrab.customers.operations.consenting import ConsentMessage, record_consents
from akrab.customers.operations.editing import edit_customer
from akrab.customers.operations.identifying import add_identifier
from akrab.customers.operations.requesting import close_request, handle_request, open_request
from akrab.customers.operations.trashing import restore_customers, trash_customers
from akrab.customers.queries.privacy import get_request, privacy_requests
from akrab.customers.queries.trash import customers_in_trash, get_trashed
from akrab.customers.tables.consent import ConsentEvent
from akrab.customers.tables.privacy import PrivacyRequest
from akrab.customers.tests.factories import make_customer
from akrab.platform.models import JournalEntry, User
from akrab.platform.operations.undoing import undo_entry
from akrab.platform.queries.journal import get_change, history_of, left_of, list_changes
from akrab.platform.refusal import NotFound
from akrab.platform.rights.fields import FieldNotEditable
from akrab.platform.rights.limits import NotYoursToChange
from akrab.platform.tests.factories import acting, facts_recorded, make_actor, make_field_rule, make_person, make_rule, make_share

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
ANN = make_actor("administrator")


@pytest.fixture
def budi() -> User:
    return make_person("Budi", "manager")


def last_entry() -> JournalEntry:
    return JournalEntry.objects.latest("id")


def test_an_undo_restores_no_field_that_its_person_may_not_change(budi: User) -> None:
    ayu = make_customer("Ayu", owner=budi, phone="+628110001", city="Solo")
    edit_customer(by=ANN, customer_id=ayu.pk, changes={"phone": "+628110009", "city": "Medan"}, at=NOW)
    make_field_rule("phone", "read")

    with pytest.raises(FieldNotEditable):
        undo_entry(by=acting(budi), entry_id=last_entry().pk, at=NOW)

    ayu.refresh_from_db()
    assert (ayu.phone, ayu.city) == ("+628110009", "Medan")
    assert facts_recorded("platform.entry_undone") == []


def test_an_undo_takes_no_identifier_away_that_its_person_may_not_change(budi: User) -> None:
    ayu = make_customer("Ayu", owner=budi)
    add_identifier(by=ANN, customer_id=ayu.pk, kind="card", value="AK-7", at=NOW)
    make_field_rule("card", "hidden")

    with pytest.raises(FieldNotEditable):
        undo_entry(by=acting(budi), entry_id=last_entry().pk, at=NOW)

    assert history_of(by=acting(budi), subject="customer", subject_id=ayu.pk)[0].may_undo is False


def test_fields_that_the_entry_did_not_touch_stop_no_undo(budi: User) -> None:
    ayu = make_customer("Ayu", owner=budi, phone="+628110001", city="Solo")
    edit_customer(by=ANN, customer_id=ayu.pk, changes={"city": "Medan"}, at=NOW)
    make_field_rule("phone", "hidden")

    undo_entry(by=acting(budi), entry_id=last_entry().pk, at=NOW)

    assert Customer.objects.get().city == "Solo"


def test_who_moved_their_customer_to_the_trash_can_undo_it_and_nobody_whom_rules_keep_away(budi: User) -> None:
    ayu = make_customer("Ayu", owner=budi)
    make_rule("own")
    trash_customers(by=acting(budi), customer_ids=[ayu.pk], at=NOW)

    with pytest.raises(NotFound):
        undo_entry(by=acting(make_person("Rina", "manager")), entry_id=last_entry().pk, at=NOW)
    undo_entry(by=acting(budi), entry_id=last_entry().pk, at=NOW)

    assert Customer.objects.get().trashed_at is None


def test_the_trash_shows_and_gives_back_what_is_within_reach(budi: User) -> None:
    ayu, bagus = make_customer("Ayu", owner=budi), make_customer("Bagus", phone="+628110002")
    trash_customers(by=ANN, customer_ids=[ayu.pk, bagus.pk], at=NOW)
    make_rule("own")
    by = acting(budi)

    assert [one.display_name for one in customers_in_trash(by=by)[0]] == ["Ayu"]
    for attempt in (
        lambda: get_trashed(by=by, customer_id=bagus.pk),
        lambda: restore_customers(by=by, customer_ids=[ayu.pk, bagus.pk], at=NOW),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert Customer.objects.filter(trashed_at=None).count() == 0

    restore_customers(by=by, customer_ids=[ayu.pk], at=NOW)
    assert Customer.objects.get(trashed_at=None).display_name == "Ayu"


def test_hidden_fields_are_hidden_in_the_trash(budi: User) -> None:
    ayu = make_customer("Ayu", owner=budi, phone="+628110001")
    trash_customers(by=ANN, customer_ids=[ayu.pk], at=NOW)
    make_field_rule("phone", "hidden")

    assert customers_in_trash(by=acting(budi))[0][0].phone == ""
    assert get_trashed(by=acting(budi), customer_id=ayu.pk).phone == ""


def test_who_may_only_see_a_customer_does_not_bring_them_back(budi: User) -> None:
    ayu = make_customer("Ayu")
    trash_customers(by=ANN, customer_ids=[ayu.pk], at=NOW)
    make_rule("own")
    make_share(ayu.pk, person=budi)

    with pytest.raises(NotYoursToChange):
        restore_customers(by=acting(budi), customer_ids=[ayu.pk], at=NOW)

    assert Customer.objects.get().trashed_at == NOW


def test_an_entry_about_many_tells_of_those_within_reach(budi: User) -> None:
    ayu, bagus = make_customer("Ayu", owner=budi, city="Solo"), make_customer("Bagus", city="Kotarahasia")
    trash_customers(by=ANN, customer_ids=[ayu.pk, bagus.pk], at=NOW)
    entry = last_entry()
    JournalEntry.objects.filter(pk=entry.pk).update(subject="", subject_id=None)
    make_rule("own")

    assert [one.name for one in get_change(by=acting(budi), entry_id=entry.pk).changes] == ["Ayu"]
    assert [one.name for one in get_change(by=ANN, entry_id=entry.pk).changes] == ["Ayu", "Bagus"]
    with pytest.raises(NotFound):
        undo_entry(by=acting(budi), entry_id=entry.pk, at=NOW)


def test_what_an_undo_left_is_told_of_those_within_reach(budi: User) -> None:
    bagus = make_customer("Bagus", city="Solo")
    edit_customer(by=ANN, customer_id=bagus.pk, changes={"city": "Kotarahasia"}, at=NOW)
    first = last_entry()
    edit_customer(by=ANN, customer_id=bagus.pk, changes={"city": "Medan"}, at=NOW)
    undone = undo_entry(by=ANN, entry_id=first.pk, at=NOW)
    JournalEntry.objects.filter(pk=undone.entry_id).update(subject="", subject_id=None)
    make_rule("own")

    assert left_of(by=acting(budi), entry_id=undone.entry_id) == []
    assert len(left_of(by=ANN, entry_id=undone.entry_id)) == 1


def test_the_list_of_changes_leaves_customers_out_of_reach_out(budi: User) -> None:
    edit_customer(by=ANN, customer_id=make_customer("Bagus").pk, changes={"city": "Medan"}, at=NOW)
    make_rule("own")

    assert list_changes(by=acting(budi))[0] == []


def test_a_request_of_a_customer_out_of_reach_is_not_there(budi: User) -> None:
    bagus = make_customer("Bagus")
    one = open_request(by=ANN, customer_id=bagus.pk, kind="access", received_at=NOW, at=NOW, details="Kotarahasia").request_id
    make_rule("own")
    by = acting(budi)

    assert privacy_requests(by=by, at=NOW) == []
    for attempt in (
        lambda: get_request(by=by, request_id=one, at=NOW),
        lambda: handle_request(by=by, request_id=one, identity="confirmed", identity_how="Call", assignee_id=None, at=NOW),
        lambda: close_request(by=by, request_id=one, decision="refused", reason="No", answer="", at=NOW),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert PrivacyRequest.objects.get().closed_at is None


def test_who_may_only_see_a_customer_records_no_consent_for_them(budi: User) -> None:
    ayu = make_customer("Ayu")
    make_rule("own")
    make_share(ayu.pk, person=budi)
    message = ConsentMessage("email", "marketing", "granted", ayu.pk, evidence="Form")

    (taken,) = record_consents(by=acting(budi), consents=[message], at=NOW)

    assert (taken.result, taken.code) == ("error", "not_yours_to_change")
    assert ConsentEvent.objects.count() == 0
