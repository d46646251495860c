"""What a person sees and chooses before an import: columns with examples, questions, settings."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from akrab.platform.actor import Actor
from akrab.platform.filing import located
from akrab.platform.importing.kinds import Choice, Kind, OfferGroup, kind_named
from akrab.platform.importing.plans import Plan, look, names_of, plan_from_columns, plan_from_preset
from akrab.platform.models import Import
from akrab.platform.refusal import Refusal
from akrab.platform.tabular.matching import propose_mapping
from akrab.platform.tabular.sentences import gettext_noop
from akrab.platform.tabular.settling import DATE_NAMES, NUMBER_NAMES
from akrab.platform.tabular.sheet import Sheet
from akrab.platform.tabular.truths import as_text

_FORMATS = {
    "csv": gettext_noop("Text table (CSV)"), "tsv": gettext_noop("Text table with tabs (TSV)"),
    "workbook": gettext_noop("Spreadsheet"), "ndjson": gettext_noop("JSON lines"), "parquet": "Parquet",
    "vcard": gettext_noop("Address cards (vCard)"),
}  # fmt: skip
_FOR_ALL = {
    "dates": (DATE_NAMES, ("day_first", "month_first", "year_first")),
    "numbers": (NUMBER_NAMES, ("point", "comma")),
}
_EXAMPLES = 3
_ROWS = 6

Options = list[tuple[str, str | Promise]]


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of the file, what its cells look like, and the field proposed or chosen for it."""

    place: int
    name: str
    examples: str
    field: str


@dataclass(frozen=True, slots=True)
class QuestionChoice:
    """Something that the file leaves open, with its possible answers; nothing is chosen beforehand."""

    name: str
    text: str
    answers: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class SettingChoice:
    """A setting of the whole import: a list to choose from, a text to type, or a list with a field for a new value."""

    name: str
    label: str | Promise
    value: str
    groups: Sequence[OfferGroup] = ()
    new: str | Promise = ""
    beside: Sequence[SettingChoice] = ()
    is_rare: bool = False

    @property
    def is_new(self) -> bool:
        """Whether the value is none that is offered."""
        return bool(self.value) and not any(self.value == code for group in self.groups for code, _words in group.offers)

    @property
    def has_offers(self) -> bool:
        return any(code for group in self.groups for code, _words in group.offers)


