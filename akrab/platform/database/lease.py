"""Who uses the embedded server: every user holds a shared lock, and the last one to leave stops it.

The kernel drops the lock of a killed process, so nothing is forgotten; the guard process waits for the exclusive lock.
"""

from __future__ import annotations

import subprocess
import sys
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from typing import IO

from akrab.platform.database.cluster import Cluster


class Lease:
    """Keeps the server running while held."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.handle = opened(cluster, "users")
        flock(self.handle, LOCK_SH)
        self.renew()

    def renew(self) -> bool:
        """Start the server if it is down, for example after a crash; True if it was."""
        started = self.cluster.start()
        if started:
            leave_guard(self.cluster)
        return started

    def release(self) -> None:
        """Let go; returns after the server has stopped if nobody else uses it."""
        if self.handle.closed:
            return
        self.handle.close()
        with opened(self.cluster, "users") as again:
            try:
                flock(again, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                flock(again, LOCK_SH)  # at once while others use it; else after the guard has stopped it
            else:
                self.cluster.stop()


def opened(cluster: Cluster, purpose: str) -> IO[str]:
    cluster.data.parent.mkdir(parents=True, exist_ok=True)
    return Path(f"{cluster.data}.{purpose}").open("w")


def leave_guard(cluster: Cluster) -> None:
    subprocess.Popen(
        [sys.executable, "-m", "akrab.platform.database.guard", str(cluster.data)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
