"""A small process that waits until nobody uses the embedded server any more, then stops it."""

from __future__ import annotations

import sys
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from akrab.platform.database.cluster import Cluster
from akrab.platform.database.lease import opened


def watch(data: Path) -> None:
    cluster = Cluster(data)
    with opened(cluster, "users") as users, opened(cluster, "guard") as alone:
        try:
            flock(alone, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return
        flock(users, LOCK_EX)
        cluster.stop()


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
