"""One pass over the declared datasets: which partitions changed, and writing those."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from akrab.platform.lake.declaration import WHOLE, Dataset, Declared, Partitions, RollUp
from akrab.platform.lake.manifest import DataFile, Snapshot
from akrab.platform.lake.source import Source
from akrab.platform.lake.writing import write_partition

if TYPE_CHECKING:
    import duckdb


def first_day(month: int) -> date:
    """The first day of a month key (`year * 12 + month - 1`)."""
    return date(month // 12, month % 12 + 1, 1)


class Export:
    """Compares the source with the last snapshot, writes what differs and names the rest again."""

    def __init__(self, con: duckdb.DuckDBPyConnection, source: Source, root: Path, base: Snapshot | None) -> None:
        self.con, self.source, self.root, self.base = con, source, root, base
        self.watermark = int(source.fetch("SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid")[0][0])
        self.counted: dict[str, dict[int, int]] = {}
        self.stale: dict[str, set[int]] = {}
        self.partitions: dict[str, Partitions] = {}
        self.files: dict[str, tuple[DataFile, ...]] = {}
        self.written = self.kept = 0

    def add(self, dataset: Declared) -> None:
        """Bring one dataset up to date."""
        partitions = self._partitions(dataset)
        months = sorted(self.counted[partitions.name]) or [WHOLE]
        self.files[dataset.name] = tuple(self._partition(dataset, partitions, month) for month in months)

    def snapshot(self, number: int, at: datetime, mark: str) -> Snapshot:
        return Snapshot(number, at, self.watermark, mark, dict(self.files), self.counted)

    def _partition(self, dataset: Declared, partitions: Partitions, month: int) -> DataFile:
        old = self._old(dataset.name, month)
        if old and month not in self.stale[partitions.name]:
            self.kept += 1
            return old
        self.written += 1
        return write_partition(self.con, self.root, dataset, month, self._relation(dataset, month))

    def _old(self, name: str, month: int) -> DataFile | None:
        files = self.base.datasets.get(name, ()) if self.base else ()
        return next((each for each in files if each.month == month and (self.root / each.path).is_file()), None)

    def _partitions(self, dataset: Declared) -> Partitions:
        if isinstance(dataset, RollUp):
            return self.partitions[dataset.of]
        partitions = self.partitions[dataset.name] = dataset.partitions
        if partitions.name not in self.counted:
            counted = {int(month): int(rows) for month, rows in self.source.fetch(partitions.counted)}
            self.counted[partitions.name] = counted
            self.stale[partitions.name] = self._stale(partitions, counted)
        return partitions

    def _stale(self, partitions: Partitions, counted: dict[int, int]) -> set[int]:
        if self.base is None:
            return set(counted)
        before = self.base.counted.get(partitions.name, {})
        touched = self.source.fetch(partitions.touched.replace("{since}", str(self.base.watermark)))
        return {int(row[0]) for row in touched} | {month for month, rows in counted.items() if rows != before.get(month)}

    def _relation(self, dataset: Declared, month: int) -> str:
        if isinstance(dataset, Dataset):
            day, end = (date(1970, 1, 1),) * 2 if month == WHOLE else (first_day(month), first_day(month + 1))
            sql = dataset.sql.replace("{first}", day.isoformat()).replace("{end}", end.isoformat())
            return self.source.relation(sql, dataset.columns)
        source = next(each for each in self.files[dataset.of] if each.month == month)
        path = str(self.root / source.path).replace("'", "''")
        table = f"read_parquet('{path}')"
        return f"({dataset.sql.replace('{source}', table).replace('{month}', str(month))})"
