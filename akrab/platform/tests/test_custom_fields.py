"""Custom fields: defining them, and what of a definition can be changed."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations import RunSQL

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.fields import Custom, custom_field, custom_fields
from akrab.platform.customizing.models import CustomField
from akrab.platform.ids import new_id
from akrab.platform.models import CurrencyRate
from akrab.platform.operations.custom_fields import (
    ChoiceWords,
    FieldWords,
    define_field,
    restore_field,
    revise_field,
    trash_field,
)
from akrab.platform.refusal import Forbidden, Invalid
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

pytestmark = pytest.mark.django_db
CUSTOMERS = "customers.customer"


def define(title: str, type: str = "text", **more: Any) -> Custom:  # noqa: A002
    """A field of customers."""
    words = FieldWords(title_en=title, type=type, **more)
    fact = define_field(by=make_actor(), object=CUSTOMERS, words=words, at=NOON)
    found = custom_field(CUSTOMERS, f"custom.{fact.key}")
    assert found is not None
    return found


def test_a_field_gets_its_key_from_its_name_and_stands_in_its_place() -> None:
    define("Shoe size", "number", position=2)
    define("Ukuran baju!", "choice", position=1, choices=[ChoiceWords("Small", "Kecil"), ChoiceWords("Large")])

    assert [(one.name, one.type) for one in custom_fields(CUSTOMERS)] == [
        ("custom.ukuran_baju", "choice"),
        ("custom.shoe_size", "number"),
    ]
    assert [(one.code, one.title_en, one.title_id) for one in custom_fields(CUSTOMERS)[0].choices] == [
        ("small", "Small", "Kecil"),
        ("large", "Large", ""),
    ]
    assert facts_recorded("platform.custom") == ["platform.custom_field_changed"] * 2


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (FieldWords(title_en=" "), "title_en"),
        (FieldWords(title_en="Size", type="colour"), "type"),
        (FieldWords(title_en="Size", key="Größe"), "key"),
        (FieldWords(title_en="Size", type="choice"), "choices"),
        (FieldWords(title_en="Size", type="choice", choices=[ChoiceWords("A"), ChoiceWords("a")]), "choices"),
        (FieldWords(title_en="Size", type="date", is_unique=True), "is_unique"),
        (FieldWords(title_en="Size", type="number", default="many"), "default"),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(words: FieldWords, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        define_field(by=make_actor(), object=CUSTOMERS, words=words, at=NOON)

    assert list(refused.value.errors) == [wrong]
    assert not CustomField.objects.exists()


def test_only_administrators_define_fields() -> None:
    with pytest.raises(Forbidden):
        define_field(by=make_actor("manager"), object=CUSTOMERS, words=FieldWords(title_en="Size"), at=NOON)

    assert not CustomField.objects.exists()


def test_a_choice_that_is_not_named_any_more_is_retired_and_keeps_its_code(admin: Actor) -> None:
    field = define("Rank", "choice", choices=[ChoiceWords("Gold"), ChoiceWords("Silver")])

    words = FieldWords(title_en="Rank", choices=[ChoiceWords("Gold medal", code="gold"), ChoiceWords("Bronze")])
    revise_field(by=admin, field_id=field.id, words=words, at=NOON)

    assert [(one.code, one.title_en, one.is_retired) for one in custom_fields(CUSTOMERS)[0].choices] == [
        ("gold", "Gold medal", False),
        ("bronze", "Bronze", False),
        ("silver", "Silver", True),
    ]


def test_a_field_in_the_trash_is_nowhere_and_comes_back(admin: Actor) -> None:
    field = define("Rank")

    trash_field(by=admin, field_id=field.id, at=NOON)
    assert custom_fields(CUSTOMERS) == ()
    with pytest.raises(Invalid):
        define("Rank")

    restore_field(by=admin, field_id=field.id, at=NOON)
    assert [one.key for one in custom_fields(CUSTOMERS)] == ["rank"]


@pytest.fixture
def admin() -> Actor:
    return make_actor()


def test_the_journal_goes_on_after_the_migration_of_custom_fields_is_reversed() -> None:
    rate = CurrencyRate.objects.create(currency="USD", on=date(2026, 3, 1), rate=16_000)
    migration = import_module("akrab.platform.migrations.0018_custom_fields").Migration
    functions = [one for one in migration.operations if isinstance(one, RunSQL)][:2]

    with connection.cursor() as cursor:
        for one in reversed(functions):
            cursor.execute(str(one.reverse_sql))
    fetch("SELECT platform_ensure_journal_month(date_trunc('month', now())::date)")
    fetch("SELECT set_config('akrab.journal', %s, true)", [str(new_id())])
    CurrencyRate.objects.update(rate=16_250)
    CurrencyRate.objects.all().delete()

    assert fetch("SELECT kind, before->>'currency', (after->>'rate')::float FROM platform_journalrow ORDER BY seq") == [
        ("u", None, 16_250.0),
        ("d", rate.currency, None),
    ]
