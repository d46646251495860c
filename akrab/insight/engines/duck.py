"""DuckDB inside the process: the engine for one machine."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import ibis

MEMORY = "1GB"
THREADS = 2


class DuckEngine:
    """`duckdb://`, or `duckdb://?memory_limit=4GB&threads=8`."""

    name = "duckdb"

    def __init__(self, url: str = "duckdb://") -> None:
        options = dict(parse_qsl(urlsplit(url).query))
        self.scratch = tempfile.TemporaryDirectory(prefix="akrab-duckdb-")
        self.connection = ibis.duckdb.connect(
            memory_limit=options.get("memory_limit", MEMORY),
            threads=int(options.get("threads", THREADS)),
            temp_directory=self.scratch.name,
        )

    def table(self, name: str, files: list[Path]) -> Any:
        return self.connection.read_parquet([str(path) for path in files], table_name=name)

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.connection.to_pyarrow(expression).to_pylist()
        return rows

    def close(self) -> None:
        self.connection.disconnect()
        self.scratch.cleanup()
