"""A Spark standalone cluster on this machine: one master and its workers, on loopback only.

For the conformance suite and for trying the Spark engine: `python -m akrab.insight.engines.cluster`.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from akrab.platform.ports import free_port

HOST = "127.0.0.1"
STARTUP_SECONDS = 60
MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"


class ClusterError(Exception):
    """The master or a worker did not come up; the text says why."""


@contextmanager
def local_cluster(workers: int = 2, memory: str = "1g") -> Iterator[str]:
    """Run a master and workers until the end of the block; gives `spark://host:port`."""
    with tempfile.TemporaryDirectory(prefix="akrab-spark-") as folder:
        scratch = Path(folder)
        started: list[subprocess.Popen[bytes]] = []
        try:
            port = free_port()
            url = f"spark://{HOST}:{port}"
            master = ["--host", HOST, "--port", str(port), "--webui-port", str(free_port())]
            started.append(_start(MASTER, master, scratch, "master"))
            _wait_for(scratch / "master.log", "I have been elected leader", 1, started[-1])
            for number in range(workers):
                options = ["--host", HOST, "--cores", "1", "--memory", memory, "--webui-port", str(free_port())]
                options += ["--work-dir", str(scratch / f"work{number}"), url]
                started.append(_start(WORKER, options, scratch, f"worker{number}"))
            _wait_for(scratch / "master.log", "Registering worker", workers, started[0])
            yield url
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                process.wait(timeout=20)


def _start(main: str, options: list[str], scratch: Path, name: str) -> subprocess.Popen[bytes]:
    spec = importlib.util.find_spec("pyspark")
    if spec is None or not spec.submodule_search_locations:
        raise ClusterError("pyspark is not installed")
    home = spec.submodule_search_locations[0]
    # The wheel has no start scripts, and executors would otherwise start the system's Python.
    environment = {
        **os.environ,
        "SPARK_HOME": home,
        "SPARK_LOCAL_IP": HOST,
        "SPARK_LOCAL_DIRS": str(scratch),
        "SPARK_DAEMON_MEMORY": "512m",
        "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "PYSPARK_PYTHON": sys.executable,
    }
    with (scratch / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(Path(home) / "bin" / "spark-class"), main, *options],
            env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=scratch,
        )  # fmt: skip


def _wait_for(log: Path, words: str, times: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTUP_SECONDS
    while log.read_text(errors="replace").count(words) < times:
        if process.poll() is not None or time.monotonic() > until:
            raise ClusterError(log.read_text(errors="replace")[-2000:])
        time.sleep(0.1)


def main() -> None:
    """Run a cluster until Ctrl-C and print its URL."""
    with local_cluster() as url:
        print(url, flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print("stopping", file=sys.stderr)


if __name__ == "__main__":
    main()
