"""Apache Spark: the engine for data that no longer fits one machine."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import ibis

from akrab.insight.engines.engine import EngineMissing, EngineUnreachable

try:
    from pyspark.sql import SparkSession
except ImportError:
    HAS_PYSPARK = False
else:
    HAS_PYSPARK = True

PORT = 7077
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.shuffle.partitions": "4",
    "spark.executor.memory": "1g",
    "spark.driver.memory": "1g",
}


def why_not() -> str | None:
    """What is missing for Spark on this machine, or None."""
    if not HAS_PYSPARK:
        return "pyspark is not installed"
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (home and (Path(home) / "bin" / "java").exists())):
        return "no java program was found"
    return None


def require_master(host: str, port: int) -> None:
    """Refuse at once when nobody listens; Spark itself would try for a minute and then end the Java process."""
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as problem:
        raise EngineUnreachable(address=f"{host}:{port}") from problem


class SparkEngine:
    """`spark://host:port`; settings of the session follow as `?spark.executor.memory=4g`."""

    name = "spark"

    def __init__(self, url: str) -> None:
        if reason := why_not():
            raise EngineMissing(reason=reason)
        parts = urlsplit(url)
        require_master(parts.hostname or "", parts.port or PORT)
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        if parts.hostname in ("127.0.0.1", "localhost"):
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = SparkSession.builder.master(f"spark://{parts.netloc}").appName("akrab")
        for name, value in {**SETTINGS, **dict(parse_qsl(parts.query))}.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")
        self.connection = ibis.pyspark.connect(self.session)

    def table(self, name: str, files: list[Path]) -> Any:
        frame = self.session.read.parquet(*[str(path) for path in files])
        frame.createOrReplaceTempView(name)
        return self.connection.table(name)

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        # Ibis goes through pandas here, which turns integers beside NULLs into floats.
        sql = self.connection.compile(expression)
        rows: list[dict[str, Any]] = self.session.sql(sql).toArrow().to_pylist()
        return rows

    def close(self) -> None:
        self.session.stop()
