"""Files of receipts: rows are staged on disk, put together receipt by receipt, and taken in one order.

The order (branch, business date, number; lines by content) does not depend on the order of the rows, so a shuffled file,
or one that is run again after a crash, ends in the same state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import repeat
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from akrab.commerce.forms import ReceiptChoiceForm
from akrab.commerce.intake.assembling import WRONG_AMOUNT, Assembler
from akrab.commerce.intake.fields import FIELDS, HEADER, LINE, SETTINGS, lacking
from akrab.commerce.intake.newcomers import Newcomers
from akrab.commerce.intake.presets import RECEIPT_PRESETS
from akrab.commerce.operations.cataloging import known_branches
from akrab.commerce.operations.opening import OPEN, open_branches
from akrab.commerce.operations.receiving import IN_FUTURE, NOT_TAKEN, UNKNOWN_BRANCH, Outcome, record_receipts
from akrab.commerce.queries.bounds import BRANCH, fits
from akrab.commerce.queries.choosing import chosen
from akrab.commerce.queries.exports import RECEIPT_ROWS
from akrab.commerce.queries.messages import ReceiptMessage
from akrab.customers.public import Contact
from akrab.platform.actor import Actor
from akrab.platform.bulk import named
from akrab.platform.importing.ahead import ahead
from akrab.platform.importing.cells import SEPARATOR, ColumnReader, parser
from akrab.platform.importing.kinds import Kind, register
from akrab.platform.importing.session import Session
from akrab.platform.refusal import Refusal
from akrab.platform.tabular.problems import ParseProblem
from akrab.platform.tabular.sentences import Sentence, gettext_noop
from akrab.platform.tabular.sheet import Column, RowBatch

BATCH = 1000
SHOWN = 20
_ZERO = Decimal(0)
_ORDERED = "SELECT key, header, line, row, bad FROM lines ORDER BY key, header, line"
_NEEDED = frozenset({"date", "quantity"})
_NO_BRANCH = gettext_noop("This row names no branch. Say which branch the rows without one are from.")
_NO_NUMBER = gettext_noop("There is no receipt number in this row.")
_NO_DATE = gettext_noop("There is no date in this row.")
_OPEN_THEM = gettext_noop("Open the new branches: %(branches)s")
_NOT_KNOWN = gettext_noop(
    "There are no branches with these codes yet: %(branches)s. Say below that they are to be opened, or correct the file."
)
_STRANGE = gettext_noop("A time, a number or the payments of this receipt cannot be understood.")
_UNUSABLE = {
    "phone": gettext_noop("This is no phone number; the receipt is taken without it."),
    "email": gettext_noop("This is no e-mail address; the receipt is taken without it."),
    "card": gettext_noop("This is no card number; the receipt is taken without it."),
}
_NAMELESS = {
    "phone": gettext_noop(
        "This is no phone number; the receipt is taken without a customer, and the name in its row is not kept."
    ),
    "email": gettext_noop(
        "This is no e-mail address; the receipt is taken without a customer, and the name in its row is not kept."
    ),
    "card": gettext_noop("This is no card number; the receipt is taken without a customer, and the name in its row is not kept."),
}
_ABOUT = {
    _NO_BRANCH: "branch",
    _NO_NUMBER: "receipt",
    _NO_DATE: "date",
    WRONG_AMOUNT: "amount",
    IN_FUTURE: "date",
    UNKNOWN_BRANCH: "branch",
}
_WITH_ITS_DAY = gettext_noop(
    "Left out because row %(row)s of the same customer and day cannot be read; without receipt numbers they count together."
)
_WITH_ITS_RECEIPT = gettext_noop("Left out with its receipt, because row %(row)s of it cannot be read.")


@dataclass(slots=True)
class Group:
    """The rows of one receipt: header, line and place in the file of each."""

    key: str
    headers: list[str]
    lines: list[str]
    rows: list[int]
    bad: list[int]


@dataclass(slots=True)
class Taken:
    """A message with the rows it came from (the voiding of a receipt has none), or why there is no message.

    The reasons of rows in `bad`, which cannot be read themselves, are noted already.
    """

    message: ReceiptMessage | None
    rows: Sequence[int]
    problem: Sentence | None = None
    bad: Sequence[int] = ()


def shown_by(by: Actor, query: str) -> tuple[str, dict[str, Any]]:
    """Which rows of the export the list with this query shows."""
    choice = ReceiptChoiceForm(QueryDict(query), branches=(), categories=()).choice()
    sql, values = named(*chosen(choice, by=by).order_by().values("pk").query.sql_with_params(), prefix="shown")
    return f"r.id IN ({sql})", values


def take_receipts(session: Session) -> None:
    """Stage every row, then record the receipts batch by batch, each batch in one transaction."""
    stage = _Stage(session)
    session.spill.create("lines", "key VARCHAR, header VARCHAR, line VARCHAR, row BIGINT, bad BOOLEAN")
    for batch in session.batches():
        stage.add(batch)
    opened = _unknown(session, sorted(stage.branches | {session.setting("branch")} - {""}))
    _confirm(session, opened)
    with session.batch():
        _open(session, opened)
    newcomers = Newcomers(session.by, forgets=session.dry_run)
    tally: Counter[str] = Counter()
    for part in ahead(_parts(_messages(session, stage))):
        with session.batch():
            if session.dry_run:
                _open(session, opened)
            _record(session, part, tally, newcomers)
        session.progress.tick()
    session.details["receipts"] = {name: tally[name] for name in ("created", "updated", "unchanged", "skipped", "errors")}
    session.details |= {name: tally[name] for name in ("lines", "anonymous", "anonymous_lines", "voided")}
    session.details["new"] = {"branches": opened, **{name: newcomers.counts[name] for name in ("products", "customers")}}
    session.details["unusable_identifiers"] = tally["unusable"]


def _unknown(session: Session, codes: list[str]) -> list[str]:
    """The branches that are to be opened; none for somebody who may not open any."""
    if not session.by.may(OPEN):
        return []
    known = known_branches(codes)
    return [code for code in codes if code and code not in known and fits(code, BRANCH)]


def _confirm(session: Session, codes: list[str]) -> None:
    """A branch that only the file names may be a slip; one that was typed for it is not."""
    asked = [code for code in codes if code != session.setting("branch")]
    if asked and session.setting("new_branches") == "ask":
        names = {"branches": ", ".join(asked[:SHOWN]) + (" …" if len(asked) > SHOWN else "")}
        session.confirm("new_branches", "open", Sentence(_OPEN_THEM, names), Sentence(_NOT_KNOWN, names))


def _open(session: Session, codes: Sequence[str]) -> None:
    if not codes:
        return
    open_branches(
        by=session.by,
        codes=codes,
        at=session.at,
        zone=session.setting("zone") or settings.TIME_ZONE,
        channel=session.setting("channel") or "store",
        name=session.setting("branch_name"),
    )


class _Stage:
    """Parses batches of rows into keys, headers and lines of canonical text."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.numbered = bool(session.columns("receipt"))
        self.branches: set[str] = set()
        self.broken: dict[tuple[str, str], int] = {}
        attributes = session.columns("attribute")
        self.attributes = [column.name.lower() for column in attributes]
        self.header_fields = [name for name in HEADER if name != "attribute" and session.columns(name)]
        self.header_names = ["moment", *self.header_fields, *(f"@{name}" for name in self.attributes)]
        self.line_names = [name for name in LINE if session.columns(name)]
        kinds: dict[str, str] = {one.name: one.kind for one in FIELDS} | {"time": "time"}
        self.readers: dict[str, tuple[Column, ColumnReader]] = {}
        for name in (*session.plan.columns,):
            if name != "attribute":
                column = session.columns(name)[0]
                read = parser(kinds[name], column, required=name in _NEEDED)
                self.readers[name] = (column, ColumnReader(read))
        for column in attributes:
            self.readers[f"@{column.name.lower()}"] = (column, ColumnReader(parser("text", column)))

    def add(self, batch: RowBatch) -> None:
        if not batch.rows:
            return
        cells = list(zip(*batch.rows, strict=True))
        texts = {name: reader.read(cells[column.index]) for name, (column, reader) in self.readers.items()}
        bad = self._problems(batch, texts)
        size = len(batch.rows)
        moments = texts["date"]
        if "time" in texts:
            both = zip(moments, texts["time"], strict=True)
            moments = [f"{moment[:10]}T{clock}" if moment and clock else moment for moment, clock in both]
        branch = texts.get("branch") or [self.session.setting("branch")] * size
        self.branches.update(branch)
        who = self._numbers(texts, size)
        tills = texts.get("terminal") or repeat("", size)
        keys = [
            f"{place}\x1f{moment[:10]}\x1f{number}\x1f{terminal}"
            for place, moment, number, terminal in zip(branch, moments, who, tills, strict=True)
        ]
        if bad:
            for place in range(size):
                if bad[place] and not moments[place]:
                    self.broken.setdefault((branch[place], who[place]), batch.numbers[place])
        headers = _joined([moments, *(texts[name] for name in self.header_names[1:])])
        lines = _joined([texts[name] for name in self.line_names])
        self.session.spill.append(
            "lines", {"key": keys, "header": headers, "line": lines, "row": batch.numbers, "bad": bad or [False] * size}
        )

    def _numbers(self, texts: dict[str, list[str]], size: int) -> Sequence[str]:
        if self.numbered:
            return texts["receipt"]
        known = next((texts[name] for name in ("customer_id", "card", "phone", "email") if name in texts), None)
        return known or [""] * size

    def _problems(self, batch: RowBatch, texts: dict[str, list[Any]]) -> list[bool] | None:
        """Reject cells that cannot be read; their text becomes empty and the row bad."""
        bad: list[bool] | None = None
        for name, (column, reader) in self.readers.items():
            if not reader.problems:
                continue
            values = texts[name]
            for index, value in enumerate(values):
                if isinstance(value, ParseProblem):
                    bad = bad or [False] * len(values)
                    bad[index] = True
                    values[index] = ""
                    self.session.note(batch.numbers[index], value.sentence, column.name)
        return bad


