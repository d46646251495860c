"""Sends the API thousands of made-up requests (Schemathesis) against a server of its own, on a database of its own."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from akrab.platform.database.lease import Lease
from akrab.platform.ports import free_port
from akrab.platform.tests import databases

ROOT = Path(__file__).resolve().parent.parent
FUZZER = ROOT / ".venv-fuzz" / "bin" / "schemathesis"
# accepting good data is what our own tests show; made-up identifiers, SKUs and branches are refused by right
LEFT_OUT = "positive_data_acceptance"
EXAMPLES = "30"


def main() -> int:
    name = f"test_{os.getpid()}_fuzz"
    lease = Lease(databases.CLUSTER)
    databases.ensure_template()
    databases.clone(name)
    try:
        return fuzz(name)
    finally:
        databases.drop(name)
        lease.release()


def fuzz(name: str) -> int:
    """Exit code of the fuzzer; 1 for a failure that it found."""
    port = free_port()
    environment = {
        **os.environ,
        "AKRAB_DATABASE_URL": databases.CLUSTER.url(name),
        "AKRAB_LOG_LEVEL": "ERROR",
        "AKRAB_HOME": str(databases.CACHE / "homes" / name),
        "AKRAB_SECRET_KEY": secrets.token_urlsafe(48),
    }
    akrab = [sys.executable, "-m", "akrab.cli.main"]
    person = ["--email", "fuzz@example.test"]
    subprocess.run(
        [*akrab, "user", "create", *person, "--role", "administrator"],
        env=environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    made = subprocess.run(
        [*akrab, "token", "create", *person], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    key = next(word for word in made.stdout.split() if word.startswith("akrab_"))
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "akrab.config.asgi:application", "--port", str(port), "--log-level", "error"],
        env=environment,
        cwd=ROOT,
    )
    try:
        address = f"http://127.0.0.1:{port}/api/v1/openapi.json"
        wait_for(address)
        return subprocess.run(
            [
                FUZZER,
                "run",
                address,
                "-H",
                f"Authorization: Bearer {key}",
                "-n",
                EXAMPLES,
                "--exclude-checks",
                LEFT_OUT,
                "--phases",
                "examples,coverage,fuzzing",
                "--continue-on-failure",
                *sys.argv[1:],
            ],
            cwd=databases.CACHE,
            check=False,
        ).returncode
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(address: str, *, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=30).close()  # noqa: S310
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    raise SystemExit(main())
