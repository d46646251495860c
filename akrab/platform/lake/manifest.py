"""The manifest: the one small file that says which Parquet files are the lake now."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

SCHEMA = 1
CURRENT = "manifest.json"
HISTORY = "manifests"


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file: where it is, what it holds, and the hash of its bytes."""

    path: str
    month: int
    rows: int
    bytes: int
    sha256: str
    min: str | None = None
    max: str | None = None
    values: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of the lake. A report names the snapshot it was made from."""

    number: int
    made_at: datetime
    watermark: int
    declaration: str
    datasets: dict[str, tuple[DataFile, ...]]
    counted: dict[str, dict[int, int]]

    @property
    def content(self) -> str:
        """A hash of all data, the same for an incremental update and a full rebuild."""
        parts = [
            f"{name} {each.month} {each.rows} {each.sha256}"
            for name, files in sorted(self.datasets.items())
            for each in sorted(files, key=lambda each: each.month)
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def rows(self, dataset: str) -> int:
        return sum(each.rows for each in self.datasets[dataset])

    def months(self, dataset: str) -> list[int]:
        return sorted(each.month for each in self.datasets[dataset])

    def last_day(self, dataset: str) -> date | None:
        """The largest value of the dataset's span column."""
        days = [each.max for each in self.datasets[dataset] if each.max]
        return date.fromisoformat(max(days)) if days else None

    def values(self, dataset: str, column: str) -> list[str]:
        """The different values of a column that the declaration keeps in the manifest."""
        return sorted({value for each in self.datasets[dataset] for value in each.values.get(column, [])})

    def paths(self) -> set[str]:
        return {each.path for files in self.datasets.values() for each in files}


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "snapshot": snapshot.number,
        "made_at": snapshot.made_at.isoformat(),
        "watermark_xid": snapshot.watermark,
        "schema": SCHEMA,
        "declaration": snapshot.declaration,
        "content": snapshot.content,
        "datasets": {
            name: {"rows": snapshot.rows(name), "files": [asdict(each) for each in files]}
            for name, files in snapshot.datasets.items()
        },
        "counted": snapshot.counted,
    }


def from_json(text: str) -> Snapshot:
    body = json.loads(text)
    return Snapshot(
        number=body["snapshot"],
        made_at=datetime.fromisoformat(body["made_at"]),
        watermark=body["watermark_xid"],
        declaration=body["declaration"],
        datasets={name: tuple(DataFile(**each) for each in dataset["files"]) for name, dataset in body["datasets"].items()},
        counted={name: {int(month): rows for month, rows in months.items()} for name, months in body["counted"].items()},
    )


def read_current(root: Path) -> Snapshot | None:
    """The lake as it is now, or None when it was never filled."""
    try:
        return from_json((root / CURRENT).read_text())
    except FileNotFoundError:
        return None


def read_recent(root: Path) -> list[Snapshot]:
    """Snapshots that a running report may still read, newest first."""
    return [from_json(path.read_text()) for path in sorted((root / HISTORY).glob("*.json"), reverse=True)]


def commit(root: Path, snapshot: Snapshot) -> None:
    """Make this snapshot the lake, in one step that either happened or did not."""
    (root / HISTORY).mkdir(parents=True, exist_ok=True)
    text = json.dumps(as_json(snapshot), indent=1)
    for target in (root / HISTORY / f"{snapshot.number:08d}.json", root / CURRENT):
        draft = target.with_suffix(f".{os.getpid()}.draft")
        with draft.open("w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    _sync_folder(root)


def _sync_folder(root: Path) -> None:
    handle = os.open(root, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
