"""Controls written without templates are, to the letter, those of Django's templates; so are icons and their component."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Engine, engines
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from akrab.platform.compiling import Loader
from akrab.platform.widgets import Renderer

NASTY = "\"><script>'&amp;"
CHOICES = [
    ("", "---"),
    (1000, "A thousand"),
    ("x", NASTY),
    (None, "None"),
    ("Group <b>", [("y", gettext_lazy("Name")), (NASTY, mark_safe("<i>safe</i>"))]),
]
ATTRS = {"class": "input", "required": True, "disabled": False, "data-x": NASTY, "maxlength": 1000, "min": 0}
CASES: list[tuple[forms.Widget, list[object]]] = [
    (forms.TextInput(ATTRS), ["", None, NASTY, 1234567, "1,5", mark_safe("<b>")]),
    (forms.NumberInput(ATTRS), [None, 0, 12345, Decimal("1234.50"), "abc"]),
    (forms.EmailInput(), ["a@b.example"]),
    (forms.URLInput(), ["https://a.example/?a=1&b=2"]),
    (forms.PasswordInput(render_value=True), [NASTY]),
    (forms.PasswordInput(), [NASTY]),
    (forms.HiddenInput(), [NASTY, None]),
    (forms.DateInput(attrs={"type": "date"}), [date(2026, 3, 1), "2026-03-01", None]),
    (forms.DateTimeInput(), [datetime(2026, 3, 1, 12, 30)]),
    (forms.TimeInput(), [time(12, 30)]),
    (forms.CheckboxInput(ATTRS), [True, False, None, "yes", 7]),
    (forms.FileInput(ATTRS), [None]),
    (forms.Textarea(ATTRS), ["", None, NASTY, "two\nlines"]),
    (forms.Select(ATTRS, CHOICES), ["", None, "x", 1000, NASTY]),
    (forms.SelectMultiple(ATTRS, CHOICES), [[], ["x", "y"]]),
    (forms.RadioSelect(ATTRS, CHOICES), ["x"]),
    (forms.CheckboxSelectMultiple(ATTRS, CHOICES), [["x", "y"]]),
]


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(("widget", "values"), CASES, ids=lambda one: type(one).__name__)
def test_a_control_is_what_the_template_prints(widget: forms.Widget, values: list[object], language: str) -> None:
    with translation.override(language):
        for value in values:
            quick = widget.render("field <1>", value, {"id": "id_field"}, Renderer())
            assert quick == widget.render("field <1>", value, {"id": "id_field"}, DjangoTemplates())


@pytest.mark.parametrize(
    "icon",
    [
        '<c-ui.icon name="search" />',
        '<c-ui.icon name="{{ entry.icon }}" size="text-xl" />',
        '<c-ui.icon name="x" label="{% translate \'Close\' %}" />',
        "<c-ui.icon name=\"{% if entry.icon == 'home' %}building{% else %}user{% endif %}\" />",
        '<c-ui.icon name="x" label="{{ nothing }}" />',
    ],
)
def test_an_icon_drawn_when_compiled_is_what_its_component_renders(icon: str) -> None:
    engine = engines["django"]
    loader = Loader(Engine.get_default())

    drawn = engine.from_string(loader.cotton_compiler.process(icon)).render({"entry": {"icon": 'home">'}})

    plain = super(type(loader.cotton_compiler), loader.cotton_compiler).process(icon)
    assert drawn == engine.from_string(plain).render({"entry": {"icon": 'home">'}})
