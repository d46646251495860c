"""How commands speak: results on stdout, one JSON object with --json, progress on stderr."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]

progress = Console(stderr=True, highlight=False)


def print_json(result: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(result, default=str, ensure_ascii=False))
