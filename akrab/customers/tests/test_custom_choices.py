"""A choice that is retired stays where it is, or its records get another one: part by part, and undone as one thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from akrab.customers.models import Customer
from akrab.customers.operations.editing import edit_customer
from akrab.customers.tests.factories import make_customer
from akrab.customers.tests.test_importing import bring_file
from akrab.platform.customizing.fields import Custom, custom_field
from akrab.platform.customizing.working import replace_choice_everywhere
from akrab.platform.models import BulkRun
from akrab.platform.operations.custom_fields import ChoiceWords
from akrab.platform.operations.replacing_choices import retire_choice
from akrab.platform.operations.undoing import undo_entry
from akrab.platform.refusal import Forbidden, Invalid
from akrab.platform.tests.factories import NOON, acting, make_actor, make_person
from akrab.platform.tests.test_custom_fields import CUSTOMERS, define

pytestmark = pytest.mark.django_db
WORDS = [ChoiceWords("Gold"), ChoiceWords("Silver"), ChoiceWords("Bronze")]


def kept(key: str) -> dict[str, object]:
    return {one.display_name: one.custom.get(key) for one in Customer.objects.unscoped()}


def open_choices() -> list[str]:
    field = custom_field(CUSTOMERS, "custom.rank")
    assert field is not None
    return [one.code for one in field.choices if not one.is_retired]


@pytest.fixture
def rank() -> Custom:
    make_customer("Ani", custom={"rank": "silver"})
    make_customer("Budi", custom={"rank": "gold"})
    make_customer("Citra", custom={"rank": "silver", "nickname": "Cit"})
    return define("Rank", "choice", choices=WORDS)


def test_all_records_get_the_other_choice_and_an_undo_gives_theirs_back(rank: Custom) -> None:
    rina = acting(make_person("Rina", "administrator"))

    run = retire_choice(by=rina, field_id=rank.id, choice="silver", instead="bronze", at=NOON)
    assert run is not None
    replace_choice_everywhere(run, rina)

    assert kept("rank") == {"Ani": "bronze", "Budi": "gold", "Citra": "bronze"}
    done = BulkRun.objects.get()
    assert (done.status, done.total, done.changed) == ("done", 2, 2)
    assert done.entry_id is not None
    undo_entry(by=rina, entry_id=done.entry_id, at=NOON)
    assert kept("rank") == {"Ani": "silver", "Budi": "gold", "Citra": "silver"}


def test_in_several_choices_one_takes_the_place_of_the_other_once() -> None:
    rina = acting(make_person("Rina", "administrator"))
    hobbies = define("Hobbies", "choices", choices=[ChoiceWords("Golf"), ChoiceWords("Tennis"), ChoiceWords("Sport")])
    make_customer("Ani", custom={"hobbies": ["golf", "tennis"]})
    make_customer("Budi", custom={"hobbies": ["golf", "sport"]})
    make_customer("Citra", custom={"hobbies": ["tennis"]})

    run = retire_choice(by=rina, field_id=hobbies.id, choice="golf", instead="sport", at=NOON)
    assert run is not None
    replace_choice_everywhere(run, rina)

    assert kept("hobbies") == {"Ani": ["sport", "tennis"], "Budi": ["sport"], "Citra": ["tennis"]}


def test_a_retired_choice_stays_where_it_is_and_is_taken_nowhere_else(rank: Custom) -> None:
    by = make_actor()

    assert retire_choice(by=by, field_id=rank.id, choice="silver", at=NOON) is None

    ani, budi = (Customer.objects.unscoped().get(display_name=name) for name in ("Ani", "Budi"))
    edit_customer(by=by, customer_id=ani.pk, changes={"custom.rank": "silver", "city": "Solo"}, at=NOON)
    with pytest.raises(Invalid):
        edit_customer(by=by, customer_id=budi.pk, changes={"custom.rank": "silver"}, at=NOON)
    assert open_choices() == ["gold", "bronze"]
    assert kept("rank") == {"Ani": "silver", "Budi": "gold", "Citra": "silver"}


@pytest.mark.parametrize("instead", ["silver", "platinum"])
def test_a_choice_is_replaced_only_by_another_that_is_in_use(rank: Custom, instead: str) -> None:
    with pytest.raises(Invalid):
        retire_choice(by=make_actor(), field_id=rank.id, choice="silver", instead=instead, at=NOON)

    assert open_choices() == ["gold", "silver", "bronze"]


def test_only_administrators_retire_choices(rank: Custom) -> None:
    with pytest.raises(Forbidden):
        retire_choice(by=make_actor("manager"), field_id=rank.id, choice="silver", at=NOON)

    assert open_choices() == ["gold", "silver", "bronze"]


def test_a_file_may_say_a_retired_choice_only_of_who_has_it(rank: Custom, tmp_path: Path) -> None:
    make_customer("Dewi", email="dewi@example.com", custom={"rank": "silver"})
    make_customer("Eko", email="eko@example.com", custom={"rank": "gold"})
    retire_choice(by=make_actor(), field_id=rank.id, choice="silver", at=NOON)
    path = tmp_path / "ranks.csv"
    path.write_text("Nama,E-mail,Rank\nDewi,dewi@example.com,Silver\nEko,eko@example.com,Silver\nFani,fani@example.com,Silver\n")

    result = bring_file(path)

    assert (result["unchanged"], result["errors"]) == (1, 2)
    assert kept("rank") == {"Ani": "silver", "Budi": "gold", "Citra": "silver", "Dewi": "silver", "Eko": "gold"}
