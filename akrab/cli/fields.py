"""`akrab fields`: what a company notes beside what Akrab knows already."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from akrab.cli.output import AsJson, print_json
from akrab.cli.session import session
from akrab.platform.actor import command_actor
from akrab.platform.operations.custom_fields import (
    ChoiceWords,
    FieldWords,
    define_field,
    purge_field,
    restore_field,
    trash_field,
)
from akrab.platform.queries.custom_fields import definitions, find_definition

app = typer.Typer(help="Fields that the company added to customers, products and other objects.")
Object = Annotated[str, typer.Option("--object", help="For example customers.customer or commerce.product.")]
Key = Annotated[str, typer.Argument(help="The word of the field in addresses and files.")]


@app.callback()
def fields() -> None:
    """Fields that the company added to customers, products and other objects."""


@app.command(name="list")
def show_fields(*, object: Object = "customers.customer", trash: bool = False, json: AsJson = False) -> None:
    """The fields of an object in their order, or those in the trash."""
    with session():
        found = definitions(by=command_actor(), object=object, in_trash=trash)
    if json:
        print_json({"fields": [{"key": one.key, "type": one.type, "title": one.title_en, "id": one.pk} for one in found]})
        return
    for one in found:
        typer.echo(f"{one.key}  {one.type}  {one.title_en}")


@app.command()
def define(
    title: Annotated[str, typer.Argument(help="Its name in English.")],
    *,
    object: Object = "customers.customer",
    kind: Annotated[str, typer.Option("--type", help="text, long, number, money, date, moment, choice, choices …")] = "text",
    key: Annotated[str, typer.Option(help="Its word in addresses and files; made of the name otherwise.")] = "",
    title_id: Annotated[str, typer.Option(help="Its name in Bahasa Indonesia.")] = "",
    group: Annotated[str, typer.Option(help="The heading under which it stands.")] = "",
    choice: Annotated[list[str] | None, typer.Option(help="One value of a choice; repeat it.")] = None,
    currency: Annotated[str, typer.Option(help="Of an amount of money.")] = "",
    target: Annotated[str, typer.Option(help="The object that a link points to.")] = "",
    formula: Annotated[str, typer.Option(help="For example: spend / purchases")] = "",
    rollup: Annotated[str, typer.Option(help="For example: sum commerce.receipts amount")] = "",
    required: Annotated[bool, typer.Option(help="Must be filled in.")] = False,
    unique: Annotated[bool, typer.Option(help="No two records have the same.")] = False,
    quick: Annotated[bool, typer.Option(help="Keep an index for filters and sorting.")] = False,
    json: AsJson = False,
) -> None:
    """Give an object a field more."""
    words = FieldWords(
        title_en=title,
        type=kind,
        key=key,
        title_id=title_id,
        group=group,
        choices=[ChoiceWords(one) for one in choice or ()],
        currency=currency,
        target=target,
        formula=formula,
        rollup=rollup,
        is_required=required,
        is_unique=unique,
        is_searchable=quick,
    )
    with session():
        fact = define_field(by=command_actor(), object=object, words=words, at=datetime.now(UTC))
    _tell("defined", fact.field_id, fact.key, json=json)


@app.command()
def trash(key: Key, *, object: Object = "customers.customer", json: AsJson = False) -> None:
    """Take a field away everywhere; its values stay."""
    with session():
        found = find_definition(by=command_actor(), object=object, key=key)
        trash_field(by=command_actor(), field_id=found.pk, at=datetime.now(UTC))
    _tell("trashed", found.pk, key, json=json)


@app.command()
def restore(key: Key, *, object: Object = "customers.customer", json: AsJson = False) -> None:
    """Bring a field back with its values."""
    with session():
        found = find_definition(by=command_actor(), object=object, key=key)
        restore_field(by=command_actor(), field_id=found.pk, at=datetime.now(UTC))
    _tell("restored", found.pk, key, json=json)


@app.command()
def purge(key: Key, *, object: Object = "customers.customer", json: AsJson = False) -> None:
    """Remove a field in the trash and every value of it for good."""
    with session():
        found = find_definition(by=command_actor(), object=object, key=key)
        purge_field(by=command_actor(), field_id=found.pk, at=datetime.now(UTC))
    _tell("purged", found.pk, key, json=json)


def _tell(change: str, field_id: UUID, key: str, *, json: bool) -> None:
    if json:
        print_json({"field_id": field_id, "key": key, "change": change})
    else:
        typer.echo(f"{change} {key}")
