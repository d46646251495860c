"""One cell of a workbook as a plain Python value, whichever library has read it."""

from datetime import datetime, time, timedelta

from akrab.platform.tabular.formulas import without_mark
from akrab.platform.tabular.sentences import TabularError, gettext_noop
from akrab.platform.tabular.sheet import Cell

_MIDNIGHT = time()


def plain_cell(value: Cell) -> Cell:
    """Blank text is None, text that a download made harmless (and a spreadsheet kept so) is as it was before,
    whole numbers are int, days without a time are dates."""
    if type(value) is str:
        return without_mark(value.replace("\x00", "")) if value and not value.isspace() else None
    if type(value) is float and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if type(value) is datetime and value.time() == _MIDNIGHT:
        return value.date()
    if isinstance(value, timedelta):
        return str(value)
    return value


def damaged(error: BaseException) -> TabularError:
    return TabularError(
        "damaged_workbook",
        gettext_noop("The workbook cannot be read (%(reason)s). Save it again as XLSX or CSV and choose that file."),
        reason=str(error)[:120] or type(error).__name__,
    )
