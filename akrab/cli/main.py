"""The `akrab` command: a table of commands, each loaded only when it is used."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import django
import typer
from typer.core import TyperGroup
from typer.main import get_command

from akrab.platform.database.binaries import DatabaseUnavailable
from akrab.platform.refusal import Refusal
from akrab.platform.supervision import CannotStart

COMMANDS = {
    "up": ("akrab.cli.up", "Prepare what is missing, then run everything until Ctrl-C."),
    "status": ("akrab.cli.status", "What runs, how much waits, what failed, when it was last backed up."),
    "import": ("akrab.cli.importing", "Take customers, products or receipts from a file."),
    "export": ("akrab.cli.exporting", "Write customers, products or receipts to a file."),
    "insight": ("akrab.cli.insight", "Refresh the analytical copy; show reports."),
    "user": ("akrab.cli.user", "People who may sign in."),
    "policy": ("akrab.cli.policy", "Who may see and change what, and which rule says so."),
    "fields": ("akrab.cli.fields", "Fields that the company added to customers, products and other objects."),
    "token": ("akrab.cli.token", "Keys for programs."),
    "mcp": ("akrab.cli.mcp", "Tools for an agent of one person, over standard input and output."),
    "audit": ("akrab.cli.audit", "Check the chain of the audit."),
    "duplicates": ("akrab.cli.duplicates", "Find customers who look like one."),
    "privacy": ("akrab.cli.privacy", "Hand out or erase what is held on a customer."),
    "backup": ("akrab.cli.backup", "Write everything into one file."),
    "restore": ("akrab.cli.restore", "Bring a backup back."),
    "demo": ("akrab.cli.demo", "The demo company."),
    "bench": ("akrab.cli.bench", "Measure this installation."),
    "web": ("akrab.cli.web", "Only a web process, for installations on several machines."),
    "worker": ("akrab.cli.worker", "Only a worker, for installations on several machines."),
    "prepare": ("akrab.cli.prepare", "Only database, migrations and first administrator."),
}
LIGHT = frozenset({"up"})

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "akrab.config.settings")


class Commands(TyperGroup):
    """Help from the table; a refusal is one sentence on stderr and exit code 1."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for name, (module, _) in COMMANDS.items() if find_spec(module)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        module, summary = COMMANDS.get(cmd_name, ("", ""))
        if not module or not find_spec(module):
            return None
        if "--help" in sys.argv[1:2] or len(sys.argv) == 1:
            return typer.core.TyperCommand(name=cmd_name, help=summary)
        if cmd_name not in LIGHT:
            django.setup()  # so that command modules can import models at their top
        command = get_command(import_module(module).app)
        command.name = cmd_name
        command.help = command.help or summary
        return command

    def invoke(self, ctx: Any) -> Any:
        return politely(lambda: super(Commands, self).invoke(ctx))


def politely(command: Callable[[], Any]) -> Any:
    try:
        return command()
    except (Refusal, DatabaseUnavailable, CannotStart) as reason:
        typer.secho(str(reason), err=True, fg=None if not sys.stderr.isatty() else "red")
        for place, problem in getattr(reason, "errors", {}).items():
            typer.echo(f"  {place}: {problem}", err=True)
        raise typer.Exit(1) from None
    except (FileNotFoundError, IsADirectoryError, PermissionError) as problem:
        typer.echo(f"{problem.strerror}: {problem.filename}", err=True)
        raise typer.Exit(1) from None


shell = typer.Typer(
    cls=Commands,
    name="akrab",
    help="Akrab: know your customers. Every command explains itself with --help.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@shell.callback()
def main() -> None:
    """Akrab: know your customers. Every command explains itself with --help."""


def app(arguments: Sequence[str] | None = None) -> None:
    shell(args=arguments, prog_name="akrab")


if __name__ == "__main__":
    app()
