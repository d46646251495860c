"""Shape of what the settings page of custom fields sends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akrab.platform.customizing.declaring import all_customizable, customizable_named
from akrab.platform.customizing.fields import Custom, custom_fields
from akrab.platform.customizing.formulas import FUNCTIONS, names_of_inputs
from akrab.platform.customizing.models import CustomField
from akrab.platform.customizing.rollups import offered
from akrab.platform.customizing.widgets import posted
from akrab.platform.operations.custom_fields import DEFAULTED, UNIQUE, ChoiceWords, FieldWords


class FieldForm(forms.Form):
    """A definition of one type; what does not belong to the type is left out."""

    title_en = forms.CharField(label=_("Name"), max_length=80)
    title_id = forms.CharField(
        label=_("Name in Bahasa Indonesia"), max_length=80, required=False, help_text=_("Shown to those who read Indonesian.")
    )
    key = forms.RegexField(
        r"^[a-z][a-z0-9_]*$",
        label=_("Key"),
        max_length=40,
        required=False,
        help_text=_("Its word in addresses, files and programs; it never changes. Left empty, it is made of the name."),
    )
    choices = forms.CharField(
        label=_("Choices"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One on each line; behind a | its name in Bahasa Indonesia. A line that you take away is retired."),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    target = forms.ChoiceField(label=_("Links to"))
    formula = forms.CharField(
        label=_("Formula"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
    )
    rollup = forms.ChoiceField(label=_("What is rolled up"))
    default = forms.CharField(
        label=_("Default"), max_length=300, required=False, help_text=_("What a new record has when nobody says otherwise.")
    )
    help_text = forms.CharField(label=_("Help"), max_length=300, required=False, help_text=_("Shown under the field."))
    group = forms.CharField(
        label=_("Group"), max_length=80, required=False, help_text=_("Fields of one group stand together under this heading.")
    )
    position = forms.IntegerField(label=_("Place"), min_value=0, max_value=10_000, required=False, initial=0)
    is_required = forms.BooleanField(label=_("Must be filled in"), required=False)
    is_unique = forms.BooleanField(label=_("No two records have the same"), required=False)
    is_searchable = forms.BooleanField(
        label=_("Quick to filter and sort"),
        required=False,
        help_text=_("Keeps an index, built in the background; worth it from some ten thousand records."),
    )

    def __init__(self, *arguments: Any, object: str, kind: str, is_new: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        fields: dict[str, Any] = self.fields
        kept = {
            "key": is_new,
            "choices": kind in {"choice", "choices"},
            "currency": kind == "money" and is_new,
            "target": kind == "link" and is_new,
            "formula": kind == "formula",
            "rollup": kind == "rollup" and is_new,
            "default": kind in DEFAULTED,
            "is_required": kind in DEFAULTED - {"boolean"} or kind in {"person", "link"},
            "is_unique": kind in UNIQUE,
            "is_searchable": kind != "long",
        }
        for name in [name for name, is_kept in kept.items() if not is_kept]:
            fields.pop(name)
        if "target" in fields:
            fields["target"].choices = [(one.name, one.title) for one in all_customizable()]
        if "formula" in fields:
            inputs = names_of_inputs(customizable_named(object), {one.key: one for one in custom_fields(object)})
            said = ", ".join(f"{name} ({title})" for name, title in inputs)
            help_text = _("Uses + - * / comparisons, and, or, not. Fields: %(fields)s. Functions: %(functions)s.")
            fields["formula"].help_text = help_text % {"fields": said, "functions": ", ".join(FUNCTIONS)}
        if "rollup" in fields:
            fields["rollup"].choices = offered(object)
        self.kind = kind

    def words(self) -> FieldWords:
        """What was said."""
        clean = {name: value for name, value in self.cleaned_data.items() if name != "choices"}
        clean["position"] = clean.get("position") or 0
        lines = str(self.cleaned_data.get("choices", "")).splitlines()
        return FieldWords(type=self.kind, choices=[one for line in lines if (one := _choice(line))], **clean)


def _choice(line: str) -> ChoiceWords | None:
    english, _bar, indonesian = line.partition("|")
    return ChoiceWords(english.strip(), indonesian.strip()) if english.strip() else None


def beginning(field: CustomField) -> dict[str, Any]:
    """What the form of a definition begins with."""
    values = {name: getattr(field, name) for name in FieldForm.base_fields if hasattr(field, name)}
    custom = Custom(field.pk, field.object, field.key, field.type, field.title_en, options=field.options)
    open_ = [one for one in custom.choices if not one.is_retired]
    values["choices"] = "\n".join(f"{one.title_en} | {one.title_id}" if one.title_id else one.title_en for one in open_)
    values["currency"] = custom.currency
    values["formula"] = field.options.get("formula", "")
    if custom.default is not None:
        values["default"] = "; ".join(posted(custom, custom.default))
    return values