def _joined(columns: Sequence[Sequence[str]]) -> list[str]:
    return list(map(SEPARATOR.join, zip(*columns, strict=True)))


def _messages(session: Session, stage: _Stage) -> Iterator[Taken]:
    prefixes = dict(part.split("=", 1) for part in session.setting("numbers_with").split())
    assembler = Assembler(
        stage.header_names,
        stage.line_names,
        stage.attributes,
        session.setting("currency") or settings.CURRENCY,
        session.source,
        session.setting("channel"),
        session.setting("tax_included") != "no",
        prefixes,
    )
    for group in _groups(session):
        branch, day, number, terminal = group.key.split(SEPARATOR)
        problem = _problem(group, branch, day, number, numbered=stage.numbered)
        if stage.numbered and (branch, number) in stage.broken and not problem:
            problem = _left_out(stage.broken[branch, number])
        if problem:
            yield Taken(None, group.rows, problem, group.bad)
            continue
        for one in [group] if stage.numbered else _each_row(group):
            name = number if stage.numbered else f"{number or day}/{day}/{one.key}"
            headers = list(dict.fromkeys(one.headers))
            try:
                message = assembler.message(
                    branch=branch, day=day, number=name, terminal=terminal, headers=headers, lines=one.lines
                )
            except Refusal as refused:
                yield Taken(None, one.rows, refused.sentence)
                continue
            except (ValueError, ArithmeticError):
                yield Taken(None, one.rows, Sentence(_STRANGE))
                continue
            yield Taken(message, one.rows)
            if assembler.voided(headers):
                yield Taken(_voiding(message), ())


