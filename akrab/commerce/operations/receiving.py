"""Receiving receipts: the one intake behind the API, imports and connected tills, in sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings

from akrab.commerce.facts import ReceiptCorrected, ReceiptRecorded
from akrab.commerce.operations.cataloging import BranchRow, ensure_products, known_branches
from akrab.commerce.operations.opening import open_branches as open_branches_of
from akrab.commerce.operations.returning import link_returns
from akrab.commerce.operations.storing import (
    Stored,
    existing_receipts,
    insert_receipts,
    lock_branches,
    note_revisions,
    replace_receipts,
)
from akrab.commerce.queries.bounds import BRANCH, fits
from akrab.commerce.queries.messages import ReceiptMessage, ReceiptProblem
from akrab.commerce.queries.pricing import PricedReceipt, price
from akrab.customers.public import Contact, resolve_contacts
from akrab.platform.actor import Actor
from akrab.platform.clock import business_date, in_zone
from akrab.platform.facts import record
from akrab.platform.journal.entries import note_created
from akrab.platform.operation import operation
from akrab.platform.refusal import Refusal
from akrab.platform.tabular.sentences import Sentence, gettext_noop

FUTURE_ALLOWED = timedelta(days=2)
UNKNOWN_BRANCH = gettext_noop("There is no branch with the code “%(branch)s”; open it first, or check its code.")
IN_FUTURE = gettext_noop("The receipt is dated %(moment)s, in the future; check its date, or the clock of the till.")
NOT_TAKEN = gettext_noop("The receipt was not taken.")
_NOBODY = Contact()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: created, updated, unchanged, skipped (not wanted) or error with its reason."""

    result: str
    receipt_id: UUID | None = None
    why: Sentence | None = None

    @property
    def reason(self) -> str:
        """Why it is an error, for the reader."""
        return self.why.translated() if self.why else ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A priced receipt at its branch, with its instants settled."""

    index: int
    priced: PricedReceipt
    branch: BranchRow
    occurred_at: datetime
    key: tuple[UUID, str, str, str]


@operation(may="commerce.record_receipts")
def record_receipts(
    *,
    by: Actor,
    receipts: Sequence[ReceiptMessage],
    at: datetime,
    source: str = "",
    open_branches: bool = False,
    mode: str = "upsert",
) -> list[Outcome]:
    """Take in receipts of any kind, in any order, any number of times; one outcome per message, in order.

    A message that cannot be taken is an error outcome and leaves the others alone. The same content again is unchanged;
    other content under the same natural key is a correction, unless its revision is older. With the mode `create`
    corrections are skipped, with `update` new receipts are. Opening branches needs its own verb.
    """
    outcomes: list[Outcome | None] = [None] * len(receipts)
    branches = _branches(receipts, by=by, at=at, open_branches=open_branches)
    waiting = _place(receipts, branches, outcomes, at=at)
    lock_branches(sorted({one.branch.code for one in waiting} | {_original_branch(one) for one in waiting}))
    while waiting:
        first: dict[tuple[UUID, str, str, str], Placed] = {}
        later = []
        for one in waiting:
            if first.setdefault(one.key, one) is not one:
                later.append(one)
        _take(list(first.values()), outcomes, by=by, at=at, source=source, mode=mode)
        waiting = later
    return [outcome or Outcome("error", why=Sentence(NOT_TAKEN)) for outcome in outcomes]


def count_outcomes(outcomes: Sequence[Outcome]) -> Counter[str]:
    return Counter(outcome.result for outcome in outcomes)


def _branches(receipts: Sequence[ReceiptMessage], *, by: Actor, at: datetime, open_branches: bool) -> dict[str, BranchRow]:
    codes = {message.branch: message.channel or "store" for message in receipts if fits(message.branch, BRANCH)}
    codes.pop("", None)
    known = known_branches(list(codes))
    new = {code: channel for code, channel in codes.items() if code not in known}
    if new and open_branches:
        open_branches_of(by=by, codes=list(new), channels=new, at=at, zone=settings.TIME_ZONE)
        known |= known_branches(list(new))
    return known


def _place(
    receipts: Sequence[ReceiptMessage], branches: dict[str, BranchRow], outcomes: list[Outcome | None], *, at: datetime
) -> list[Placed]:
    placed = []
    for index, message in enumerate(receipts):
        try:
            placed.append(_place_one(index, message, branches, at))
        except Refusal as problem:
            outcomes[index] = Outcome("error", why=problem.sentence)
    return placed


def _place_one(index: int, message: ReceiptMessage, branches: dict[str, BranchRow], at: datetime) -> Placed:
    priced = price(message)
    branch = branches.get(message.branch)
    if branch is None:
        raise ReceiptProblem(UNKNOWN_BRANCH, branch=message.branch)
    occurred_at = in_zone(message.occurred_at, branch.zone)
    if occurred_at > at + FUTURE_ALLOWED:
        raise ReceiptProblem(IN_FUTURE, moment=f"{message.occurred_at:%Y-%m-%d %H:%M}")
    day = message.business_on or business_date(occurred_at, branch.zone)
    return Placed(index, priced, branch, occurred_at, (branch.id, message.number, day.isoformat(), message.terminal))


def _original_branch(one: Placed) -> str:
    return one.priced.message.original_branch or one.branch.code


def _take(batch: list[Placed], outcomes: list[Outcome | None], *, by: Actor, at: datetime, source: str, mode: str) -> None:
    there = existing_receipts([one.key for one in batch])
    new: list[Placed] = []
    corrected: list[tuple[Placed, Stored]] = []
    higher: list[tuple[UUID, int]] = []
    heard: list[Placed] = []
    for one in batch:
        old = there.get(one.key)
        message = one.priced.message
        if old is None and mode != "update":
            new.append(one)
        elif old is None:
            outcomes[one.index] = Outcome("skipped")
        elif old.content_hash == one.priced.content_hash or message.revision < old.revision:
            outcomes[one.index] = Outcome("unchanged", old.id)
            if message.revision > old.revision:
                higher.append((old.id, message.revision))
            if mode != "create" and (message.revision > old.revision or old.content_hash != one.priced.content_hash):
                heard.append(one)
        elif mode == "create":
            outcomes[one.index] = Outcome("skipped", old.id)
        else:
            corrected.append((one, old))
    if higher:
        note_revisions(higher)
    if not new and not corrected:
        if heard:
            ensure_products(heard, by=by, at=at)
        return
    changing = [*new, *(one for one, _old in corrected)]
    customers = resolve_contacts(by=by, contacts=[_contact(one) for one in changing], at=at, source=source)
    for place, (_one, old) in enumerate(corrected, start=len(new)):
        customers[place] = old.customer_after(customers[place])
    products = ensure_products([*changing, *heard], by=by, at=at)
    ids = insert_receipts(new, customers[: len(new)], products, at=at, source=source)
    note_created("commerce_receipt", ids)
    replace_receipts(corrected, customers[len(new) :], products, at=at)
    for one, receipt_id in zip(new, ids, strict=True):
        outcomes[one.index] = Outcome("created", receipt_id)
    for one, old in corrected:
        outcomes[one.index] = Outcome("updated", old.id)
    _record(new, ids, corrected, customers, by=by, source=source)
    former = [old.original_id for _one, old in corrected if old.original_id]
    link_returns(sorted(_references(changing)), by=by, former=former)


def _contact(one: Placed) -> Contact:
    contact = one.priced.message.contact
    if contact is None:
        return _NOBODY
    return contact if contact.at else contact.dated(one.occurred_at)


def _references(batch: Sequence[Placed]) -> set[tuple[str, str]]:
    named = {(_original_branch(one), one.priced.message.original_number) for one in batch}
    return {(one.branch.code, one.priced.message.number) for one in batch} | {pair for pair in named if pair[1]}


def _record(
    new: Sequence[Placed],
    ids: Sequence[UUID],
    corrected: Sequence[tuple[Placed, Stored]],
    customers: Sequence[UUID | None],
    *,
    by: Actor,
    source: str,
) -> None:
    facts: list[object] = [
        ReceiptRecorded(
            receipt_id=receipt_id,
            customer_id=customer,
            occurred_at=one.occurred_at.astimezone(UTC),
            kind=one.priced.message.kind,
            number=one.priced.message.number,
            branch=one.branch.code,
            channel=one.priced.message.channel or one.branch.channel,
            net=one.priced.net,
            total=one.priced.total,
            currency=one.priced.message.currency,
            lines=len(one.priced.lines),
        )
        for one, receipt_id, customer in zip(new, ids, customers, strict=False)
    ]
    facts += [
        ReceiptCorrected(
            receipt_id=old.id,
            customer_id=customer,
            previous_customer_id=old.customer_id,
            occurred_at=one.occurred_at.astimezone(UTC),
            kind=one.priced.message.kind,
            number=one.priced.message.number,
            branch=one.branch.code,
            channel=one.priced.message.channel or one.branch.channel,
            net=one.priced.net,
            previous_net=old.net,
            total=one.priced.total,
            currency=one.priced.message.currency,
            lines=len(one.priced.lines),
        )
        for (one, old), customer in zip(corrected, customers[len(new) :], strict=True)
    ]
    record(facts, by=by, source=source)
