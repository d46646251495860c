"""Measuring: wall and CPU time of work in this process and in its database session, as medians and 95th percentiles."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from akrab.platform.bulk import fetch

TICKS = 100.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a result; times in milliseconds, `ratio` to the floor measured in the same run."""

    name: str
    figures: Mapping[str, float | int | str]
    ratio: float | None = None
    aim: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a benchmark found: its floor in words, and its rows."""

    name: str
    floor: str
    rows: list[Row] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of repeated work in milliseconds; CPU is the mean of one run, here and in the database session."""

    median: float
    p95: float
    cpu: float
    database_cpu: float
    queries: int

    def figures(self) -> dict[str, float | int | str]:
        return {
            "p50 ms": round(self.median, 2),
            "p95 ms": round(self.p95, 2),
            "CPU ms": round(self.cpu, 2),
            "database CPU ms": round(self.database_cpu, 2),
            "queries": self.queries,
        }

    @property
    def all_cpu(self) -> float:
        return self.cpu + self.database_cpu


def timed(work: Callable[[], Any], *, times: int = 40, warm: int = 3) -> Timing:
    """Run work some times after warming up."""
    for _ in range(warm):
        work()
    with counting() as seen:
        work()
    walls = []
    cpu, database = time.process_time(), database_seconds()
    for _ in range(times):
        started = time.perf_counter()
        work()
        walls.append((time.perf_counter() - started) * 1000)
    cpu, database = time.process_time() - cpu, database_seconds() - database
    return Timing(percentile(walls, 0.5), percentile(walls, 0.95), cpu * 1000 / times, database * 1000 / times, len(seen))


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements that Django sends meanwhile; the request's own log is emptied when a request begins."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield seen


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ratio(value: float, floor: float) -> float | None:
    return round(value / floor, 2) if floor > 0 else None


def database_seconds() -> float:
    """CPU seconds of this connection's server process so far; 0 when the server is on another machine."""
    pid = fetch("SELECT pg_backend_pid()")[0][0]
    stat = Path(f"/proc/{pid}/stat")
    if not local_database() or not stat.exists():
        return 0.0
    after_name = stat.read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / TICKS


def local_database() -> bool:
    host = str(settings.DATABASES["default"]["HOST"])
    return host.startswith("/") or host in {"", "localhost", "127.0.0.1"}


def size() -> dict[str, int]:
    """How much is in this home."""
    names = {
        "customers": "customers_customer",
        "receipts": "commerce_receipt",
        "lines": "commerce_receiptline",
        "facts": "platform_fact",
    }
    found: dict[str, int] = {name: int(fetch(f"SELECT count(*) FROM {table}")[0][0]) for name, table in names.items()}
    found["database bytes"] = int(fetch("SELECT pg_database_size(current_database())")[0][0])
    return found
