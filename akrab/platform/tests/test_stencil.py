"""A stencil draws the lines of a list as a loop would, and escapes what it fills in."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template

LINE = '<tr id="{{ one.id }}"><td>{{ one.name }}</td>{% if wide %}<td>{{ one.city }}</td>{% endif %}</tr>'
ROWS = [{"id": 1, "name": "Siti & Budi", "city": "<b>"}, {"id": 2, "name": "\x02city\x03", "city": ""}]


@pytest.mark.parametrize("wide", [True, False])
def test_it_says_what_a_loop_says(wide: bool) -> None:
    drawn = render("{% stencil rows as one %}" + LINE + "{% endstencil %}", rows=ROWS, wide=wide)

    assert drawn == render("{% for one in rows %}" + LINE + "{% endfor %}", rows=ROWS, wide=wide)
    assert "Siti &amp; Budi" in drawn
    assert ("&lt;b&gt;" in drawn) is wide


def test_values_that_are_tuples_are_looped_over() -> None:
    rows = [{"cells": (("num", "1"), ("", "<i>"))}, {"cells": (("num", "2"), ("wide", "x"))}]
    line = '{% for look, text in one.cells %}<td class="{{ look }}">{{ text }}</td>{% endfor %};'

    assert render("{% stencil rows as one %}" + line + "{% endstencil %}", rows=rows) == (
        '<td class="num">1</td><td class="">&lt;i&gt;</td>;<td class="num">2</td><td class="wide">x</td>;'
    )


def test_no_rows_are_no_lines() -> None:
    assert render("{% stencil rows as one %}" + LINE + "{% endstencil %}", rows=[]) == ""


def test_a_line_cannot_decide_by_the_value_of_a_row() -> None:
    with pytest.raises(TypeError, match="decide where the rows are made"):
        render("{% stencil rows as one %}{% if one.city %}x{% endif %}{% endstencil %}", rows=ROWS)


@pytest.mark.parametrize(
    "decides",
    [
        '{% if one.city == "x" %}x{% endif %}',
        '{% if one.city != "x" %}x{% endif %}',
        '{% if "x" in one.city %}x{% endif %}',
        '{% if one.city < "x" %}x{% endif %}',
        "{% if wide == one.city %}x{% endif %}",
        "{% if wide and not one.city %}x{% endif %}",
        "{% if one.city in wide %}x{% endif %}",
        "{{ one.name|upper }}",
        "{{ one.name|truncatechars:3 }}",
        "{{ one.name|default:'-' }}",
        "{{ one.name|length }}",
        "{{ one.name|add:'x' }}",
        "{{ one.name|date:'Y' }}",
        "{{ wide|default_if_none:one.name|add:one.name }}",
        "{% for text in one.cells %}{{ text|escapejs }}{% endfor %}",
        "{% with name=one.name|lower %}{{ name }}{% endwith %}",
    ],
)
def test_a_line_can_neither_compare_nor_change_the_value_of_a_row(decides: str) -> None:
    rows = [{**one, "cells": ("1",)} for one in ROWS]

    with pytest.raises(TypeError, match="decide where the rows are made"):
        render("{% stencil rows as one %}" + decides + "{% endstencil %}", rows=rows, wide="x")


def test_what_surrounds_a_row_is_changed_and_compared_as_ever() -> None:
    line = "{% if wide == 'x' %}{{ wide|upper }}{{ one.name }}{% endif %}{% if missing %}y{% endif %}"

    assert render("{% stencil rows as one %}" + line + "{% endstencil %}", rows=ROWS[:1], wide="x") == "XSiti &amp; Budi"


def test_text_of_the_page_is_never_taken_for_the_value_of_a_row() -> None:
    drawn = render("{% stencil rows as one %}{{ outer }}{{ one.id }}{% endstencil %}", rows=ROWS[:1], outer="\x02name\x03")

    assert drawn == "\x02name\x031"


def render(text: str, **context: Any) -> str:
    return Template(text).render(Context(context))
