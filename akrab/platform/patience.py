"""How long a page waits for the database: a statement that takes longer is stopped, and the reader told what to do."""

from __future__ import annotations

from django.conf import settings
from django.db import OperationalError, connections
from django.utils.translation import gettext_lazy as _
from psycopg.errors import QueryCanceled

from akrab.platform.refusal import Refusal


class TooSlow(Refusal):
    code = "too_slow"
    status = 503
    message = _(
        "This took longer than %(seconds)s seconds and was stopped, so that others do not wait. "
        "Nothing was changed. Narrow the search or the filters and try again."
    )


def bound_statements(milliseconds: int) -> None:
    """Connections that this process opens from now on stop statements that run longer."""
    parts = connections.settings["default"]
    parts["OPTIONS"] = {**parts["OPTIONS"], "options": f"-c statement_timeout={milliseconds}"}


def as_refusal(problem: Exception) -> Refusal | None:
    """The refusal to tell when a statement was stopped for taking too long."""
    if isinstance(problem, OperationalError) and isinstance(problem.__cause__, QueryCanceled):
        return TooSlow(seconds=settings.STATEMENT_TIMEOUT_MS // 1000)
    return None
