"""Writes the generated catalogs under docs/: facts, metrics, settings and commands; `check` compares instead."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "akrab.config.settings")
django.setup()

import typer
from django.conf import settings

from akrab.cli.main import COMMANDS
from akrab.config.api import api
from akrab.insight.public import all_metrics
from akrab.platform.declaring import DECLARED
from akrab.platform.delivery import LISTENERS

DOCS = Path(__file__).resolve().parent.parent / "docs"
GENERATED = "This page is made by `make catalogue`; a test compares it with the code.\n"


def facts_page() -> Iterator[str]:
    yield f"# Facts\n\n{GENERATED}\nWhat can have happened, by room. Facts are never changed; they only gain optional fields.\n"
    for kind in sorted(DECLARED):
        what = DECLARED[kind]
        if ".tests." in what.cls.__module__:
            continue
        yield f"\n## {kind}\n\n{(what.cls.__doc__ or '').strip()}\n"
        yield f"\nSubject `{what.subject}`, dated by `{what.at}`, schema {what.schema}."
        listeners = LISTENERS.get(kind, [])
        yield f" Heard by {', '.join(f'`{name}`' for name in listeners)}.\n" if listeners else "\n"
        yield "\n| field | type | |\n|---|---|---|\n"
        for field in dataclasses.fields(what.cls):
            optional = field.default is not dataclasses.MISSING
            kind_of = str(field.type).replace("|", "\\|")
            yield f"| `{field.name}` | {kind_of} | {'optional' if optional else ''} |\n"


def metrics_page() -> Iterator[str]:
    yield f"# Metrics\n\n{GENERATED}\nEach is a pure function over the datasets of the lake, equal on DuckDB and Spark.\n"
    for name, metric in sorted(all_metrics().items()):
        yield f"\n## {name}\n\n**{metric.title}.** {metric.description}\n\nReads {_names(metric.inputs)}.\n"
        if metric.parameters:
            said = ", ".join(f"`{one.name}` ({one.label}; default {one.default})" for one in metric.parameters)
            yield f"\nParameters: {said}.\n"
        yield f"\nColumns: {_names(column.name for column in metric.columns)}.\n"
        if metric.total_columns:
            yield f"\nTotals: {_names(column.name for column in metric.total_columns)}.\n"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def settings_page() -> Iterator[str]:
    yield f"# Settings\n\n{GENERATED}\nEvery value that differs between places is one environment variable.\n"
    yield "\n| variable | default | meaning |\n|---|---|---|\n"
    for variable in sorted(settings.ENVIRONMENT.values(), key=lambda one: one.name):
        yield f"| `{variable.name}` | {f'`{variable.default}`' if variable.default else ''} | {variable.meaning} |\n"


def commands_page() -> Iterator[str]:
    yield f"# Commands\n\n{GENERATED}\nExit code 0 is success, 1 a refusal or bad input, 2 wrong usage.\n"
    for name, (module, summary) in COMMANDS.items():
        yield from _command(typer.main.get_command(import_module(module).app), f"akrab {name}", summary)


def _command(command: Any, path: str, summary: str) -> Iterator[str]:
    context = command.context_class(command, info_name=path)
    if hasattr(command, "list_commands"):
        for child in command.list_commands(context):
            yield from _command(command.get_command(context, child), f"{path} {child}", "")
        return
    yield f"\n## {path}\n\n{(command.help or summary).strip()}\n\n| | |\n|---|---|\n"
    for parameter in command.params:
        record = parameter.get_help_record(context)
        name = record[0] if record else str(parameter.name)
        text = (record[1] if record else getattr(parameter, "help", "")) or ""
        yield f"| `{' '.join(name.split())}` | {' '.join(text.split()).replace('|', chr(92) + '|')} |\n"


def openapi() -> Iterator[str]:
    yield json.dumps(api.document, indent=1, ensure_ascii=False) + "\n"


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "facts.md": facts_page,
    "metrics.md": metrics_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
    "openapi.json": openapi,
}


def main() -> int:
    stale = []
    for name, page in PAGES.items():
        text, path = "".join(page()), DOCS / name
        if "check" in sys.argv and (not path.exists() or path.read_text() != text):
            stale.append(name)
        elif "check" not in sys.argv:
            path.write_text(text)
    if stale:
        sys.stderr.write(f"Stale: {', '.join(stale)}. Run `make catalogue`.\n")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
