"""Notes: written, named in, changed, pinned, removed; their files are downloads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from akrab.collaboration.models.notes import Attachment, Mention, Note
from akrab.collaboration.operations.writing import NoteDraft, edit_note, pin_note, remove_note, write_notes
from akrab.collaboration.queries.notes import list_notes, notes_of
from akrab.collaboration.tests.factories import make_colleague, make_person
from akrab.customers.models import Customer
from akrab.customers.tests.factories import make_customer, sign_in
from akrab.platform.actor import Actor
from akrab.platform.ids import new_id
from akrab.platform.middleware import actor_of
from akrab.platform.models import JournalEntry
from akrab.platform.refusal import Forbidden, Invalid, NotFound, StaleVersion
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor
from akrab.platform.tests.programs import make_program, problem_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def rina() -> Actor:
    return make_colleague("Rina")


@pytest.fixture
def ayu() -> Customer:
    return make_customer("Ayu")


def write(by: Actor, customer: Customer, body: str = "Wants **oat** milk", **more: Any) -> Note:
    (fact,) = write_notes(by=by, notes=[NoteDraft(body=body, customer_id=customer.pk, **more)], at=NOON)
    return Note.objects.get(pk=fact.note_id)


def test_a_note_is_internal_and_knows_its_author(rina: Actor, ayu: Customer) -> None:
    note = write(rina, ayu)

    assert (note.visibility, note.author_id, note.author_name) == ("internal", UUID(rina.id), "Rina")
    assert note.html == "<p>Wants <strong>oat</strong> milk</p>\n"
    assert facts_recorded() == ["collaboration.note_written"]


@pytest.mark.parametrize(
    "draft",
    [
        {"body": "  "},
        {"body": "x" * 20001},
        {"body": "x", "visibility": "everyone"},
        {"body": "x", "mentioned": (UUID(int=5),)},
        {"body": "x", "customer_id": UUID(int=5)},
        {"body": "x", "customer_id": None},
    ],
)
def test_a_note_that_cannot_be_kept_leaves_nothing(rina: Actor, ayu: Customer, draft: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        write_notes(
            by=rina, notes=[NoteDraft(body="Good", customer_id=ayu.pk), NoteDraft(**{"customer_id": ayu.pk, **draft})], at=NOON
        )

    assert (Note.objects.count(), facts_recorded()) == (0, [])


def test_who_only_reads_writes_nothing(ayu: Customer) -> None:
    with pytest.raises(Forbidden):
        write(make_actor("readonly"), ayu)

    assert Note.objects.count() == 0


def test_an_edit_tells_only_the_newly_named(rina: Actor, ayu: Customer) -> None:
    budi, cici = make_person("Budi"), make_person("Cici")
    note = write(rina, ayu, mentioned=(budi.pk,))

    fact = edit_note(by=rina, note_id=note.pk, body="Changed", mentioned=[budi.pk, cici.pk], version=1, at=NOON)

    assert fact.mentioned == [str(cici.pk)]
    assert Mention.objects.count() == 2
    with pytest.raises(StaleVersion):
        edit_note(by=rina, note_id=note.pk, body="Late", version=1, at=NOON)
    note.refresh_from_db()
    assert note.body == "Changed"


def test_pinned_notes_stand_on_top(rina: Actor, ayu: Customer) -> None:
    first = write(rina, ayu, "first")
    write(rina, ayu, "second")

    pin_note(by=rina, note_id=first.pk, is_pinned=True, at=NOON)

    assert [one.body for one in notes_of(by=rina, customer_id=ayu.pk)] == ["first", "second"]


def test_a_removed_note_is_gone_for_everyone(rina: Actor, ayu: Customer) -> None:
    note = write(rina, ayu)

    remove_note(by=rina, note_id=note.pk, at=NOON)

    assert list_notes(by=rina).items == []
    with pytest.raises(NotFound):
        remove_note(by=rina, note_id=note.pk, at=NOON)


def test_the_composer_keeps_note_file_and_mention(client: Client, settings: Any, tmp_path: Path, ayu: Customer) -> None:
    settings.FILES_ROOT = tmp_path
    sign_in(client, "manager")
    budi = make_person("Budi")
    file = SimpleUploadedFile("<b>offer.html", b"<script>alert(1)</script>")
    sent = {"body": "See @Budi", "customers": str(ayu.pk), "visibility": "internal", "mentioned": [str(budi.pk)], "files": file}

    response = client.post("/notes/", sent, headers=HTMX)
    kept = Attachment.objects.get()
    given = client.get(f"/notes/files/{kept.pk}/")

    assert response.status_code == 200
    assert "collaboration.note_written" in response["HX-Trigger"]
    assert (kept.name, kept.media_type, kept.size) == ("_b_offer.html", "application/octet-stream", 25)
    assert given["Content-Disposition"].startswith("attachment;")
    assert given["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Mention.objects.get().user_id == budi.pk


def test_a_note_is_taken_back_by_the_undo_of_its_toast_and_comes_again_with_file_and_mention(
    client: Client, settings: Any, tmp_path: Path, ayu: Customer
) -> None:
    settings.FILES_ROOT = tmp_path
    sign_in(client)
    colleague = make_person("Dewi")
    given = {"customers": ayu.pk, "body": "Oat milk", "visibility": "internal", "mentioned": colleague.pk}
    answer = client.post("/notes/", {**given, "files": SimpleUploadedFile("a.txt", b"hello")}, headers=HTMX)
    undo = json.loads(answer["HX-Trigger"])["akrab:toast"]["undo"]

    again = json.loads(client.post(undo, {"back": "/"}, headers=HTMX)["HX-Trigger"])["akrab:toast"]["undo"]
    assert (Note.objects.count(), Mention.objects.count(), Attachment.objects.count()) == (0, 0, 0)
    client.post(again, {"back": "/"}, headers=HTMX)

    note = Note.objects.get()
    assert (note.body, note.mentions.get().user_id, note.attachments.get().name) == ("Oat milk", colleague.pk, "a.txt")


def test_a_removed_note_is_put_back_by_undo_and_the_entry_does_not_say_what_it_says(client: Client, ayu: Customer) -> None:
    sign_in(client)
    note = write(make_actor(), ayu, "Very secret")

    client.post(f"/notes/{note.pk}/", {"_method": "delete"})
    entry = JournalEntry.objects.latest("at")
    shown = client.get("/changes/").content.decode() + client.get(f"/changes/{entry.pk}/").content.decode()
    client.post(f"/changes/{entry.pk}/undo/")

    assert ("Removed a note about Ayu" in shown, "secret" in shown) == (True, False)
    assert Note.objects.get(pk=note.pk).removed_at is None


def test_a_note_that_was_taken_away_is_told_on_no_timeline(client: Client, ayu: Customer) -> None:
    sign_in(client)
    client.post("/notes/", {"customers": ayu.pk, "body": "Very secret", "visibility": "internal"}, headers=HTMX)
    before = client.get(f"/customers/{ayu.pk}/timeline/").content.decode()
    client.post(f"/changes/{JournalEntry.objects.latest('at').pk}/undo/")

    after = client.get(f"/customers/{ayu.pk}/timeline/").content.decode()

    assert ("Very secret" in before, "Very secret" in after) == (True, False)


def test_the_timeline_of_a_profile_asks_again_after_a_note(client: Client, ayu: Customer) -> None:
    sign_in(client)

    body = client.get(f"/customers/{ayu.pk}/timeline/?room=collaboration").content.decode()

    assert f'hx-get="/customers/{ayu.pk}/timeline/?room=collaboration" hx-target="#timeline"' in body
    assert "collaboration.note_written from:body" in body


def test_an_empty_note_keeps_the_composer_open(client: Client, ayu: Customer) -> None:
    sign_in(client, "manager")

    response = client.post("/notes/", {"body": " ", "customers": str(ayu.pk), "visibility": "partner"}, headers=HTMX)

    assert response.status_code == 422
    assert 'value="partner" selected' in response.content.decode()
    assert Note.objects.count() == 0


def test_naming_somebody_without_access_warns(client: Client) -> None:
    sign_in(client, "manager")
    make_person("Nina", role="nobody")
    make_person("Nino")

    body = client.get("/pick/people/?as=options&person_words=nin").content.decode()

    assert body.count("data-person=") == 2
    assert body.count("has no access") == 1


def test_pages_of_notes_cost_the_same_however_many(client: Client, ayu: Customer) -> None:
    rina = actor_of(sign_in(client, "manager"))

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    write(rina, ayu)
    few = queries("/notes/")
    for number in range(10):
        write(rina, ayu, f"Note {number}")

    assert queries("/notes/") == few <= 7
    assert queries(f"/customers/{ayu.pk}/notes/") <= 9
    assert client.get(f"/notes/{Note.objects.first().pk}/").status_code == 200  # type: ignore[union-attr]


def test_markup_in_a_note_is_text(client: Client, ayu: Customer) -> None:
    rina = actor_of(sign_in(client, "manager"))
    note = write(rina, ayu, "<script>alert(1)</script> [x](javascript:alert(1))")

    for address in ("/notes/", f"/notes/{note.pk}/", f"/customers/{ayu.pk}/notes/", f"/customers/{ayu.pk}/timeline/"):
        body = client.get(address).content.decode()
        assert "<script>alert" not in body, address
        assert 'href="javascript' not in body, address


def test_notes_over_the_api() -> None:
    program = make_program()
    ann = program.sends("/customers", {"name": "Ann"})["id"]

    made = program.sends("/notes", {"customer_id": ann, "body": "Hello", "pinned": True})
    path = f"/notes/{made['id']}"
    changed = program.ask("PATCH", path, {"body": "Changed", "visibility": "partner"}, If_Match='"1"').json()

    assert (made["visibility"], made["pinned"], changed["body"], changed["visibility"]) == (
        "internal",
        True,
        "Changed",
        "partner",
    )
    assert problem_of(program.ask("PATCH", path, {"body": "Late"}, If_Match='"1"')) == (412, "stale_version")
    assert [one["id"] for one in program.reads(f"/notes?customer_id={ann}")["items"]] == [made["id"]]
    assert program.ask("DELETE", path).status_code == 204
    assert problem_of(program.ask("GET", path)) == (404, "not_found")
    assert problem_of(program.ask("POST", "/notes", {"customer_id": str(new_id()), "body": "x"})) == (422, "invalid")