def _problem(group: Group, branch: str, day: str, number: str, *, numbered: bool) -> Sentence | None:
    if group.bad:
        return _left_out(group.bad[0]) if numbered else Sentence(_WITH_ITS_DAY, {"row": group.bad[0]})
    if not branch:
        return Sentence(_NO_BRANCH)
    if numbered and not number:
        return Sentence(_NO_NUMBER)
    return None if day else Sentence(_NO_DATE)


def _each_row(group: Group) -> Iterator[Group]:
    """Without receipt numbers each row is a receipt: numbered by content among those of one customer and day."""
    rows = sorted(zip(group.headers, group.lines, group.rows, strict=True))
    for place, (header, line, row) in enumerate(rows, start=1):
        yield Group(str(place), [header], [line], [row], [])


def _left_out(row: int) -> Sentence:
    """Why a good row is not taken: half a receipt would be a wrong total."""
    return Sentence(_WITH_ITS_RECEIPT, {"row": row})


def _voiding(message: ReceiptMessage) -> ReceiptMessage:
    return replace(
        message,
        number=f"{message.number}/void",
        kind="void",
        lines=(),
        tenders=(),
        contact=None,
        attributes={},
        discount=_ZERO,
        shipping=_ZERO,
        rounding=_ZERO,
        total=None,
        original_number=message.number,
        original_on=message.business_on,
        original_terminal=message.terminal,
    )


