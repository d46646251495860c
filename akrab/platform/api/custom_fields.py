"""Custom fields over the API: what there is to fill in, and for administrators defining it."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.platform.api.replies import reply, wanted_version
from akrab.platform.api.shapes import CustomValue, Flag, Input, Text, Whole
from akrab.platform.customizing.fields import PREFIX
from akrab.platform.customizing.models import CustomField
from akrab.platform.jobs import run_queued_bulk
from akrab.platform.operations.custom_fields import (
    ChoiceWords,
    FieldWords,
    define_field,
    purge_field,
    restore_field,
    revise_field,
    trash_field,
)
from akrab.platform.operations.replacing_choices import retire_choice
from akrab.platform.queries.custom_fields import definitions, get_definition
from akrab.platform.rights.fields import unreadable

router = Router(tags=["custom fields"])
TypeName = Literal[
    "text", "long", "number", "money", "date", "moment", "choice", "choices", "person", "link", "boolean", "url", "formula",
    "rollup",
]  # fmt: skip
Title = Annotated[Text, Field(max_length=80)]
ObjectName = Annotated[str, Field(max_length=40, description="For example `customers.customer` or `commerce.product`.")]


class ChoiceIn(Input):
    """One value of a choice; without a code it gets one from its title."""

    title_en: Annotated[Title, Field(min_length=1)]
    title_id: Title = ""
    code: Annotated[Text, Field(max_length=40)] = ""
    is_retired: Flag = False


class CustomFieldChange(Input):
    """What a definition says; choices that are left out of the list are retired, never forgotten."""

    title_en: Annotated[Title, Field(min_length=1)]
    title_id: Title = ""
    help_text: Annotated[Text, Field(max_length=300)] = ""
    group: Title = ""
    position: Annotated[Whole, Field(ge=0, le=10_000)] = 0
    is_required: Flag = False
    is_unique: Flag = False
    is_searchable: Flag = False
    choices: Annotated[list[ChoiceIn], Field(max_length=500)] = []
    default: CustomValue = None
    formula: Annotated[str, Field(max_length=2000)] = ""


class CustomFieldIn(CustomFieldChange):
    """A new field; key and type never change. `rollup` reads like `sum commerce.receipts amount`."""

    object: ObjectName
    type: TypeName = "text"
    key: Annotated[str, Field(max_length=40, pattern=r"^([a-z][a-z0-9_]*)?$")] = ""
    currency: Annotated[str, Field(max_length=3)] = ""
    target: Annotated[str, Field(max_length=40)] = ""
    rollup: Annotated[str, Field(max_length=120)] = ""


class ChoiceRetirement(Input):
    """The choice that is retired, and the one that its records get instead; without one they keep it."""

    choice: Annotated[str, Field(max_length=40)]
    instead: Annotated[str, Field(max_length=40)] = ""


class ChoiceOut(TypedDict):
    code: str
    title_en: str
    title_id: str
    is_retired: bool


class CustomFieldOut(TypedDict):
    """A field that a company added; `name` is its word in filters, orders and files, `key` in `custom` of a record."""

    id: UUID
    object: str
    key: str
    name: str
    type: TypeName
    title_en: str
    title_id: str
    help_text: str
    group: str
    position: int
    is_required: bool
    is_unique: bool
    is_searchable: bool
    is_indexed: bool
    is_trashed: bool
    kind: str
    choices: list[ChoiceOut]
    currency: str
    target: str
    default: CustomValue
    formula: str
    rollup: str
    version: int


class CustomFieldList(TypedDict):
    items: list[CustomFieldOut]
    next: str | None


class Replacement(TypedDict):
    """The run that gives records the other choice, null when there is nothing to do; it can be undone in the journal."""

    run_id: UUID | None


@router.get("/custom-fields", response=CustomFieldList, summary="List custom fields")
def index(request: Any, object: ObjectName, trash: bool = False) -> HttpResponse:
    """The fields of an object in their order, or those in the trash; fields that the key cannot read are left out."""
    found = definitions(by=request.actor, object=object, in_trash=trash)
    closed = unreadable(request.actor, object)
    return reply({"items": [_out(one) for one in found if PREFIX + one.key not in closed], "next": None})


@router.post("/custom-fields", response={201: CustomFieldOut}, summary="Define a custom field")
def create(request: Any, body: CustomFieldIn) -> HttpResponse:
    """Only administrators; the field is in forms, lists, filters, imports and exports at once."""
    fact = define_field(by=request.actor, object=body.object, words=_words(body), at=now())
    return _answer(request, fact.field_id, status=201)


@router.get("/custom-fields/{uuid:field_id}", response=CustomFieldOut, summary="Read a custom field")
def show(request: Any, field_id: UUID) -> HttpResponse:
    """One definition, also one in the trash; the ETag is its version."""
    return _answer(request, field_id)


@router.put("/custom-fields/{uuid:field_id}", response=CustomFieldOut, summary="Change a custom field")
def update(request: Any, field_id: UUID, body: CustomFieldChange) -> HttpResponse:
    """Replaces what the definition says; with If-Match only if it still has that version (else 412)."""
    revise_field(by=request.actor, field_id=field_id, words=_words(body), at=now(), version=wanted_version(request))
    return _answer(request, field_id)


@router.delete("/custom-fields/{uuid:field_id}", response={204: None}, summary="Move a custom field to the trash")
def destroy(request: Any, field_id: UUID, forever: bool = False) -> HttpResponse:
    """Its values stay; with `forever`, a field in the trash is removed with every value of it."""
    (purge_field if forever else trash_field)(by=request.actor, field_id=field_id, at=now())
    return HttpResponse(status=204)


@router.post("/custom-fields/{uuid:field_id}:restore", response=CustomFieldOut, summary="Bring a custom field back")
def restore(request: Any, field_id: UUID) -> HttpResponse:
    """Out of the trash, with its values."""
    restore_field(by=request.actor, field_id=field_id, at=now())
    return _answer(request, field_id)


@router.post("/custom-fields/{uuid:field_id}:retire-choice", response=Replacement, summary="Retire a choice")
def retire(request: Any, field_id: UUID, body: ChoiceRetirement) -> HttpResponse:
    """Offered no more; with `instead`, a job gives that choice to all records that have the retired one."""
    with transaction.atomic():
        run = retire_choice(by=request.actor, field_id=field_id, choice=body.choice, instead=body.instead, at=now())
        if run is not None:
            run_queued_bulk.defer(run_id=str(run.pk), user_id=str(run.by_id))
    return reply({"run_id": run.pk if run else None})


def _words(body: CustomFieldChange) -> FieldWords:
    given = body.model_dump(exclude={"object", "choices"})
    return FieldWords(**given, choices=[ChoiceWords(**one.model_dump()) for one in body.choices])


def _answer(request: Any, field_id: UUID, *, status: int = 200) -> HttpResponse:
    field = get_definition(by=request.actor, field_id=field_id)
    location = f"/api/v1/custom-fields/{field_id}" if status == 201 else ""
    return reply(_out(field), status=status, version=field.version, location=location)


def _out(field: CustomField) -> dict[str, Any]:
    options = field.options
    derived = {
        "name": PREFIX + field.key,
        "is_trashed": field.trashed_at is not None,
        "kind": options.get("kind", field.type),
        "choices": options.get("choices", []),
        **{name: options.get(name, "") for name in ("currency", "target", "formula", "rollup")},
        "default": options.get("default"),
    }
    return {name: derived[name] if name in derived else getattr(field, name) for name in CustomFieldOut.__annotations__}
