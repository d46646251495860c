"""One run of an import as its room sees it: rows to read, outcomes to count, rows to reject."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from akrab.platform.actor import Actor
from akrab.platform.importing.plans import Plan
from akrab.platform.importing.progress import Progress
from akrab.platform.importing.spill import Spill
from akrab.platform.refusal import Explained
from akrab.platform.tabular.reading import read_rows
from akrab.platform.tabular.sentences import Sentence
from akrab.platform.tabular.sheet import Column, RowBatch, Sheet

READ_BATCH = 10_000
_SHOWN = 50


@dataclass(slots=True)
class Reason:
    """Why rows were left out: the first of them, and how many they are."""

    column: str
    sentence: Sentence
    row: int
    rows: int = 0

    def to_json(self) -> dict[str, Any]:
        return {"column": self.column, "reason": self.sentence.to_json(), "row": self.row, "rows": self.rows}


class Unconfirmed(Explained):
    """The file asks for something that a person has to say yes to; nothing of it is kept before."""

    code = "unconfirmed"
    status = 422

    def __init__(self, ask: dict[str, Any], why: Sentence) -> None:
        self.ask = ask
        super().__init__(why.template, **why.values)


@dataclass(slots=True)
class Session:
    """Every row read ends in exactly one `count` or `reject`, so that the counts add up to the rows."""

    by: Actor
    at: datetime
    path: Path
    sheet: Sheet
    plan: Plan
    mode: str
    source: str
    spill: Spill
    progress: Progress
    dry_run: bool = False
    details: dict[str, Any] = field(default_factory=dict)
    reasons: dict[tuple[str, str], Reason] = field(default_factory=dict)
    remarked: dict[tuple[str, str], Reason] = field(default_factory=dict)
    remarks: list[dict[str, Any]] = field(default_factory=list)
    blank: int = 0
    _rejects: list[tuple[int, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.spill.create("rejects", "row BIGINT, col VARCHAR, reason VARCHAR")

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Every change happens inside one of these; a dry run takes each back at its end, so that nobody waits for long."""
        if not self.dry_run:
            yield
            return
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def confirm(self, setting: str, value: str, words: Sentence, why: Sentence) -> None:
        """Ask for a value of a setting: a dry run notes the question, the run itself keeps nothing and says `why`."""
        ask = {"setting": setting, "value": value, "words": words.to_json()}
        if not self.dry_run:
            raise Unconfirmed(ask, why)
        self.details["ask"] = ask

    def setting(self, name: str) -> str:
        return str(self.plan.settings.get(name) or "")

    def columns(self, field_name: str) -> list[Column]:
        """The columns that hold a field, in the order of the file."""
        return [self.sheet.column(name) for name in self.plan.columns.get(field_name, ())]

    def column_of(self, field_name: str) -> str:
        """The name of the first column that holds a field, or nothing."""
        return next(iter(self.plan.columns.get(field_name, ())), "")

    def unused_columns(self) -> list[str]:
        """The columns that no field takes, so that nothing is left out silently."""
        used = {name for names in self.plan.columns.values() for name in names}
        return [name for name in self.sheet.names if name not in used]

    def batches(self) -> Iterator[RowBatch]:
        """Good rows; rows that are broken in the file itself are rejected on the way."""
        self.progress.stage = "reading"
        self.progress.total = self.sheet.row_count
        for batch in read_rows(self.path, self.sheet, batch=READ_BATCH):
            self.blank += batch.blank
            self.progress.read += len(batch) - batch.blank
            for problem in batch.problems:
                self.reject(problem.number, problem.sentence)
            yield batch
            self.progress.tick()
        self.progress.stage, self.progress.total = "taking", self.progress.read
        self.progress.tick(force=True)

    def count(self, outcome: str, rows: int = 1) -> None:
        """Note what became of rows: created, updated, unchanged or skipped."""
        self.progress.counts[outcome] += rows
        self.progress.done += rows

    def reject(self, row: int, reason: Sentence, column: str = "") -> None:
        """Note that a row could not be taken; it goes to the error file with its reason."""
        self.fail(row)
        self.note(row, reason, column)

    def fail(self, row: int) -> None:
        """Count a row as an error whose reasons are noted apart."""
        self.progress.counts["errors"] += 1
        self.progress.done += 1

    def note(self, row: int, reason: Sentence, column: str = "") -> None:
        """Give a reason for a row that is rejected now or later, as part of its receipt for example."""
        same = self.reasons.setdefault((column, reason.template), Reason(column, reason, row))
        same.rows += 1
        self._rejects.append((row, column, json.dumps(reason.to_json())))
        if len(self._rejects) >= READ_BATCH:
            self.flush()

    def remark(self, row: int, remark: Sentence, column: str = "") -> None:
        """Say something about a row that is taken, such as a value of it that is not kept."""
        same = self.remarked.setdefault((column, remark.template), Reason(column, remark, row))
        same.rows += 1
        if len(self.remarks) < _SHOWN:
            self.remarks.append({"row": row, "column": column, "reason": remark.to_json()})

    def reject_all(self, rows: Sequence[int], reason: Sentence, column: str = "") -> None:
        for row in rows:
            self.reject(row, reason, column)

    def common_reasons(self) -> list[Reason]:
        """The reasons of most rows first."""
        return sorted(self.reasons.values(), key=lambda one: -one.rows)[:_SHOWN]

    def first_problems(self) -> list[dict[str, Any]]:
        """The first rows that could not be taken, column by column, with their reasons."""
        self.flush()
        rows = self.spill.batches(f"SELECT row, col, reason FROM rejects ORDER BY row, col, reason LIMIT {_SHOWN}")
        return [
            {"row": row, "column": column, "reason": json.loads(reason)}
            for part in rows
            for row, column, reason in zip(*part, strict=True)
        ]

    def flush(self) -> None:
        if self._rejects:
            rows, columns, reasons = zip(*self._rejects, strict=True)
            self.spill.append("rejects", {"row": rows, "col": columns, "reason": reasons})
            self._rejects.clear()
