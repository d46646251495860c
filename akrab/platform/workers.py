"""How a worker reaches the queue."""

from __future__ import annotations

from procrastinate import PsycopgConnector
from procrastinate.contrib.django.utils import connector_params
from psycopg import AsyncConnection


def worker_connector() -> PsycopgConnector:
    """A connection for taking and finishing jobs that does not wait for the disk.

    A crash of the database may forget that a job was taken or done, so it runs again, which every job must bear anyway;
    what jobs write goes through Django's connection and does wait. It looks rows up by index even while the statistics,
    usually taken when the queue is empty, say that there are none. Each of its statements is a transaction by itself.
    """
    options = "-c synchronous_commit=off -c enable_seqscan=off"
    return PsycopgConnector(kwargs={**connector_params(), "options": options}, configure=_without_transactions)


async def _without_transactions(connection: AsyncConnection) -> None:
    """Each statement spares two round trips; the connection that listens takes this only here."""
    await connection.set_autocommit(True)
