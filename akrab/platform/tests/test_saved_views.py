"""Saved views: who has them, who may change them, what they keep."""

from __future__ import annotations

import pytest

from akrab.platform.ids import new_id
from akrab.platform.listing.forgetting import forget_in_lists
from akrab.platform.models import BulkRun, JournalEntry, SavedView
from akrab.platform.operations.saved_views import ViewLocked, ViewNameTaken, change_view, mark_view, retire_view, save_view
from akrab.platform.operations.undoing import undo_entry
from akrab.platform.queries.saved_views import UnknownView, list_views, view_named
from akrab.platform.refusal import Forbidden, NotFound
from akrab.platform.tests.factories import NOON, acting, facts_recorded, make_person, make_team

pytestmark = pytest.mark.django_db


def save(by: object, name: str = "Big spenders", query: str = "spend_from=500", **more: object) -> SavedView:
    done = save_view(by=by, object="customers", name=name, query=query, at=NOON, **more)  # type: ignore[arg-type]
    return SavedView.objects.get(pk=done.view_id)


def names(by: object) -> list[str]:
    return [one.name for one in list_views(by=by, object="customers")]  # type: ignore[arg-type]


def test_a_view_keeps_the_parameters_of_its_list_in_one_order_and_nothing_else() -> None:
    ann = acting(make_person("Ann", "manager"))

    view = save(ann, query="?cursor=x&sort=-spend&city=&stage=loyal&stage=active&evil=1&q=budi")

    assert view.query == "q=budi&stage=loyal&stage=active&sort=-spend"
    assert facts_recorded("platform.view") == ["platform.view_changed"]


def test_private_views_are_ones_own_team_views_the_teams_and_the_rest_everybodys() -> None:
    ann, budi, cici = (make_person(name, "manager") for name in ("Ann", "Budi", "Cici"))
    team = make_team(members=[ann, budi])
    save(acting(ann), "Mine")
    save(acting(ann), "Ours", scope="team", team_id=team.pk)
    save(acting(ann), "All", scope="all")

    assert names(acting(ann)) == ["All", "Mine", "Ours"]
    assert names(acting(budi)) == ["All", "Ours"]
    assert names(acting(cici)) == ["All"]


def test_only_who_may_share_shares_and_names_are_taken_once_per_circle() -> None:
    dewi, ann = acting(make_person("Dewi", "staff")), acting(make_person("Ann", "manager"))
    save(dewi)
    save(ann, scope="all")

    with pytest.raises(Forbidden):
        save(dewi, "Shared", scope="all")
    with pytest.raises(ViewNameTaken):
        save(ann, "big SPENDERS", scope="all")

    assert SavedView.objects.count() == 2


def test_a_locked_view_is_changed_by_its_owner_alone() -> None:
    ann, budi = acting(make_person("Ann", "manager")), acting(make_person("Budi", "manager"))
    view = save(ann, scope="all", is_locked=True)

    with pytest.raises(ViewLocked):
        change_view(by=budi, view_id=view.pk, changes={"query": "stage=loyal"}, at=NOON)
    changed = change_view(by=ann, view_id=view.pk, changes={"query": "stage=loyal", "is_locked": False}, at=NOON)
    again = change_view(by=budi, view_id=view.pk, changes={"query": "stage=lapsed"}, at=NOON)

    assert changed
    assert set(changed.changes) == {"query", "is_locked"}
    assert again
    assert again.changes == {"query": ["stage=loyal", "stage=lapsed"]}


def test_a_private_view_is_not_found_by_others_and_a_retired_one_comes_back_by_undoing() -> None:
    ann, budi = acting(make_person("Ann", "manager")), acting(make_person("Budi", "manager"))
    view = save(ann)

    with pytest.raises(NotFound):
        retire_view(by=budi, view_id=view.pk, at=NOON)
    retire_view(by=ann, view_id=view.pk, at=NOON)
    assert names(ann) == []
    entry = JournalEntry.objects.order_by("-at").first()
    assert entry
    undo_entry(by=acting(make_person("Root", "administrator")), entry_id=entry.pk, at=entry.at)

    assert names(ann) == ["Big spenders"]


def test_each_person_begins_with_one_view_and_pins_for_themselves() -> None:
    ann, budi = acting(make_person("Ann", "manager")), acting(make_person("Budi", "manager"))
    first, second = save(ann, "First", scope="all"), save(ann, "Second", scope="all")

    mark_view(by=ann, view_id=first.pk, is_default=True)
    mark_view(by=ann, view_id=second.pk, is_default=True, is_pinned=False)

    assert [(one.name, one.is_default, one.is_pinned) for one in list_views(by=ann, object="customers")] == [
        ("First", False, True),
        ("Second", True, False),
    ]
    assert [one.is_pinned for one in list_views(by=budi, object="customers")] == [False, False]


def test_a_name_means_everybodys_view_before_ones_own() -> None:
    ann = acting(make_person("Ann", "manager"))
    save(ann, query="stage=lapsed")
    shared = save(ann, scope="all")

    assert view_named(by=ann, object="customers", name="big spenders").id == shared.pk
    with pytest.raises(UnknownView):
        view_named(by=ann, object="customers", name="Nothing")


def test_a_person_who_is_erased_leaves_the_search_words_of_views_and_the_ids_of_runs() -> None:
    user = make_person("Ann", "manager")
    save(acting(user), query="q=Siti+Nurhaliza&stage=loyal")
    save(acting(user), "Other", query="q=Budi")
    save(acting(user), "Tree", query="where=name:has:Siti+Nurhaliza&stage=new")
    one, other = new_id(), new_id()
    run = BulkRun.objects.create(object="customers", ids=[one, other], change={}, total=2, by=user, created_at=NOON)

    assert forget_in_lists(one, ["Siti Nurhaliza"]) == 3

    run.refresh_from_db()
    assert sorted(SavedView.objects.values_list("query", flat=True)) == ["q=Budi", "stage=loyal", "stage=new"]
    assert run.ids == [other]
