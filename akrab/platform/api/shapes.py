"""Shapes that every room's API shares: strict input, the page of a list, the result of a batch."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal, NotRequired
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StringConstraints
from typing_extensions import TypedDict

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d.*")


def _written(pattern: re.Pattern[str], example: str) -> BeforeValidator:
    """Only the ISO form: a bare number would pass as seconds since 1970."""

    def check(value: Any) -> Any:
        if value is None or (isinstance(value, str) and pattern.fullmatch(value)):
            return value
        raise ValueError(f"Write it as {example}.")

    return BeforeValidator(check)


Day = Annotated[date, _written(_DAY, "2026-03-31")]
Moment = Annotated[datetime, _written(_MOMENT, "2026-03-31T10:00:00+07:00")]
Instant = Annotated[AwareDatetime, _written(_MOMENT, "2026-03-31T10:00:00+07:00")]
Flag = StrictBool
Whole = StrictInt


CustomValue = str | bool | int | float | list[str] | None
CustomValues = Annotated[
    dict[str, CustomValue],
    Field(
        description="Values of custom fields by key, as `GET /custom-fields` tells them: texts; decimals and money as decimal "
        "text; days and moments in ISO; codes of choices; ids of people and records; true or false; null for nothing."
    ),
]


class Input(BaseModel):
    """What a program may send: unknown fields are refused, so that nobody writes what was not offered."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldError(TypedDict):
    field: str
    message: str


class ItemResult(TypedDict):
    """What became of one item of a batch; `code`, `reason` and `errors` come with status error."""

    index: int
    status: Literal["created", "updated", "unchanged", "skipped", "error"]
    id: UUID | None
    code: NotRequired[str]
    reason: NotRequired[str]
    errors: NotRequired[list[FieldError]]


class Counts(TypedDict):
    created: int
    updated: int
    unchanged: int
    skipped: int
    error: int


class BatchResult(TypedDict):
    """One result per item, in order, and how many of each."""

    results: list[ItemResult]
    counts: Counts


def item_result(
    index: int,
    status: Any,
    *,
    about: UUID | None = None,
    code: str = "",
    reason: str = "",
    errors: dict[str, str] | None = None,
) -> ItemResult:
    result = ItemResult(index=index, status=status, id=about)
    if status == "error":
        result["code"] = code or "invalid"
        result["reason"] = reason
        if errors:
            result["errors"] = [FieldError(field=field, message=message) for field, message in errors.items()]
    return result


def batch_result(results: list[ItemResult]) -> BatchResult:
    counts = Counts(created=0, updated=0, unchanged=0, skipped=0, error=0)
    for one in results:
        counts[one["status"]] += 1
    return BatchResult(results=results, counts=counts)
