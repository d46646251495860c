"""The shape of customers over the API: what may be sent, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal, NotRequired
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from akrab.customers.models import CUSTOMER
from akrab.customers.operations.saving import CustomerMessage
from akrab.customers.queries.records import CustomerRow
from akrab.customers.queries.showing import COLUMNS
from akrab.customers.queries.showing import EMPTY as COVERED
from akrab.platform.api.replies import amount
from akrab.platform.api.shapes import CustomValues, Day, Input, Text
from akrab.platform.customizing.fields import PREFIX
from akrab.platform.customizing.reading import for_programs

IdentifierKind = Literal["account", "card", "phone", "whatsapp", "email", "external", "device"]
CustomerKind = Literal["person", "company"]
StageName = Literal["prospect", "lead", "first_time", "active", "loyal", "at_risk", "lapsed", "won_back"]


class IdentifierIn(Input):
    """Something that points to one customer."""

    kind: IdentifierKind
    value: Annotated[Text, Field(min_length=1, max_length=254)]


class CustomerChange(Input):
    """The fields to change; null empties one. A new `email` or `phone` becomes an identifier too."""

    name: Annotated[Text, Field(min_length=1, max_length=200)] = ""
    kind: CustomerKind | None = None
    honorific: Annotated[Text, Field(max_length=40)] | None = None
    given_name: Annotated[Text, Field(max_length=100)] | None = None
    family_name: Annotated[Text, Field(max_length=100)] | None = None
    email: Annotated[Text, Field(max_length=254)] | None = None
    phone: Annotated[Text, Field(max_length=40)] | None = None
    city: Annotated[Text, Field(max_length=100)] | None = None
    country: Annotated[Text, Field(max_length=60)] | None = None
    address: Annotated[Text, Field(max_length=4000)] | None = None
    born_on: Day | None = None
    custom: CustomValues = {}


class CustomerEdit(CustomerChange):
    """The same, and who owns the customer: the id of a person, or null for nobody."""

    owner: UUID | None = None


class Assignment(Input):
    """Customers and who is to own them (`owner`), which team or office they belong to (`team`), or both; null takes it away."""

    customer_ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)]
    owner: UUID | None = None
    team: UUID | None = None
    keep_shares: bool = True


class Assigned(TypedDict):
    """The customers that changed hands; the others were so already."""

    changed: list[UUID]


class CustomerIn(CustomerChange):
    """A customer, with what points to it. Without a name, the first identifier is its name."""

    identifiers: Annotated[list[IdentifierIn], Field(max_length=50)] = []


class Identifier(TypedDict):
    id: UUID
    kind: IdentifierKind
    value: str
    verified: bool


class TraitOut(TypedDict):
    """One value that analytics hand down; numbers and dates are texts."""

    value: str | None
    type: Literal["number", "text", "date"]
    as_of: date
    source: str
    reasons: list[str]


class Customer(TypedDict):
    """A person or a company. `spend` is a decimal text in `spend_currency`, net of tax and returns."""

    id: UUID
    kind: CustomerKind
    name: str
    honorific: str
    given_name: str
    family_name: str
    email: str
    phone: str
    city: str
    country: str
    address: str
    born_on: date | None
    stage: StageName
    first_purchase_at: datetime | None
    last_purchase_at: datetime | None
    purchase_count: int
    spend: str
    spend_currency: str
    source: str
    registered_at: datetime
    changed_at: datetime
    version: int
    owner: UUID | None
    identifiers: list[Identifier]
    traits: NotRequired[dict[str, TraitOut]]
    custom: CustomValues


class CustomerPage(TypedDict):
    items: list[Customer]
    next: str | None


FIELDS = frozenset(Customer.__annotations__)


def customer_out(
    row: CustomerRow, *, with_traits: bool = True, access: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """One customer as JSON; a hidden field is not there, a masked number is null."""
    answer = row._asdict()
    answer["spend"] = amount(row.spend, row.spend_currency)
    answer["custom"] = for_programs(CUSTOMER.name, row.custom, access)
    for field, given in access.items():
        for column in COLUMNS.get(field, ()):
            if given == "hidden":
                answer.pop(column, None)
            elif given == "masked" and column in COVERED:
                answer[column] = None
    if not with_traits:
        del answer["traits"]
    return answer


def customer_fields(given: CustomerChange) -> dict[str, Any]:
    """The columns that were named; null empties one."""
    named = ((name, getattr(given, name)) for name in given.model_fields_set if name not in {"identifiers", "owner", "custom"})
    added = {PREFIX + key: value for key, value in given.custom.items()}
    return added | {COLUMN.get(name, name): EMPTY.get(name, "") if value is None else value for name, value in named}


def customer_message(given: CustomerIn, *, more: tuple[tuple[str, str], ...] = ()) -> CustomerMessage:
    """What was sent, as the set-based operation takes it."""
    return CustomerMessage(customer_fields(given), (*more, *((one.kind, one.value) for one in given.identifiers)))


COLUMN = {"name": "display_name"}
EMPTY: dict[str, Any] = {"kind": "person", "born_on": None}
