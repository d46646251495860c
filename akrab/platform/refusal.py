"""A refusal: the business says no, with a stable code and a sentence for the reader."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from akrab.platform.tabular.sentences import Sentence


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

    @property
    def sentence(self) -> Sentence:
        """What it says, to be kept and told later to a reader of any language."""
        return Sentence(source_text(self.message), self.details)


class Explained(Refusal):
    """A refusal whose sentence is made where it is raised: a text marked for translation, with its values."""

    def __init__(self, text: str, **values: object) -> None:
        self._sentence = Sentence(text, values)
        super().__init__()

    def __str__(self) -> str:
        return self._sentence.translated()

    @property
    def sentence(self) -> Sentence:
        return self._sentence


def source_text(words: str | Promise) -> str:
    """The English text behind words that are translated when they are read."""
    with translation.override(None):
        return str(words)


class Forbidden(Refusal):
    code = "forbidden"
    status = 403
    message = _("Your role does not allow this (%(verb)s). An administrator can grant it.")


class OnlyLooking(Refusal):
    code = "only_looking"
    status = 403
    message = _("You are looking at Akrab as somebody else sees it, so nothing can be changed. End the view first.")


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
