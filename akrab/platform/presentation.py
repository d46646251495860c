"""How facts are told to people: each room gives its kinds of facts a sentence, an icon and a link."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akrab.platform.actor import name_of
from akrab.platform.declaring import DECLARED, load

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence function answers: a title, an optional second line and an optional address."""

    title: Words
    detail: Words = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """How one kind of fact is told."""

    tell: Callable[[Any], Told]
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class Story:
    """A fact of the log, told."""

    id: UUID
    kind: str
    at: datetime
    recorded_at: datetime
    title: Words
    detail: Words
    link: str
    icon: str
    tone: str
    who: str
    entrance: Words

    @property
    def came_late(self) -> bool:
        """Whether it was recorded more than a day after it happened."""
        return (self.recorded_at - self.at).total_seconds() > 86400

    @property
    def noted_at(self) -> datetime | None:
        """When it was recorded, where that was not as it happened."""
        return self.recorded_at if abs((self.recorded_at - self.at).total_seconds()) > 60 else None


StillThere = Callable[[Sequence[UUID]], set[UUID]]
_SENTENCES: dict[str, Sentence] = {}
_WHILE_THERE: dict[str, tuple[str, StillThere]] = {}

ENTRANCES: dict[str, Words] = {
    "page": gettext_lazy("on a page"),
    "api": gettext_lazy("through the API"),
    "import": gettext_lazy("by import"),
    "job": gettext_lazy("automatically"),
}


def tells(cls: type[Any], *, icon: str = "point", tone: str = "neutral") -> Callable[[Callable[[Any], Told]], Any]:
    """Register the sentence of a kind of fact; each room does so in `views/sentences.py`."""

    def declare(function: Callable[[Any], Told]) -> Callable[[Any], Told]:
        _SENTENCES[cls.fact_kind] = Sentence(function, icon, tone)
        return function

    return declare


def tell(
    *, fact_id: UUID, kind: str, at: datetime, recorded_at: datetime, payload: dict[str, Any], who: str, entrance: str
) -> Story:
    """The story of one stored fact; a kind without a sentence is told by its name."""
    _discover()
    sentence = _SENTENCES.get(kind)
    if sentence is None or kind not in DECLARED:
        told, icon, tone = Told(_plain_name(kind)), "point", "neutral"
    else:
        told, icon, tone = sentence.tell(load(kind, payload)), sentence.icon, sentence.tone
    return Story(
        fact_id, kind, at, recorded_at, told.title, told.detail, told.link, icon, tone, name_of(who), ENTRANCES.get(entrance, "")
    )


def told_while_there(cls: type[Any], name: str, still_there: StillThere) -> None:
    """Declare that a kind of fact is told only while what it names is there; `still_there` answers for many ids at once."""
    _WHILE_THERE[cls.fact_kind] = (name, still_there)


def withdrawn(told: Iterable[tuple[UUID, str, Mapping[str, Any]]]) -> set[UUID]:
    """Of facts (id, kind, payload), those that are not told any more, because what they tell of was taken back."""
    _discover()
    asked: dict[StillThere, dict[UUID, UUID]] = {}
    for one, kind, payload in told:
        if kind in _WHILE_THERE:
            name, still_there = _WHILE_THERE[kind]
            asked.setdefault(still_there, {})[one] = UUID(str(payload[name]))
    gone: set[UUID] = set()
    for still_there, named in asked.items():
        there = still_there(list(set(named.values())))
        gone |= {one for one, thing in named.items() if thing not in there}
    return gone


def told_kinds() -> list[str]:
    """The kinds of facts that have a sentence."""
    _discover()
    return sorted(_SENTENCES)


def span(first: str | None, last: str | None) -> str:
    """What a list is narrowed to, between two shown values of which one may be open."""
    if first is None:
        return _("up to %(value)s") % {"value": last}
    if last is None:
        return _("from %(value)s") % {"value": first}
    return first if first == last else f"{first} – {last}"


def _plain_name(kind: str) -> str:
    return _("Recorded: %(what)s") % {"what": kind.rpartition(".")[2].replace("_", " ")}


@cache
def _discover() -> None:
    autodiscover_modules("views.sentences")
