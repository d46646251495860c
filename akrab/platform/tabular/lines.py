"""Lines of a text file of any size, each with a limit, so that memory stays constant."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from akrab.platform.tabular.sentences import TabularError, gettext_noop

LINE_LIMIT = 4 * 1024 * 1024


def open_lines(path: Path, encoding: str) -> Iterator[str]:
    """Undecodable bytes arrive as surrogates or U+FFFD; the reader of rows reports them."""
    errors = "replace" if encoding.replace("_", "-").startswith(("utf-16", "utf-32")) else "surrogateescape"
    with closing(path.open(encoding=encoding, errors=errors, newline="")) as file:
        for line in iter(partial(file.readline, LINE_LIMIT), ""):
            if len(line) >= LINE_LIMIT:
                raise TabularError(
                    "line_too_long",
                    gettext_noop(
                        "A line is longer than %(limit)s characters. The file is probably not a table, or its line "
                        "ends are missing."
                    ),
                    limit=LINE_LIMIT,
                )
            yield line


def is_undecoded(text: str) -> bool:
    """Whether some bytes of this text could not be decoded."""
    return not text.isascii() and any(char == "\ufffd" or "\ud800" <= char <= "\udfff" for char in text)
