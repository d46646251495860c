"""Finding customers by words: exact identifier, then names, cities, mail addresses and phone fragments, then likely typos."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, TextField, Value, When
from django.db.models.functions import Concat

from akrab.customers.models import CUSTOMER, CustomerQuerySet, Digits, Identifier, Normal
from akrab.customers.queries.keys import identifier_key
from akrab.customers.queries.spelling import respell
from akrab.platform.bulk import fetch

FOUND_CAP = 200
SHORT = 3
_PHONE = re.compile(r"[+\d][\d\s().\-]{2,}")


@dataclass(frozen=True, slots=True)
class Found:
    """The customers that words found, at most some hundreds; `respelt` says which words were read differently."""

    ids: list[UUID]
    exact: list[UUID] = field(default_factory=list)
    is_capped: bool = False
    respelt: dict[str, list[str]] = field(default_factory=dict)


def find(rows: CustomerQuerySet, words: str, *, closed: frozenset[str] = frozenset(), is_limited: bool = False) -> Found:
    """Search among these customers; looks for other spellings only when the words as typed find nobody.

    Fields that are `closed` to the reader find nobody: a search must not tell what the list hides. To a reader who is
    limited, only spellings of names within reach are offered.
    """
    text = " ".join(words.split())[:100]
    if not text:
        return Found([])
    rows = _over_open_fields(rows, closed)
    exact = _by_identifier(rows, text, closed)
    if exact and _says_all(text):
        return Found(exact, exact)
    ids, is_capped = _containing(rows, text, closed)
    if exact or ids:
        return Found([*exact, *(one for one in ids if one not in set(exact))], exact, is_capped)
    asked = [fold(word) for word in text.split()]
    respelt = respell(asked, cities="city" not in closed, is_limited=is_limited)
    if not respelt:
        return Found([])
    itself = asked if is_limited else [word for word in asked if word not in respelt]
    spellings = [[word] * (word in itself) + respelt.get(word, []) for word in asked]
    meant = [Q(*(_has(one, closed) for one in each), _connector=Q.OR) for each in spellings]
    ids = list(rows.filter(*meant).values_list("pk", flat=True)[: FOUND_CAP + 1])
    return Found(
        ids[:FOUND_CAP], [], len(ids) > FOUND_CAP, _borne(rows, ids, respelt, closed) if is_limited else respelt if ids else {}
    )


SEARCHED = ("email", "city", "phone")


def _over_open_fields(rows: CustomerQuerySet, closed: frozenset[str]) -> CustomerQuerySet:
    """Rows with the text that the reader may search, when that is less than `search`."""
    if closed.isdisjoint(SEARCHED):
        return rows
    parts: list[Any] = [F("display_name")]
    for name in SEARCHED:
        if name not in closed:
            parts += [Value(" "), Digits(F(name)) if name == "phone" else F(name)]
    return rows.annotate(open_text=Normal(Concat(*parts, output_field=TextField()) if len(parts) > 1 else parts[0]))


def _borne(
    rows: CustomerQuerySet, ids: list[UUID], respelt: dict[str, list[str]], closed: frozenset[str]
) -> dict[str, list[str]]:
    """The spellings that somebody among the found bears: a name or city out of reach must not be offered."""
    if not ids:
        return {}
    fields = ("name_key",) if "city" in closed else ("name_key", "city")
    names = fold(" ".join(" ".join(one) for one in rows.filter(pk__in=ids[:FOUND_CAP]).values_list(*fields)))
    borne = {asked: [word for word in meant if word in names] for asked, meant in respelt.items() if asked not in names}
    return {asked: meant for asked, meant in borne.items() if meant}


def ranked(rows: CustomerQuerySet, found: Found, words: str) -> CustomerQuerySet:
    """The found customers with `rank`: identifier hits, names that begin so, words that begin so, the rest."""
    text = Normal(Value(" ".join(words.split())[:100], output_field=TextField()))
    rank = Case(
        When(pk__in=found.exact, then=0),
        When(name_key__startswith=text, then=1),
        When(name_key__contains=Normal(Value(" " + " ".join(words.split())[:100], output_field=TextField())), then=2),
        default=3,
        output_field=IntegerField(),
    )
    return rows.filter(pk__in=found.ids).annotate(rank=rank)


def fold(word: str) -> str:
    """A word in lower case without accents, as names are stored for search."""
    plain = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


def phone_fragment(text: str) -> str:
    """The digits by which a typed part of a phone number is found: 0812, 62812 and +62 812 are all 812."""
    if not _PHONE.fullmatch(text):
        return ""
    digits = re.sub(r"\D", "", text)
    shorter = digits.removeprefix("62").removeprefix("0") if digits.startswith(("0", "62")) else digits
    return shorter if len(shorter) >= SHORT else digits


def _by_identifier(rows: CustomerQuerySet, text: str, closed: frozenset[str]) -> list[UUID]:
    kinds = [kind for kind in Identifier.Kind.values if not ((field := CUSTOMER.field(kind)) and field.name in closed)]
    keys = {kind: identifier_key(kind, text) for kind in kinds}
    given = {kind: key[:254] for kind, key in keys.items() if key}
    hits = fetch(
        "SELECT DISTINCT i.customer_id FROM unnest(%s::text[], %s::text[]) AS w(kind, key) "
        "JOIN customers_identifier i ON i.kind = w.kind AND i.key = w.key LIMIT 10",
        [list(given), list(given.values())],
    )
    return list(rows.filter(pk__in=[row[0] for row in hits]).values_list("pk", flat=True)) if hits else []


def _says_all(text: str) -> bool:
    """Whether the text is a whole mail address or phone number, which nobody shares."""
    digits = sum(letter.isdigit() for letter in text)
    return bool(identifier_key("email", text) or (digits >= 10 and identifier_key("phone", text)))


def _containing(rows: CustomerQuerySet, text: str, closed: frozenset[str]) -> tuple[list[UUID], bool]:
    """Names that begin with the text, in order, and then whoever has it anywhere; both cut off at the cap."""
    begins = _normal(text)
    first = rows.filter(name_key__startswith=begins).order_by("name_key", "pk").values_list("pk", flat=True)
    if len(text) < SHORT:
        ids = list(first[: FOUND_CAP + 1])
        return ids[:FOUND_CAP], len(ids) > FOUND_CAP
    anywhere = Q(*(_has(word, closed) for word in text.split()))
    digits = phone_fragment(text)
    if digits and "phone" not in closed:
        anywhere |= Q(search__contains=digits)
    rest = rows.filter(anywhere).order_by().values_list("pk", flat=True)
    ids = list(first[: FOUND_CAP + 1].union(rest[: FOUND_CAP + 1], all=True))
    unique = list(dict.fromkeys(ids))
    return unique[:FOUND_CAP], len(unique) > FOUND_CAP


def _has(word: str, closed: frozenset[str]) -> Q:
    """The index finds by all fields; what it found by a closed one is dropped again."""
    found = Q(search__contains=_normal(word))
    return found if closed.isdisjoint(SEARCHED) else found & Q(open_text__contains=_normal(word))


def _normal(text: str) -> Normal:
    return Normal(Value(text, output_field=TextField()))


def respelt_words(found: Found) -> Sequence[tuple[str, str]]:
    """Pairs of the word as typed and the spelling that was searched instead."""
    return [(asked, ", ".join(meant)) for asked, meant in found.respelt.items()]
