"""The page of benchmark results, made by command: date, machine, versions, size, and a table for each benchmark."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from akrab.cli.benches.measure import Result

HEAD = """# Benchmarks

Written by `akrab bench NAME --write`; each table is replaced by the next run of its benchmark. Ratios compare with a floor
measured in the same run and travel better between machines than absolute times. CPU is given beside wall time, because
the machine may be busy with other work: the load average before the run says how busy. Aims are for 2 cores and 24 GiB.
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the figures were measured on."""

    cores: int
    memory_gib: int
    processor: str
    system: str
    versions: dict[str, str]
    load: float


@dataclass(frozen=True, slots=True)
class Run:
    """One run of some benchmarks on one home."""

    machine: Machine
    size: dict[str, int]
    at: datetime
    results: list[Result] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "machine": asdict(self.machine),
            "size": self.size,
            "results": [one.plain() for one in self.results],
        }


def written(run: Run, *, before: str) -> str:
    """The page with the tables of this run; tables of other benchmarks stay as they were."""
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", before, re.MULTILINE | re.DOTALL))
    for result in run.results:
        sections[result.name] = _section(run, result)
    return HEAD + "".join(f"\n## {name}\n{body.rstrip()}\n" for name, body in sections.items())


def _section(run: Run, result: Result) -> str:
    machine = run.machine
    columns = list(dict.fromkeys(title for row in result.rows for title in row.figures))
    held = ", ".join(f"{count:,} {name}" for name, count in run.size.items() if name != "database bytes")
    lines = [
        "",
        f"{run.at:%Y-%m-%d %H:%M} UTC; {machine.cores} cores of {machine.processor}, {machine.memory_gib} GiB, "
        f"{machine.system}, load {machine.load:.1f}; "
        + ", ".join(f"{name} {number}" for name, number in machine.versions.items())
        + ".",
        f"Home: {held}, database {run.size['database bytes'] / 2**30:.1f} GiB. Floor: {result.floor}.",
        "",
        "| " + " | ".join(("", *columns, "ratio to floor", "aim")) + " |",
        "|---" + "|--:" * (len(columns) + 1) + "|---|",
    ]
    for row in result.rows:
        cells = (_cell(row.figures.get(title, "")) for title in columns)
        lines.append("| " + " | ".join((row.name, *cells, str(row.ratio or ""), row.aim)) + " |")
    return "\n".join(lines) + "\n"


def _cell(value: float | str) -> str:
    return f"{value:,}" if isinstance(value, int | float) else value
