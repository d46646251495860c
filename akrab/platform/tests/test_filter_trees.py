"""Filter trees: written in an address, read back the same, built step by step."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akrab.platform.listing.tree import Condition, FilterUnreadable, Group, read_tree, write_tree
from akrab.platform.listing.words import without_words

values = st.text(st.sampled_from("ab ;,()'|:é"), min_size=1, max_size=6).map(str.strip).filter(bool)
conditions = st.builds(Condition, st.sampled_from(["city", "spend"]), st.just("is"), st.lists(values, max_size=3).map(tuple))


def groups(parts: st.SearchStrategy[Condition | Group]) -> st.SearchStrategy[Group]:
    return st.builds(Group, st.sampled_from(["and", "or"]), st.lists(parts, min_size=2, max_size=3).map(tuple))


@settings(max_examples=60, deadline=None)
@given(groups(conditions | groups(conditions)))
def test_what_is_written_reads_back_the_same(tree: Group) -> None:
    assert read_tree(write_tree(tree)) == tree


def test_it_is_written_as_people_could_write_it() -> None:
    text = "city:is:Bandung|Solo;(spend:min:500000,last:within:30d);phone:any"

    tree = read_tree(text)

    assert tree.parts[1] == Group("or", (Condition("spend", "min", ("500000",)), Condition("last", "within", ("30d",))))
    assert write_tree(tree) == text


@pytest.mark.parametrize(
    "text", ["x", "a:is:1;", "a:is:1;b:is:2,c:is:3", "((((a:is:1))))", "(a:is:1", "a:is:1)", ";".join(["a:is:1"] * 41)]
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(FilterUnreadable):
        read_tree(text)


def test_of_a_filter_whose_fields_nobody_knows_no_value_is_told() -> None:
    assert without_words("where", "stage:is:new;(x:has:Budi|Siti,y:any)", None) == "stage:is:*;(x:has:*,y:any)"
    assert without_words("where", "Budi Rahasia", None) == "*"
    assert without_words("city", "Solo", None) == "Solo"


def test_parts_are_put_taken_away_and_joined_otherwise() -> None:
    tree = read_tree("a:is:1;(b:is:2,c:is:3)")

    assert write_tree(tree.put("1", Condition("d", "any"))) == "a:is:1;(b:is:2,c:is:3,d:any)"
    assert write_tree(tree.without("1.0").without("1.0")) == "a:is:1"
    assert write_tree(tree.turned("1").turned("")) == "a:is:1,(b:is:2;c:is:3)"
