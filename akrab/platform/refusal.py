"""A refusal: the business says no, with a stable code and a sentence for the reader."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """Base of every business refusal; pages show a toast, the API answers problem+json."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[str | Promise] = _("This cannot be done.")

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(str(self))

    def __str__(self) -> str:
        return str(self.message) % self.details if self.details else str(self.message)


class Forbidden(Refusal):
    code = "forbidden"
    status = 403
    message = _("Your role does not allow this (%(verb)s). An administrator can grant it.")


class NotFound(Refusal):
    code = "not_found"
    status = 404
    message = _("Not found, or not visible to you.")


class StaleVersion(Refusal):
    """An edit that rests on a version which somebody changed meanwhile; the API answers 412."""

    code = "stale_version"
    status = 412
    message = _("This record has changed since it was read. Read it again.")


class Invalid(Refusal):
    """Input that cannot be taken; `errors` maps a field or position to its reason."""

    code = "invalid"
    status = 422
    message = _("Some values cannot be taken.")

    def __init__(self, errors: dict[str, str] | None = None, **details: Any) -> None:
        self.errors = errors or {}
        super().__init__(**details)
