"""Saving customers in sets, found by what identifies them: created, updated, or left as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import CustomerEdited, CustomerRegistered, IdentifiersAdded
from akrab.customers.models import CUSTOMER
from akrab.customers.operations.locking import LOCK_NEW_IDENTIFIERS
from akrab.customers.operations.noticing import ErasedBefore, notice
from akrab.customers.operations.registering import keeping
from akrab.customers.operations.resolving import LIMITS
from akrab.customers.operations.storing import (
    COLUMNS,
    count_identifiers,
    insert_customers,
    insert_identifiers,
    lock_rows,
    update_customers,
)
from akrab.customers.queries.identifying import Key, key_of, owners_and_blocked, owners_of
from akrab.platform.actor import Actor
from akrab.platform.customizing.fields import PREFIX, remembering
from akrab.platform.customizing.writing import defaults, in_fact, lacking, merged, read_values, split, taken
from akrab.platform.facts import record
from akrab.platform.ids import new_ids
from akrab.platform.operation import operation
from akrab.platform.rights.fields import FieldNotEditable, demand_editable, uneditable
from akrab.platform.rights.limits import NotYoursToChange, is_limited, reachable
from akrab.platform.tabular.sentences import Sentence, gettext_noop

EARLIEST_BIRTH = date(1850, 1, 1)
LONGEST = {
    "display_name": 200,
    "honorific": 40,
    "given_name": 100,
    "family_name": 100,
    "email": 254,
    "phone": 40,
    "city": 100,
    "country": 60,
    "address": 4000,
}


@dataclass(frozen=True, slots=True)
class CustomerMessage:
    """One customer as another program or a file says it: columns by name (only those it knows), (kind, value) pairs.

    `email` and `phone` identify too. Texts are stripped already; an empty one empties the column.
    """

    fields: Mapping[str, Any]
    identifiers: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one message: created, updated, unchanged, skipped, or error with its code and reasons by field."""

    result: str
    customer_id: UUID | None = None
    code: str = ""
    why: Sentence | None = None
    wrong: Mapping[str, Sentence] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """Why it is an error, for the reader."""
        return self.why.translated() if self.why else " ".join(self.errors.values())

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong with which field, for the reader."""
        return {name: sentence.translated() for name, sentence in self.wrong.items()}


@dataclass(slots=True)
class _Wanted:
    """One message with its normal keys, and the customer that it is about."""

    index: int
    message: CustomerMessage
    keys: dict[Key, str]
    moment: datetime
    customer: UUID | None = None
    custom: dict[str, Any] = field(default_factory=dict)


@operation(may="customers.edit_customers", journal=_("Saved %(subject)s"))
def save_customers(
    *, by: Actor, customers: Sequence[CustomerMessage], at: datetime, source: str = "", mode: str = "upsert"
) -> list[Saved]:
    """Create or update customers; one result per message, in order; a bad one leaves the others alone.

    `mode` is create (a known identifier is an error), update (an unknown customer is skipped) or upsert.
    """
    with remembering():
        return _save(customers, by=by, at=at, source=source, mode=mode)


def _save(customers: Sequence[CustomerMessage], *, by: Actor, at: datetime, source: str, mode: str) -> list[Saved]:
    results: list[Saved | None] = [None] * len(customers)
    waiting = [_Wanted(index, one, {}, one.at or at) for index, one in enumerate(customers)]
    waiting = [one for one in _with_custom(waiting, results, by=by) if _reads(one, results, at=at)]
    owners, blocked = owners_and_blocked(key for one in waiting for key in one.keys)
    waiting = _unblocked(waiting, blocked, results)
    owners = _settled(owners, waiting)
    waiting = _without_erased(waiting, owners, results, at=at)
    known = frozenset(owners)
    waiting = _with_custom_rules(waiting, owners, results)
    new: list[_Wanted] = []
    old: list[_Wanted] = []
    for one in waiting:
        _settle(one, owners, new, old, results, mode=mode)
    old = _within_reach(old, results, by=by, but=frozenset(one.customer for one in new))
    old = _within_limits(_of_open_fields(old, known, results, by=by), known, results)
    _insert(new, results, by=by, at=at, source=source)
    _update(old, known | {key for one in new for key in one.keys}, results, by=by, at=at, source=source)
    return [result or Saved("error", code="not_taken") for result in results]


def _with_custom(waiting: Sequence[_Wanted], results: list[Saved | None], *, by: Actor) -> list[_Wanted]:
    """Read the values of custom fields in sets, apart from the columns; what cannot be read is an error of its row."""
    parts = [split(one.message.fields) for one in waiting]
    if not any(custom for _built_in, custom in parts):
        return list(waiting)
    kept = []
    read = read_values(CUSTOMER.name, [custom for _built_in, custom in parts], by=by)
    for one, (built_in, _custom), values in zip(waiting, parts, read, strict=True):
        one.message, one.custom = replace(one.message, fields=built_in), values.values
        if values.wrong:
            results[one.index] = Saved("error", code="invalid", wrong=values.wrong)
            continue
        try:
            demand_editable(by, CUSTOMER.name, values.values)
        except FieldNotEditable as refusal:
            results[one.index] = Saved("error", code=refusal.code, why=refusal.sentence)
        else:
            kept.append(one)
    return kept


def _with_custom_rules(waiting: Sequence[_Wanted], owners: Mapping[Key, UUID], results: list[Saved | None]) -> list[_Wanted]:
    """Messages that leave no required field of a new customer empty and take no value that only one may have."""
    first: dict[Key, UUID] = {}
    whose, new = [], []
    for one in waiting:
        known = next((owners[key] for key in one.keys if key in owners), None)
        before = next((first[key] for key in one.keys if key in first), None)
        mark = known or before or UUID(int=one.index)
        first |= dict.fromkeys(one.keys, mark)
        whose.append(mark)
        new.append(known is None and before is None)
    wrong = taken(CUSTOMER.name, [(mark, one.custom) for mark, one in zip(whose, waiting, strict=True)])
    kept = []
    for one, errors, is_new in zip(waiting, wrong, new, strict=True):
        missing = lacking(CUSTOMER.name, merged({}, one.custom)) if is_new else {}
        if errors or missing:
            results[one.index] = Saved("error", code="invalid", wrong=errors | missing)
        else:
            kept.append(one)
    return kept


def _reads(one: _Wanted, results: list[Saved | None], *, at: datetime) -> bool:
    """Find the keys of a message and check its values; says whether it can go on."""
    fields = one.message.fields
    said = [(f"identifiers[{place}].value", *pair) for place, pair in enumerate(one.message.identifiers)]
    said += [(kind, kind, fields[kind]) for kind in ("email", "phone") if fields.get(kind)]
    errors: dict[str, Sentence] = {}
    for place, kind, value in said:
        key = key_of(kind, value) if kind in LIMITS else None
        if key is None:
            errors[place] = Sentence(gettext_noop("This does not identify anybody."))
        else:
            one.keys.setdefault(key, value[:254])
    errors |= _field_errors(fields, at=at)
    if "display_name" not in fields and not errors and not one.keys and not _name_of(one):
        errors["name"] = Sentence(gettext_noop("A customer needs a name."))
    if errors:
        results[one.index] = Saved("error", code="invalid", wrong=errors)
    return not errors


def _field_errors(fields: Mapping[str, Any], *, at: datetime) -> dict[str, Sentence]:
    errors: dict[str, Sentence] = {}
    for name, value in fields.items():
        if name not in COLUMNS:
            errors[name] = Sentence(gettext_noop("There is no such field."))
        elif name == "display_name" and not value:
            errors["name"] = Sentence(gettext_noop("A customer needs a name."))
        elif name == "kind" and value not in {"person", "company"}:
            errors[name] = Sentence(gettext_noop("Use person or company."))
        elif name == "born_on" and value is not None and not EARLIEST_BIRTH <= value <= at.date():
            errors[name] = Sentence(gettext_noop("%(day)s cannot be a date of birth."), {"day": value.isoformat()})
        elif name in LONGEST and len(value) > LONGEST[name]:
            errors[name] = Sentence(gettext_noop("At most %(most)s characters."), {"most": LONGEST[name]})
    return errors


def _unblocked(waiting: Sequence[_Wanted], blocked: frozenset[Key], results: list[Saved | None]) -> list[_Wanted]:
    kept = []
    for one in waiting:
        bad = [value for key, value in one.keys.items() if key in blocked]
        if bad:
            reason = Sentence(gettext_noop("Blocked as an identifier: %(values)s."), {"values": ", ".join(bad)})
            results[one.index] = Saved("error", code="identifier_blocked", why=reason)
        else:
            kept.append(one)
    return kept


def _without_erased(
    waiting: Sequence[_Wanted], owners: Mapping[Key, UUID], results: list[Saved | None], *, at: datetime
) -> list[_Wanted]:
    """Messages with an identifier of somebody who was erased are asked about, not taken."""
    unknown = {key for one in waiting for key in one.keys if key not in owners}
    erased = notice(unknown, at=at) if unknown else frozenset()
    kept = []
    for one in waiting:
        bad = [value for key, value in one.keys.items() if key in erased]
        if bad:
            refusal = ErasedBefore(value=", ".join(bad))
            results[one.index] = Saved("error", code=refusal.code, why=refusal.sentence)
        else:
            kept.append(one)
    return kept


def _settled(owners: dict[Key, UUID], waiting: Sequence[_Wanted]) -> dict[Key, UUID]:
    """Who has the keys now; one registrar at a time may add new ones."""
    wanted = {key for one in waiting for key in one.keys}
    if wanted <= owners.keys():
        return owners
    return dict(owners_of(wanted, after=LOCK_NEW_IDENTIFIERS))


def _settle(
    one: _Wanted,
    owners: dict[Key, UUID],
    new: list[_Wanted],
    old: list[_Wanted],
    results: list[Saved | None],
    *,
    mode: str,
) -> None:
    found = {owners[key] for key in one.keys if key in owners}
    one.customer = next(iter(found), None)
    if len(found) > 1:
        reason = Sentence(gettext_noop("These identifiers point to different customers."))
        results[one.index] = Saved("error", code="identifiers_disagree", why=reason)
        return
    if found and mode == "create":
        taken = ", ".join(value for key, value in one.keys.items() if key in owners)
        reason = Sentence(gettext_noop("Another customer has this already: %(values)s."), {"values": taken})
        results[one.index] = Saved("error", one.customer, code="identifier_taken", why=reason)
        return
    if not found and mode == "update":
        reason = Sentence(gettext_noop("No customer has these identifiers."))
        results[one.index] = Saved("skipped", code="not_found", why=reason)
        return
    (old if found else new).append(one)
    one.customer = one.customer or new_ids(1)[0]
    owners.update(dict.fromkeys(one.keys, one.customer))


def _of_open_fields(old: Sequence[_Wanted], known: frozenset[Key], results: list[Saved | None], *, by: Actor) -> list[_Wanted]:
    """Messages that change only what the actor may change."""
    closed = uneditable(by, CUSTOMER.name)
    if not closed:
        return list(old)
    kept = []
    for one in old:
        try:
            demand_editable(by, CUSTOMER.name, [*one.message.fields, *(key[0] for key in one.keys if key not in known)])
        except FieldNotEditable as refusal:
            results[one.index] = Saved("error", one.customer, code=refusal.code, why=refusal.sentence)
        else:
            kept.append(one)
    return kept


def _within_reach(
    old: Sequence[_Wanted], results: list[Saved | None], *, by: Actor, but: frozenset[UUID | None]
) -> list[_Wanted]:
    """Those whom the actor may change; what is not theirs is refused row by row, and not even named when it is unseen."""
    if not is_limited(by, CUSTOMER.name, "edit"):
        return list(old)
    ids = sorted({one.customer for one in old if one.customer})
    seen, mine = reachable(by, CUSTOMER.name, ids), reachable(by, CUSTOMER.name, ids, "edit")
    kept = []
    for one in old:
        if one.customer in mine or one.customer in but:
            kept.append(one)
            continue
        named = one.customer if one.customer in seen else None
        unseen = Sentence(gettext_noop("A customer whom you cannot see has these identifiers."))
        why = NotYoursToChange().sentence if named else unseen
        results[one.index] = Saved("error", named, code=NotYoursToChange.code, why=why)
    return kept


def _within_limits(old: Sequence[_Wanted], known: frozenset[Key], results: list[Saved | None]) -> list[_Wanted]:
    growing = sorted({one.customer for one in old if one.customer and not known.issuperset(one.keys)})
    if not growing:
        return list(old)
    counts: Counter[tuple[UUID | None, str]] = Counter(count_identifiers(growing))
    kept = []
    for one in old:
        more = Counter((one.customer, key[0]) for key in one.keys if key not in known)
        full = next((place[1] for place, number in more.items() if counts[place] + number > LIMITS[place[1]]), None)
        if full is not None:
            values = ", ".join(value for key, value in one.keys.items() if key[0] == full and key not in known)
            text = gettext_noop("The customer of this row already has %(most)s of this kind; “%(values)s” would be too many.")
            reason = Sentence(text, {"most": LIMITS[full], "values": values})
            results[one.index] = Saved("error", one.customer, code="too_many_identifiers", why=reason)
        else:
            counts.update(more)
            kept.append(one)
    return kept


def _insert(new: Sequence[_Wanted], results: list[Saved | None], *, by: Actor, at: datetime, source: str) -> None:
    if not new:
        return
    rows = [(one.customer, _filled(one), one.moment) for one in new if one.customer]
    keys = {key: (value, one.customer, one.moment) for one in new if one.customer for key, value in one.keys.items()}
    insert_customers(rows, keys, at=at, source=source, owner=keeping(by).get("owner_id"))
    facts = [
        CustomerRegistered(
            customer_id=customer, registered_at=moment, name=values["display_name"], kind=values["kind"], through=source
        )
        for customer, values, moment in rows
    ]
    record(facts, by=by, source=source)
    for one in new:
        results[one.index] = Saved("created", one.customer)


def _filled(one: _Wanted) -> dict[str, Any]:
    """Every column of a new customer; the name is made of what is known when none was given."""
    values: dict[str, Any] = {**dict.fromkeys(COLUMNS, ""), "kind": "person", "born_on": None}
    for (kind, _key), value in one.keys.items():
        if kind in {"email", "phone"} and not values[kind]:
            values[kind] = value
    values |= {name: value for name, value in one.message.fields.items() if value not in ("", None)}
    values["display_name"] = values["display_name"] or _name_of(one)
    values["phone"] = values["phone"][:40]
    values["custom"] = merged(defaults(CUSTOMER.name), {name: value for name, value in one.custom.items() if value is not None})
    return values


def _name_of(one: _Wanted) -> str:
    fields = one.message.fields
    name = f"{fields.get('given_name', '')} {fields.get('family_name', '')}".strip()
    shown = next((value for (kind, _key), value in one.keys.items() if kind in {"email", "phone", "whatsapp"}), "")
    return (name or shown or next(iter(one.keys.values()), ""))[:200]


def _update(
    old: Sequence[_Wanted], known: frozenset[Key], results: list[Saved | None], *, by: Actor, at: datetime, source: str
) -> None:
    rows = lock_rows(sorted({one.customer for one in old if one.customer})) if old else {}
    changed: dict[UUID, dict[str, list[str]]] = {}
    grown: dict[Key, tuple[str, UUID, datetime]] = {}
    facts: list[Any] = []
    for one in old:
        assert one.customer is not None
        row, fields = rows[one.customer], one.message.fields
        news = {name: [_text(row[name]), _text(value)] for name, value in fields.items() if row[name] != value}
        news |= {
            name: [_text(was), _text(value)]
            for name, value in one.custom.items()
            if (was := row["custom"].get(name.removeprefix(PREFIX))) != value
        }
        row["custom"] = merged(row["custom"], one.custom)
        fresh = {key: value for key, value in one.keys.items() if key not in known and key not in grown}
        row.update(fields)
        if news:
            changed.setdefault(one.customer, {}).update(news)
            facts.append(CustomerEdited(customer_id=one.customer, edited_at=at, changes=news))
        if fresh:
            grown |= {key: (value, one.customer, one.moment) for key, value in fresh.items()}
            kinds = [kind for kind, _key in fresh]
            facts.append(IdentifiersAdded(customer_id=one.customer, added_at=one.moment, kinds=kinds))
        results[one.index] = Saved("updated" if news or fresh else "unchanged", one.customer)
    update_customers({customer: rows[customer] for customer in changed}, at=at)
    insert_identifiers(grown, source=source)
    record(facts, by=by, source=source)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else in_fact(value)