@dataclass(frozen=True, slots=True)
class ReadingChoice:
    """How all columns are written, for when looking at them does not tell it, or tells it wrong."""

    name: str
    label: str
    value: str
    offers: Options


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on the page on which an import is decided."""

    columns: list[ColumnChoice]
    questions: list[QuestionChoice]
    settings: list[SettingChoice]
    readings: list[ReadingChoice]
    fields: Options
    facts: list[tuple[str, str]]
    names: list[str]
    rows: list[tuple[int, list[str]]]
    problem: str
    notices: list[str]

    @property
    def is_ready(self) -> bool:
        return not self.questions and not self.problem


def desk_of(run: Import, *, by: Actor) -> Desk:
    """Look at the file of a draft with the choices made so far; a file that is no table is refused."""
    kind = kind_named(run.kind)
    preset = kind.preset(run.preset) if run.preset else None
    given = run.mapping or {}
    with tempfile.TemporaryDirectory(prefix="akrab-look-") as folder:
        path = located(run.file_path)
        if preset is not None:
            preset = (preset.narrow(path) if preset.narrow else None) or preset
            path = preset.prepare(path, Path(folder)) if preset.prepare else path
        reading = {**(preset.reading if preset else {}), **given.get("reading", {})}
        sheet = look(path, reading)
    proposed = propose_mapping((*kind.more(), *kind.fields), sheet)
    by_column = {match.column: match.field for match in proposed.matches}
    problem, plan = "", None
    try:
        if names := given.get("names") or names_of(given.get("columns", {})):
            by_column = {column: name if isinstance(name, str) else name[0] for column, name in names.items()}
            plan = plan_from_columns(kind, names, sheet, given.get("settings", {}))
        elif preset is not None:
            by_column = {c: f if isinstance(f, str) else f[0] for c, f in preset.columns.items()}
            plan = plan_from_preset(kind, preset, sheet, given.get("settings", {}))
        else:
            plan = plan_from_columns(kind, by_column, sheet, given.get("settings", {}))
    except Refusal as refusal:
        problem = str(refusal)
    return Desk(
        columns=[
            ColumnChoice(column.index, column.name, _examples(sheet, column.index), by_column.get(column.name, ""))
            for column in sheet.columns
        ],
        questions=_questions(sheet, plan),
        settings=_settings(kind, plan, given, preset.settings if preset else {}, by=by),
        readings=_readings(reading),
        fields=[("", _("leave out")), *((one.name, one.label) for one in kind.all_fields)],
        facts=_facts(sheet),
        names=list(sheet.names),
        rows=[
            (number, [as_text(cell)[:60] for cell in row])
            for number, row in list(zip(sheet.sample_numbers, sheet.sample, strict=False))[:_ROWS]
        ],
        problem=problem,
        notices=[notice.sentence.translated() for notice in sheet.notices],
    )


def chosen(run: Import, posted: Mapping[str, str]) -> dict[str, Any]:
    """The mapping that a posted form says, on top of what was answered before."""
    kind = kind_named(run.kind)
    preset = kind.preset(run.preset) if run.preset else None
    reading: dict[str, Any] = dict((run.mapping or {}).get("reading", {}))
    names = {name.removeprefix("column."): value for name, value in posted.items() if name.startswith("column.") and value}
    for option in _FOR_ALL:
        said = posted.get(f"answer.{option}", reading.get(option, ""))
        if said != reading.pop(option, ""):
            reading.pop(f"column_{option}", None)
    for name, value in posted.items():
        if not name.startswith("answer.") or not value:
            continue
        option, _dot, column = name.removeprefix("answer.").partition(".")
        answer: Any = int(value) if option == "header_row" else value
        if column:
            reading.setdefault(option, {})[column] = answer
        else:
            reading[option] = answer
    settings = kind.on_page()
    settings |= {name.removeprefix("setting."): value.strip() for name, value in posted.items() if name.startswith("setting.")}
    settings |= {
        name.removeprefix("new."): value.strip() for name, value in posted.items() if name.startswith("new.") and value.strip()
    }
    if preset is not None and not any(name.startswith("column.") for name in posted):
        names = {}
    return {"names": _with_twins(names, preset.columns if preset else {}), "settings": settings, "reading": reading}


def _with_twins(names: dict[str, str], columns: Mapping[str, Any]) -> dict[str, Any]:
    """A preset may give one column two fields; the form shows the first, and both stay as long as it does."""
    return {
        column: columns[column] if not isinstance(columns.get(column, ""), str) and columns[column][0] == name else name
        for column, name in names.items()
    }


def _examples(sheet: Sheet, index: int) -> str:
    seen: dict[str, None] = {}
    for row in sheet.sample:
        text = as_text(row[index])[:40] if index < len(row) else ""
        if text:
            seen.setdefault(text)
        if len(seen) == _EXAMPLES:
            break
    return " · ".join(seen)


def _questions(sheet: Sheet, plan: Plan | None) -> list[QuestionChoice]:
    used = None if plan is None else {column for columns in plan.columns.values() for column in columns}
    return [
        QuestionChoice(
            f"answer.{question.option}" + (f".{question.column}" if question.column else ""),
            question.sentence.translated(),
            [(str(choice.value), choice.label.translated(), choice.shows) for choice in question.choices],
        )
        for question in sheet.open_questions(used)
    ]


def _readings(reading: Mapping[str, Any]) -> list[ReadingChoice]:
    labels = {"dates": _("How dates are written"), "numbers": _("How numbers are written")}
    return [
        ReadingChoice(
            f"answer.{option}",
            labels[option],
            str(reading.get(option) or ""),
            [("", _("As each column shows it")), *((style, _(names[style])) for style in styles)],
        )
        for option, (names, styles) in _FOR_ALL.items()
    ]


def _settings(
    kind: Kind, plan: Plan | None, given: Mapping[str, Any], preset: Mapping[str, Any], *, by: Actor
) -> list[SettingChoice]:
    values = {**preset, **given.get("settings", {}), **(plan.settings if plan else {})}

    def shown(one: Choice) -> SettingChoice:
        value = str(values.get(one.name) or one.default or one.usual())
        offers = one.offers(by) if one.offers else [OfferGroup("", one.values)] if one.values else []
        beside = [shown(other) for other in kind.settings if other.beside == one.name]
        return SettingChoice(one.name, one.label, value, offers, one.new, beside, one.rare)

    return [shown(one) for one in kind.settings if not one.beside]


def _facts(sheet: Sheet) -> list[tuple[str, str]]:
    separators = {"\t": _("tab"), ",": _("comma"), ";": _("semicolon"), "|": _("vertical bar"), " ": _("space")}
    found: list[tuple[str, str]] = [(_("Format"), _(_FORMATS.get(sheet.format, sheet.format)))]
    if sheet.encoding:
        found.append((_("Characters"), sheet.encoding.upper()))
    if sheet.delimiter:
        found.append((_("Separator"), separators.get(sheet.delimiter, sheet.delimiter)))
    if sheet.sheet:
        found.append((_("Sheet"), sheet.sheet))
    if sheet.format in {"csv", "tsv", "workbook"}:
        found.append((_("Names in row"), str(sheet.header_row) if sheet.header_row else _("none")))
    found.append((_("Columns"), str(len(sheet.columns))))
    return found
