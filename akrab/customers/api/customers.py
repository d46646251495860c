"""Customers over the API: list, read, create, change, upsert by identifier, batch."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import Field, TypeAdapter

from akrab.customers.api.shapes import (
    FIELDS,
    Assigned,
    Assignment,
    Customer,
    CustomerEdit,
    CustomerIn,
    CustomerKind,
    CustomerPage,
    IdentifierKind,
    StageName,
    customer_fields,
    customer_message,
    customer_out,
)
from akrab.customers.models import CUSTOMER
from akrab.customers.operations.assigning import assign_customers
from akrab.customers.operations.editing import edit_customer
from akrab.customers.operations.saving import CustomerMessage, Saved, save_customers
from akrab.customers.operations.trashing import trash_customers
from akrab.customers.queries.records import ORDERINGS, find_record, get_record, is_ordering, list_records
from akrab.platform.actor import Actor
from akrab.platform.api.bodies import batch
from akrab.platform.api.document import batch_of
from akrab.platform.api.lists import Cursor, Fields, Limit, listed, read_cursor
from akrab.platform.api.replies import chosen, only, reply, wanted_version
from akrab.platform.api.shapes import BatchResult, ItemResult, Moment, batch_result, item_result
from akrab.platform.listing.tree import read_tree
from akrab.platform.refusal import Invalid, NotFound, Refusal
from akrab.platform.rights.fields import field_access

router = Router(tags=["customers"])
ITEM: TypeAdapter[CustomerIn] = TypeAdapter(CustomerIn)
STATUS = {
    "not_yours_to_change": 403,
    "field_not_editable": 403,
    "identifier_taken": 409,
    "identifiers_disagree": 409,
    "identifier_blocked": 422,
    "erased_before": 409,
    "too_many_identifiers": 409,
}


class CustomerRefused(Refusal):
    """A customer that cannot be saved, for the reason that the operation gave."""

    message = _("This customer cannot be saved.")

    def __init__(self, saved: Saved) -> None:
        self.code = saved.code  # type: ignore[misc]
        self.status = STATUS.get(saved.code, 422)  # type: ignore[misc]
        self.errors = saved.errors
        self.reason = saved.reason
        super().__init__(**({"customer_id": str(saved.customer_id)} if saved.customer_id else {}))

    def __str__(self) -> str:
        return self.reason


@router.get("/customers", response=CustomerPage, summary="List customers")
def index(
    request: Any,
    limit: Limit = 50,
    cursor: Cursor = "",
    q: Annotated[str, Field(max_length=200)] = "",
    fields: Fields = "",
    sort: str = "id",
    stage: Annotated[list[StageName], Query()] = [],  # noqa: B006
    kind: CustomerKind | None = None,
    city: str | None = None,
    registered_from: Moment | None = None,
    registered_before: Moment | None = None,
    where: Annotated[str, Field(max_length=3000)] = "",
) -> HttpResponse:
    """Customers in a fixed order; `q` finds every word in name, e-mail, phone or city. Ask for `traits` by name.

    `where` takes the conditions of the list's address, for example `custom.shoe_size:min:40;city:is:Solo`; `sort` also takes
    a custom field, for example `-custom.shoe_size`.
    """
    names = chosen(fields, FIELDS)
    if not is_ordering(sort):
        raise Invalid({"sort": "One of: " + ", ".join(ORDERINGS)})
    filters = {
        "stage": stage or None,
        "kind": kind,
        "city": city,
        "registered_from": registered_from,
        "registered_before": registered_before,
    }
    traits = names is not None and "traits" in names
    rows, following = list_records(
        by=request.actor,
        filters={name: value for name, value in filters.items() if value is not None},
        search=q,
        order=sort,
        after=read_cursor(f"customers {sort}", cursor),
        limit=limit,
        with_traits=traits,
        tree=read_tree(where),
    )
    access = field_access(request.actor, CUSTOMER.name)
    items = [only(customer_out(row, with_traits=traits, access=access), names) for row in rows]
    return reply(listed(items, f"customers {sort}", following))


@router.post("/customers", response={201: Customer}, summary="Create a customer")
def create(request: Any, body: CustomerIn) -> HttpResponse:
    """A new customer; an identifier that points to another customer already is refused (409 identifier_taken)."""
    saved = _save(request.actor, customer_message(body), mode="create")
    return _answer(request.actor, saved.customer_id, status=201)


@router.post(
    "/customers:batch",
    response=BatchResult,
    summary="Create or update many customers",
    openapi_extra=batch_of("CustomerIn"),
)
def create_many(request: Any) -> HttpResponse:
    """Up to 1,000 customers, created or updated by their identifiers; one that cannot be taken spoils no other."""
    given = batch(request, ITEM)
    good = [(index, customer_message(one)) for index, one in enumerate(given) if isinstance(one, CustomerIn)]
    saved = save_customers(by=request.actor, customers=[message for _index, message in good], at=now(), source="api")
    results = {index: one for (index, _message), one in zip(good, saved, strict=True)}
    return reply(batch_result([_item(index, one, results.get(index)) for index, one in enumerate(given)]))


@router.post("/customers:assign", response=Assigned, summary="Assign many customers")
def assign(request: Any, body: Assignment) -> HttpResponse:
    """Gives up to 1,000 customers another owner, another team, or both, all of them or none."""
    change: dict[str, UUID | None] = {name: getattr(body, name) for name in ("owner", "team") if name in body.model_fields_set}
    facts = assign_customers(
        by=request.actor, customer_ids=body.customer_ids, change=change, at=now(), keep_shares=body.keep_shares
    )
    return reply({"changed": [one.customer_id for one in facts]})


@router.get("/customers/{uuid:customer_id}", response=Customer, summary="Read a customer")
def show(request: Any, customer_id: UUID, fields: Fields = "") -> HttpResponse:
    """One customer with identifiers and traits; the ETag is its version."""
    return _answer(request.actor, customer_id, names=chosen(fields, FIELDS))


@router.patch("/customers/{uuid:customer_id}", response=Customer, summary="Change a customer")
def update(request: Any, customer_id: UUID, body: CustomerEdit) -> HttpResponse:
    """Changes the fields that are sent; with If-Match only if the customer still has that version (else 412).

    Changing the `owner` needs the right to assign customers.
    """
    at = now()
    with transaction.atomic():
        edit_customer(
            by=request.actor,
            customer_id=customer_id,
            changes=customer_fields(body),
            at=at,
            version=wanted_version(request),
        )
        if "owner" in body.model_fields_set:
            assign_customers(by=request.actor, customer_ids=[customer_id], change={"owner": body.owner}, at=at)
    return _answer(request.actor, customer_id)


@router.delete("/customers/{uuid:customer_id}", response={204: None}, summary="Move a customer to the trash")
def destroy(request: Any, customer_id: UUID) -> HttpResponse:
    """Takes the customer out of every list; for 30 days the trash, or `POST /journal/{id}:undo`, brings it back."""
    trash_customers(by=request.actor, customer_ids=[customer_id], at=now())
    return HttpResponse(status=204)


@router.get("/customers/by/{kind}/{path:value}", response=Customer, summary="Read a customer by identifier")
def show_by(request: Any, kind: IdentifierKind, value: str, fields: Fields = "") -> HttpResponse:
    """The customer whom a phone number, e-mail address, card or external id points to."""
    return _answer(request.actor, find_record(by=request.actor, kind=kind, value=value), names=chosen(fields, FIELDS))


@router.put("/customers/by/{kind}/{path:value}", response={200: Customer, 201: Customer}, summary="Upsert by identifier")
def upsert_by(request: Any, kind: IdentifierKind, value: str, body: CustomerIn) -> HttpResponse:
    """Creates the customer of this identifier, or changes the fields that are sent; safe to repeat."""
    saved = _save(request.actor, customer_message(body, more=((kind, value),)))
    return _answer(request.actor, saved.customer_id, status=201 if saved.result == "created" else 200)


def _save(by: Actor, message: CustomerMessage, *, mode: str = "upsert") -> Saved:
    saved = save_customers(by=by, customers=[message], at=now(), source="api", mode=mode)[0]
    if saved.result == "error":
        raise CustomerRefused(saved)
    return saved


def _answer(by: Actor, customer_id: UUID | None, *, status: int = 200, names: frozenset[str] | None = None) -> HttpResponse:
    if customer_id is None:
        raise NotFound
    row = get_record(by=by, customer_id=customer_id)
    location = f"/api/v1/customers/{customer_id}" if status == 201 else ""
    return reply(
        only(customer_out(row, access=field_access(by, CUSTOMER.name)), names),
        status=status,
        version=row.version,
        location=location,
    )


def _item(index: int, given: CustomerIn | Invalid, saved: Saved | None) -> ItemResult:
    if isinstance(given, Invalid):
        return item_result(index, "error", reason=str(given), errors=given.errors)
    assert saved is not None
    return item_result(index, saved.result, about=saved.customer_id, code=saved.code, reason=saved.reason, errors=saved.errors)
