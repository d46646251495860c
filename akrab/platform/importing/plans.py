"""The plan of one import: which column is which field, the settings, and how the file is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import Any

from django.utils.translation import gettext as _

from akrab.platform.importing.kinds import Columns, Kind, Preset
from akrab.platform.refusal import Explained, Refusal, source_text
from akrab.platform.tabular.inspection import inspect
from akrab.platform.tabular.matching import propose_mapping
from akrab.platform.tabular.sentences import Sentence, TabularError, gettext_noop
from akrab.platform.tabular.sheet import Options, Question, Sheet


class BadFile(Refusal):
    code = "bad_file"
    status = 422

    def __init__(self, problem: TabularError) -> None:
        self.problem = problem
        super().__init__()

    def __str__(self) -> str:
        return self.problem.sentence.translated()

    @property
    def sentence(self) -> Sentence:
        return self.problem.sentence


class BadMapping(Explained):
    """The chosen columns and settings do not fit the file or the kind."""

    code = "bad_mapping"
    status = 422


class QuestionsOpen(Refusal):
    """The file leaves something open that we do not guess."""

    code = "questions_open"
    status = 422

    def __init__(self, questions: tuple[Question, ...]) -> None:
        self.questions = questions
        super().__init__()

    @property
    def sentence(self) -> Sentence:
        text = gettext_noop("The file leaves something open: %(question)s")
        return Sentence(text, {"question": self.questions[0].sentence})

    def __str__(self) -> str:
        lines = [_("The file leaves something open. Answer with --set:")]
        for question in self.questions:
            name = question.option + (f".{question.column}" if question.column else "")
            lines.append(f"  {question.sentence.translated()}")
            for choice in question.choices:
                meaning = " · ".join(filter(None, (choice.label.translated(), choice.shows)))
                lines.append(f"    --set {quote(f'{name}={_SEPARATORS.get(choice.value, choice.value)}')}  {meaning}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Plan:
    """Columns by field (in the order of the file), settings by name, answers about the file."""

    columns: dict[str, list[str]]
    settings: dict[str, Any] = field(default_factory=dict)
    reading: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"columns": self.columns, "settings": self.settings, "reading": self.reading}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        return cls(dict(data.get("columns", {})), dict(data.get("settings", {})), dict(data.get("reading", {})))


_SEPARATORS = {"\t": "tab", " ": "space"}
_FILE_WORDS = {"decimal": "numbers", "dates": "dates"}


_SIGNS = {word: sign for sign, word in _SEPARATORS.items()}


def given_plan(mapping: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """A mapping file and answers such as `currency=IDR`, `dates=day_first` or `column_dates.Tanggal=day_first`.

    In a mapping file `columns` gives each column its field, `options` the settings and how the file is read.
    """
    reading: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    for name, value in {**mapping.get("options", {}), **answers}.items():
        option, _dot, column = _FILE_WORDS.get(name, name).partition(".")
        if option not in Options.__slots__:
            settings[name] = value
        elif column:
            reading.setdefault(option, {})[column] = value
        else:
            reading[option] = (
                int(value) if option == "header_row" else _SIGNS.get(value, value) if option == "delimiter" else value
            )
    return {"names": dict(mapping.get("columns", {})), "settings": settings, "reading": reading}


def look(path: Path, reading: Mapping[str, Any]) -> Sheet:
    """Inspect a file with the answers so far; a file that is no table is refused."""
    try:
        return inspect(path, options=Options.from_json(reading))
    except TabularError as problem:
        raise BadFile(problem) from problem


def plan_from_preset(kind: Kind, preset: Preset, sheet: Sheet, settings: Mapping[str, Any]) -> Plan:
    """The preset's columns as they are in this file; all of them must be there."""
    columns = fields_to_columns(kind, preset.columns, sheet)
    return complete(kind, Plan(columns, {**preset.settings, **settings}, sheet.options.to_json()))


def plan_from_names(kind: Kind, sheet: Sheet, settings: Mapping[str, Any]) -> Plan:
    """What the names and values of the columns say."""
    proposal = propose_mapping((*kind.more(), *kind.fields), sheet)
    return complete(kind, Plan(dict(proposal.columns), dict(settings), sheet.options.to_json()))


def plan_from_columns(kind: Kind, columns: Columns, sheet: Sheet, settings: Mapping[str, Any]) -> Plan:
    """A mapping file's choice."""
    chosen = fields_to_columns(kind, columns, sheet)
    return complete(kind, Plan(chosen, dict(settings), sheet.options.to_json()))


def fields_to_columns(kind: Kind, columns: Columns, sheet: Sheet) -> dict[str, list[str]]:
    """Turn column -> field(s) into field -> columns, refusing names that do not exist."""
    missing = [name for name in columns if name not in sheet.names]
    if missing:
        raise BadMapping(
            gettext_noop("The file has no column %(missing)s. It has: %(names)s."),
            missing=", ".join(missing),
            names=", ".join(sheet.names),
        )
    found: dict[str, list[str]] = {}
    for column, fields in columns.items():
        for name in [fields] if isinstance(fields, str) else fields:
            if name and name not in kind.field_names():
                raise BadMapping(
                    gettext_noop("There is no field %(field)s. Use: %(fields)s."),
                    field=name,
                    fields=", ".join(sorted(kind.field_names())),
                )
            if name:
                found.setdefault(name, []).append(column)
    return found


def names_of(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Turn field -> columns back into column -> field, or fields."""
    found: dict[str, list[str]] = {}
    for name, used in columns.items():
        for column in used:
            found.setdefault(column, []).append(name)
    return {column: fields[0] if len(fields) == 1 else fields for column, fields in found.items()}


def complete(kind: Kind, plan: Plan) -> Plan:
    """Fill in defaults of settings; refuse unknown ones and a mapping that lacks what the kind needs."""
    known = {choice.name: choice for choice in kind.settings}
    for name, value in plan.settings.items():
        if name not in known:
            raise BadMapping(gettext_noop("There is no setting %(name)s. Use: %(names)s."), name=name, names=", ".join(known))
        if not known[name].takes(str(value)):
            raise BadMapping(
                gettext_noop("%(value)s is not possible for %(name)s. Use: %(values)s."),
                value=str(value),
                name=name,
                values=", ".join(known[name].codes()),
            )
    settings = {name: choice.default for name, choice in known.items()} | plan.settings
    lacking = kind.needs(frozenset(plan.columns))
    if lacking:
        raise BadMapping(source_text(lacking))
    for name, choice in known.items():
        if choice.needed and not settings[name] and name not in plan.columns:
            raise BadMapping(source_text(choice.needed))
    return Plan(plan.columns, settings, plan.reading)


def refuse_open_questions(plan: Plan, sheet: Sheet) -> None:
    """Nothing is guessed silently: what is still open must be answered first."""
    used = {column for columns in plan.columns.values() for column in columns}
    questions = sheet.open_questions(used)
    if questions:
        raise QuestionsOpen(questions)
