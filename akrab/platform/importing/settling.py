"""Finishing what an import left to listeners, when no worker runs beside it."""

from __future__ import annotations

from procrastinate.contrib.django import app


def finish_follow_up() -> None:
    """Run the queued listeners until none is left; a worker that runs at the same time shares the work."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as working:
        working.run_worker(queues=["facts"], wait=False, listen_notify=False, install_signal_handlers=False)
