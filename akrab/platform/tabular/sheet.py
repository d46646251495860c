"""What is known about a file before its rows are read, and the rows in batches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from akrab.platform.tabular.sentences import Sentence

Cell = Any
Row = tuple[Cell, ...]

Format = Literal["csv", "tsv", "workbook", "ndjson", "parquet", "vcard"]
ColumnKind = Literal["text", "integer", "decimal", "date", "moment", "boolean", "email", "phone", "blank"]
NumberStyle = Literal["point", "comma", "ask"]
DateStyle = Literal["iso", "day_first", "month_first", "year_first", "compact", "excel", "excel_1904", "epoch", "epoch_ms", "ask"]


@dataclass(frozen=True, slots=True)
class Options:
    """Answers of the caller; each settles a question. Per-column answers are keyed by column name."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    short_rows: Literal["refuse", "pad"] = "refuse"
    numbers: NumberStyle | None = None
    dates: DateStyle | None = None
    column_numbers: Mapping[str, NumberStyle] = field(default_factory=dict)
    column_dates: Mapping[str, DateStyle] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Only what was answered, ready for a JSON column."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in values.items()
            if value not in (None, {}) and (name, value) != ("short_rows", "refuse")
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Options":
        """Unknown keys are ignored, so that old saved answers stay readable."""
        return cls(**{name: value for name, value in data.items() if name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer; `shows` is what the sample would mean under it."""

    value: Any
    label: Sentence
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Something the file leaves open. `option` (and `column`) name the field of Options that settles it."""

    code: str
    option: str
    sentence: Sentence
    choices: tuple[Choice, ...]
    suggestion: Any = None
    column: str | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person should know, which needs no answer."""

    code: str
    sentence: Sentence
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its unique name, what its sample looks like, and how its numbers and dates are written.

    A style of "ask" reads whatever has one meaning only; it needs no answer unless a question of the sheet says so."""

    index: int
    name: str
    original: str
    kind: ColumnKind = "text"
    confidence: float = 0.0
    numbers: NumberStyle = "point"
    dates: DateStyle = "iso"
    blanks: float = 0.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The result of looking at a file: everything needed to read it, and what is still open."""

    format: Format
    suffix: str
    columns: tuple[Column, ...]
    options: Options
    size: int = 0
    encoding: str | None = None
    encoding_confidence: float = 1.0
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    dialect_confidence: float = 1.0
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    header_row: int | None = 1
    header_confidence: float = 1.0
    first_row: int = 2
    preamble: tuple[Row, ...] = ()
    sample: tuple[Row, ...] = ()
    sample_numbers: tuple[int, ...] = ()
    row_count: int | None = None
    flawed: frozenset[str] = frozenset()
    other_encodings: tuple[str, ...] = ()
    other_delimiters: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def open_questions(self, used: Iterable[str] | None = None) -> tuple[Question, ...]:
        """Questions about the file, and about the columns that are going to be used."""
        wanted = None if used is None else set(used)
        return tuple(q for q in self.questions if q.column is None or wanted is None or q.column in wanted)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why one row cannot be used, or (as a notice of a batch) what is odd about a row that can."""

    number: int
    code: str
    sentence: Sentence
    cells: Row = ()


@dataclass(slots=True)
class RowBatch:
    """Some rows in the order of the file. Good rows, bad rows and blank rows add up to the rows read."""

    numbers: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    notices: list[RowProblem] = field(default_factory=list)
    blank: int = 0

    def __len__(self) -> int:
        return len(self.rows) + len(self.problems) + self.blank
