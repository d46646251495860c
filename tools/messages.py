"""Texts in two languages: gather them from code and templates, keep the Indonesian file complete, compile it.

python -m tools.messages update    # add new texts, drop those that are gone
python -m tools.messages missing   # what still waits for a translation
python -m tools.messages compile   # the .mo file that the server reads
python -m tools.messages check     # fails on missing, fuzzy or stale texts, or placeholders that differ
"""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent / "akrab"
FILE = ROOT / "locale" / "id" / "LC_MESSAGES" / "django.po"
HEADER = "# Akrab in Bahasa Indonesia."
KEYWORDS = {
    "_": None,
    "_t": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# The file carries no clock, so that two people who add texts do not collide on its header.
BORN = datetime(2026, 11, 22, tzinfo=UTC)

Text = tuple[str | tuple[str, ...], str | None]


def gathered() -> Catalog:
    """Every text of the product, from Python and templates."""
    catalog = dressed(Catalog(locale="id"))
    for source in sorted([*ROOT.rglob("*.py"), *ROOT.rglob("templates/**/*.html")]):
        if "tests" in source.parts or "migrations" in source.parts:
            continue
        for message, context in texts_of(source):
            catalog.add(message, context=context)
    return catalog


def texts_of(source: Path) -> list[Text]:
    """The texts of one file; a template is first turned into the calls that it makes."""
    words = source.read_text(encoding="utf-8")
    if source.suffix == ".html":
        calls = templatize(words, origin=str(source))
        words = "\n".join(line.strip() for line in calls.splitlines())
    found = extract("python", io.BytesIO(words.encode()), keywords=KEYWORDS)
    return [(message, context) for _line, message, _comments, context in found if message]


def kept() -> Catalog:
    """The translations as they are on disk."""
    if not FILE.exists():
        return dressed(Catalog(locale="id"))
    with FILE.open("rb") as file:
        return dressed(read_po(file, locale="id", domain="django"))


def dressed(catalog: Catalog) -> Catalog:
    """The file's header: one plural form, as Indonesian has, and nothing that changes by the day."""
    catalog.header_comment, catalog.fuzzy = HEADER, False
    catalog.project, catalog.version, catalog.msgid_bugs_address = "Akrab", "1", ""
    catalog.last_translator, catalog.language_team = "Akrab", "Akrab"
    catalog.creation_date = catalog.revision_date = BORN
    catalog._num_plurals, catalog._plural_expr = 1, "0"  # type: ignore[assignment]
    return catalog


def update() -> None:
    catalog = kept()
    catalog.update(gathered(), no_fuzzy_matching=True)
    dressed(catalog)
    catalog.obsolete.clear()
    FILE.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalog, no_location=True, sort_output=True, width=110)
    FILE.write_bytes(buffer.getvalue())


def compile_catalog() -> None:
    with FILE.with_suffix(".mo").open("wb") as file:
        write_mo(file, kept())


def problems() -> list[str]:
    """Why the translations are not complete."""
    wanted = {_key(message) for message in gathered() if message.id}
    have = {_key(message): message for message in kept() if message.id}
    found = [f"not in the file: {key}" for key in sorted(wanted - have.keys(), key=str)]
    found += [f"no longer used: {key}" for key in sorted(have.keys() - wanted, key=str)]
    for key, message in have.items():
        found += [f"{reason}: {key}" for reason in _faults(message)]
    return found


def _key(message: Message) -> tuple[object, object]:
    return message.id, message.context


def _faults(message: Message) -> list[str]:
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if not all(strings):
        return ["not translated"]
    faults = ["fuzzy"] if message.fuzzy else []
    wanted = set(PLACEHOLDER.findall(ids[-1]))
    if any(set(PLACEHOLDER.findall(words)) != wanted for words in strings):
        faults.append("placeholders differ")
    return faults


def missing() -> list[str]:
    return [str(message.id) for message in kept() if message.id and "not translated" in _faults(message)]


def main(command: str) -> int:
    settings.configure(USE_I18N=True)
    if command == "update":
        update()
    elif command == "compile":
        compile_catalog()
    elif command in {"missing", "check"}:
        found = missing() if command == "missing" else problems()
        print("\n".join(found) or "complete")
        return 1 if found else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
