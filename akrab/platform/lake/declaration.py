"""What a room offers to insight: flat named tables, and the SQL that reads them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

WHOLE = 0
"""The only partition of a dataset that is not cut by month."""


@dataclass(frozen=True, slots=True)
class Partitions:
    """How tables are cut by month, and how a month that changed is found.

    `counted` is PostgreSQL text giving (month, rows) of everything now; `touched` gives the months that transactions
    from `{since}` on have changed. A month is rewritten when it was touched or when its count differs, so a deletion
    is seen as well. Month is `year * 12 + month - 1`; `WHOLE` stands for the whole table.
    """

    name: str
    counted: str
    touched: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """One flat table of the lake, read from PostgreSQL.

    `sql` may use `{first}` and `{end}`, the first day of a month and of the next one. `order` makes the rows of a file
    a total order, so that the same rows always give the same bytes. `span` names the column whose smallest and
    largest value are kept in the manifest, `distinct` the columns whose few different values are.
    """

    name: str
    columns: Sequence[tuple[str, str]]
    sql: str
    order: Sequence[str]
    partitions: Partitions
    span: str | None = None
    distinct: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RollUp:
    """One flat table made in the lake from another dataset, month by month; `sql` reads `{source}` and `{month}`."""

    name: str
    columns: Sequence[tuple[str, str]]
    of: str
    sql: str
    order: Sequence[str]
    span: str | None = None
    distinct: Sequence[str] = ()


Declared = Dataset | RollUp


def declared() -> list[Declared]:
    """Every dataset that an installed room declares in `datasets.py` as `DATASETS`, roll-ups after their source."""
    found: list[Declared] = []
    for app in apps.get_app_configs():
        name = f"{app.name}.datasets"
        if app.name.startswith("akrab.") and find_spec(name):
            found.extend(import_module(name).DATASETS)
    return sorted(found, key=lambda each: isinstance(each, RollUp))


def fingerprint(datasets: Sequence[Declared], writer: str) -> str:
    """Changes when a declaration or the Parquet writer changes: then every file is written again."""
    text = json.dumps([asdict(each) for each in datasets], sort_keys=True) + writer
    return hashlib.sha256(text.encode()).hexdigest()[:16]
