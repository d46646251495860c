"""What an analytics engine does, and opening the one that a URL names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from akrab.platform.refusal import Refusal

ENGINES = {
    "duckdb": "akrab.insight.engines.duck.DuckEngine",
    "spark": "akrab.insight.engines.spark.SparkEngine",
}


class UnknownEngine(Refusal):
    code = "unknown_engine"
    status = 422
    message = _("%(url)s names no analytics engine; use duckdb:// or spark://host:port.")


class EngineMissing(Refusal):
    code = "engine_missing"
    status = 422
    message = _("The Spark engine needs the extra akrab[spark] and Java 17 or newer: %(reason)s.")


class EngineUnreachable(Refusal):
    code = "engine_unreachable"
    status = 503
    message = _("No Spark master answers at %(address)s.")


class Engine(Protocol):
    """Runs Ibis expressions over Parquet files."""

    name: str

    def table(self, name: str, files: list[Path]) -> Any:
        """The rows of the files as an Ibis table."""

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        """Run an expression and give its rows in order."""

    def close(self) -> None: ...


@contextmanager
def open_engine(url: str) -> Iterator[Engine]:
    """The engine of a URL, closed at the end. Importing this module imports no engine."""
    try:
        path = ENGINES[urlsplit(url).scheme]
    except KeyError as problem:
        raise UnknownEngine(url=url) from problem
    engine: Engine = import_string(path)(url)
    try:
        yield engine
    finally:
        engine.close()
