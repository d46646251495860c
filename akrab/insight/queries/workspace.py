"""The tables of one snapshot of the lake in one engine, ready for metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from akrab.insight.engines.engine import Engine, open_engine
from akrab.insight.metrics.registry import Function, accepts, inputs_of
from akrab.platform.lake.location import lake_root
from akrab.platform.lake.manifest import Snapshot, read_current
from akrab.platform.refusal import Refusal

METRICS = "akrab.insight.metrics"


class LakeEmpty(Refusal):
    code = "lake_empty"
    message = _("There is nothing to report yet. Run `akrab insight refresh` first.")


@dataclass(slots=True)
class Workspace:
    """Runs metrics on one snapshot as of one day."""

    engine: Engine
    root: Path
    snapshot: Snapshot
    as_of: date
    tables: dict[str, Any] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        """The one currency of all receipts, else the reporting currency."""
        currencies = self.snapshot.values("receipts", "currency")
        return currencies[0] if len(currencies) == 1 else str(settings.CURRENCY)

    @property
    def is_mixed(self) -> bool:
        return len(self.snapshot.values("receipts", "currency")) > 1

    @property
    def is_up_to_date(self) -> bool:
        """Whether the day is on or after the last business day of the lake; before it, later documents are not known yet."""
        last = self.snapshot.last_day("receipts")
        return last is None or self.as_of >= last

    def rows(self, function: Function, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What a metric, or the totals of one, gives."""
        tables = [self.table(name) for name in inputs_of(function)]
        return self.engine.rows(function(*tables, **accepts(function, {**parameters, "as_of": self.as_of})))

    def table(self, name: str) -> Any:
        """A table of the lake by the name of its dataset, with money in one currency."""
        if name not in self.tables:
            self.tables[name] = self._customer_months() if name == "customer_months" else self._plain(name)
        return self.tables[name]

    def _customer_months(self) -> Any:
        """The lake's roll-up when it fits the day and the money, else the same made from receipts."""
        if not self.is_mixed and self.is_up_to_date:
            return self._read("customer_months")
        roll_up: Function = import_string(f"{METRICS}.counting.customer_months")
        return roll_up(self.table("receipts"), as_of=self.as_of)

    def _plain(self, name: str) -> Any:
        table = self._read(name)
        if name == "receipts" and not self.is_up_to_date:
            table = import_string(f"{METRICS}.counting.as_known_on")(table, as_of=self.as_of)
        if self.is_mixed and name in ("receipts", "lines"):
            table = import_string(f"{METRICS}.currency.{name}_in_reporting_currency")(table)
        return table

    def _read(self, name: str) -> Any:
        return self.engine.table(name, [self.root / each.path for each in self.snapshot.datasets[name]])


@contextmanager
def open_workspace(*, engine: str | None, as_of: date) -> Iterator[Workspace]:
    """The current snapshot in the engine of a URL (None: the configured one)."""
    root = lake_root()
    snapshot = read_current(root)
    if snapshot is None:
        raise LakeEmpty
    with open_engine(engine or settings.ENGINE_URL) as running:
        yield Workspace(running, root, snapshot, as_of)
