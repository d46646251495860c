"""Structured logs on stderr or in a file: JSON lines, colored lines for a terminal, nothing personal in either."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

HIDDEN = "[hidden]"
SECRET_NAMES = re.compile(r"password|passwd|secret|token|authorization|cookie|session|csrf|api_?key", re.IGNORECASE)
PERSONAL_NAMES = frozenset({"email", "phone", "address", "customer_name", "display_name", "body", "payload"})
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w.:-])\+?\d[\d -]{8,16}\d(?![\w.:-])")
QUOTED_KEY = re.compile(r"(Key \([^)]*\)=)\(.*?\)(?= )")

Event = MutableMapping[str, Any]


def configure(config: dict[str, Any], *, to: TextIO | None = None) -> None:
    """Django's LOGGING_CONFIG: one handler for everything, at the level asked for."""
    terminal = to is None and sys.stderr.isatty()
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer(colors=True) if terminal else structlog.processors.JSONRenderer(default=str)
    )
    handler = logging.StreamHandler(to)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_objects,
                structlog.processors.format_exc_info,
                without_secrets,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(config["level"])
    # a request is logged once, by AccessMiddleware; a job once, by its worker
    for name, level in {
        "django.request": logging.ERROR,
        "django.server": logging.WARNING,
        "procrastinate": logging.WARNING,
        "asyncio": logging.WARNING,
        "uvicorn": logging.WARNING,
    }.items():
        logging.getLogger(name).setLevel(level)


def without_objects(logger: Any, method: str, event: Event) -> Event:
    """Leave out what libraries attach for handlers in the same process: requests, jobs, settings."""
    plain = (str, int, float, bool, type(None))
    for name in [name for name, value in event.items() if not isinstance(value, plain) and name != "exc_info"]:
        if isinstance(event[name], list | tuple | dict | set):
            del event[name]
        else:
            event[name] = str(event[name])
    return event


def without_secrets(logger: Any, method: str, event: Event) -> Event:
    """Hide values by their name, and what looks like a person's address or number inside sentences."""
    for name, value in event.items():
        if SECRET_NAMES.search(name) or name in PERSONAL_NAMES:
            event[name] = HIDDEN
        elif isinstance(value, str) and name in {"event", "exception"}:
            event[name] = redacted(value)
    return event


def redacted(sentence: str) -> str:
    for pattern, replacement in ((QUOTED_KEY, rf"\1({HIDDEN})"), (E_MAIL, HIDDEN), (PHONE, HIDDEN)):
        sentence = pattern.sub(replacement, sentence)
    return sentence
