"""Deciding for every column how it is written: by the caller's answer, by its cells, by the columns beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from akrab.platform.tabular.conventions import Evidence, Verdict, judge
from akrab.platform.tabular.dates import parse_day
from akrab.platform.tabular.numbers import parse_decimal
from akrab.platform.tabular.sentences import Sentence, gettext_noop
from akrab.platform.tabular.sheet import Choice, Column, DateStyle, Notice, NumberStyle, Question, RowBatch, Sheet

FIRST_LOOK = 1000
LONG_LOOK = 200_000

NUMBER_NAMES: dict[str, str] = {
    "point": gettext_noop("The point is the decimal sign: 1,250.50"),
    "comma": gettext_noop("The comma is the decimal sign: 1.250,50"),
}
DATE_NAMES: dict[str, str] = {
    "day_first": gettext_noop("The day comes first: 31/12/2025"),
    "month_first": gettext_noop("The month comes first: 12/31/2025"),
    "year_first": gettext_noop("The year comes first: 25/12/31"),
    "excel": gettext_noop("Spreadsheet dates: days since 1900"),
    "compact": gettext_noop("Eight digits: 20251231"),
    "epoch": gettext_noop("Seconds since 1970"),
    "epoch_ms": gettext_noop("Milliseconds since 1970"),
    "iso": gettext_noop("These are no dates"),
}


def settle_columns(sheet: Sheet, batches: Iterable[RowBatch]) -> Sheet:
    """`batches` are the rows from the first one on; no more of them are taken than needed."""
    evidence = _look(batches, sheet)
    verdicts = [judge(found) for found in evidence]
    pairs = list(zip(verdicts, evidence, strict=True))
    told = [v.numbers for v, found in pairs if found.numbers["point"] or found.numbers["comma"]]
    numbers = _shared([style for style in told if style != "ask"])
    dates = _shared([v.dates for v in verdicts if v.kind in ("date", "moment") and v.dates in ("day_first", "month_first")])
    columns: list[Column] = []
    questions: list[Question] = []
    notices: list[Notice] = []
    for column, found, verdict in zip(sheet.columns, evidence, verdicts, strict=True):
        settled = _settle(column, found, verdict, sheet, numbers, dates)
        columns.append(settled)
        questions += _questions(settled, verdict)
        notices += _notices(settled, verdict, sheet)
    return replace(
        sheet,
        columns=tuple(columns),
        questions=(*sheet.questions, *questions),
        notices=(*sheet.notices, *notices),
    )


def _look(batches: Iterable[RowBatch], sheet: Sheet) -> list[Evidence]:
    """A look at the first rows; while a column stays open, a longer one, because files are often sorted by date."""
    names = [column.name for column in sheet.columns]
    evidence = [Evidence(name) for name in names]
    seen = 0
    watched = list(range(len(names)))
    for batch in batches:
        for index in watched:
            evidence[index].add(row[index] for row in batch.rows)
        seen += len(batch)
        watched = [index for index in watched if _is_open(judge(evidence[index]))]
        if not watched or seen >= LONG_LOOK:
            break
    return evidence


def _is_open(verdict: Verdict) -> bool:
    return bool(verdict.open_numbers or verdict.open_dates)


def _shared(styles: Sequence[str]) -> str | None:
    return styles[0] if styles and len(set(styles)) == 1 else None


def _settle(column: Column, found: Evidence, verdict: Verdict, sheet: Sheet, numbers: str | None, dates: str | None) -> Column:
    options = sheet.options
    number: NumberStyle = options.column_numbers.get(column.name) or options.numbers or verdict.numbers
    if number == "ask" and found.numbers[_other(numbers)] == 0:
        number = numbers or "ask"  # type: ignore[assignment]
    day: DateStyle = options.column_dates.get(column.name) or options.dates or verdict.dates
    if day == "ask" and verdict.open_dates == ("day_first", "month_first") and not _mixed(found):
        day = dates or "ask"  # type: ignore[assignment]
    confidence = verdict.confidence
    inferred = (bool(verdict.open_numbers) and number != verdict.numbers and not options.numbers) or (
        day != verdict.dates and not options.dates
    )
    if inferred and column.name not in options.column_numbers and column.name not in options.column_dates:
        confidence = min(confidence, 0.9)
    blanks = round(found.blank / found.total, 3) if found.total else 1.0
    return replace(column, kind=verdict.kind, confidence=confidence, numbers=number, dates=day, blanks=blanks)


def _other(style: str | None) -> str:
    return {"point": "comma", "comma": "point"}.get(style or "", "")


def _mixed(found: Evidence) -> bool:
    return bool(found.dates["day_first"] and found.dates["month_first"])


def _questions(column: Column, verdict: Verdict) -> list[Question]:
    questions = []
    if column.numbers == "ask" and verdict.open_numbers:
        text = gettext_noop("Which is the decimal sign in the column %(column)s?")
        choices = tuple(_number_choice(style, verdict.examples) for style in verdict.open_numbers)
        questions.append(_question("decimal_sign", "column_numbers", text, column, choices, verdict))
    if column.dates == "ask" and verdict.open_dates:
        text = gettext_noop("How are the dates written in the column %(column)s?")
        styles = verdict.open_dates if "day_first" in verdict.open_dates else (*verdict.open_dates, "iso")
        choices = tuple(_date_choice(style, verdict.examples) for style in styles)
        questions.append(_question("date_order", "column_dates", text, column, choices, verdict))
    return questions


def _question(code: str, option: str, text: str, column: Column, choices: tuple[Choice, ...], verdict: Verdict) -> Question:
    sentence = Sentence(text, {"column": column.name})
    return Question(code, option, sentence, choices, verdict.suggestion, column.name, verdict.examples)


def _number_choice(style: NumberStyle, examples: Sequence[str]) -> Choice:
    shows = ", ".join(f"{example} = {parse_decimal(example, style)}" for example in examples[:1])
    return Choice(style, Sentence(NUMBER_NAMES[style]), shows)


def _date_choice(style: DateStyle, examples: Sequence[str]) -> Choice:
    shows = ", ".join(f"{example} = {parse_day(example, style)}" for example in examples[:1]) if style != "iso" else ""
    return Choice(style, Sentence(DATE_NAMES[style]), shows)


def _notices(column: Column, verdict: Verdict, sheet: Sheet) -> list[Notice]:
    notices = []
    answered = sheet.options.numbers or column.name in sheet.options.column_numbers
    if verdict.open_numbers and column.numbers != "ask" and not answered:
        text = gettext_noop("The decimal sign of %(column)s is taken from the other columns.")
        notices.append(Notice("decimal_sign_from_others", Sentence(text, {"column": column.name}), column.name))
    dated = sheet.options.dates or column.name in sheet.options.column_dates
    if verdict.open_dates and column.dates != "ask" and not dated:
        text = gettext_noop("The date order of %(column)s is taken from the other columns.")
        notices.append(Notice("date_order_from_others", Sentence(text, {"column": column.name}), column.name))
    return notices