def _groups(session: Session) -> Iterator[Group]:
    group: Group | None = None
    for keys, headers, lines, rows, bad in session.spill.batches(_ORDERED):
        for key, header, line, row, is_bad in zip(keys, headers, lines, rows, bad, strict=True):
            if group is None or key != group.key:
                if group is not None:
                    yield group
                group = Group(key, [header], [line], [row], [row] if is_bad else [])
                continue
            group.headers.append(header)
            group.lines.append(line)
            group.rows.append(row)
            if is_bad:
                group.bad.append(row)
    if group is not None:
        yield group


def _parts(items: Iterator[Taken]) -> Iterator[list[Taken]]:
    part: list[Taken] = []
    for item in items:
        part.append(item)
        if len(part) >= BATCH and item.rows:
            yield part
            part = []
    if part:
        yield part


def _record(session: Session, part: Sequence[Taken], tally: Counter[str], newcomers: Newcomers) -> None:
    messages = [one.message for one in part if one.message is not None]
    with newcomers.watching(messages):
        found = record_receipts(by=session.by, receipts=messages, at=session.at, source=session.source, mode=session.mode)
    outcomes = iter(found)
    for one in part:
        if one.message is None:
            tally["errors"] += 1
            _reject(session, one)
        else:
            _account(session, one, one.message, next(outcomes), tally)


def _reject(session: Session, one: Taken) -> None:
    known = set(one.bad)
    for row in one.rows:
        if row in known:
            session.fail(row)
        elif one.problem is not None:
            session.reject(row, one.problem, _column(session, one.problem))


def _column(session: Session, reason: Sentence) -> str:
    """The column that a reason speaks of; most speak of a whole receipt."""
    return session.column_of(_ABOUT.get(reason.template, ""))


def _account(session: Session, one: Taken, message: ReceiptMessage, outcome: Outcome, tally: Counter[str]) -> None:
    if message.kind == "void" and not one.rows:
        tally["voided"] += 1
        return
    tally["errors" if outcome.result == "error" else outcome.result] += 1
    tally["lines"] += len(one.rows)
    if message.contact is None:
        tally["anonymous"] += 1
        tally["anonymous_lines"] += len(one.rows)
    if outcome.result == "error":
        why = outcome.why or Sentence(NOT_TAKEN)
        session.reject_all(one.rows, why, _column(session, why))
    else:
        session.count(outcome.result, len(one.rows))
        _remark(session, one.rows, message.contact, tally)


def _remark(session: Session, rows: Sequence[int], contact: Contact | None, tally: Counter[str]) -> None:
    """Say which identifiers of a receipt are none, once each; the values themselves are not kept."""
    if contact is None or not (unusable := contact.unusable):
        return
    tally["unusable"] += 1
    about = _NAMELESS if contact.is_nobody and contact.name else _UNUSABLE
    for kind in unusable:
        session.remark(rows[0], Sentence(about[kind]), session.column_of(kind))


RECEIPTS = register(
    Kind(
        name="receipts",
        label=gettext_lazy("Receipts"),
        may="commerce.record_receipts",
        fields=FIELDS,
        settings=SETTINGS,
        presets=RECEIPT_PRESETS,
        needs=lacking,
        take=take_receipts,
        export=replace(RECEIPT_ROWS, narrow=shown_by),
    )
)
