"""Telling what a file is, by what is in it first and by its name second."""

import zipfile
from pathlib import Path

from akrab.platform.tabular.sentences import TabularError, gettext_noop
from akrab.platform.tabular.sheet import Format

HEAD = 8192
UNPACKED_LIMIT = 4 * 1024**3
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = {
    b"%PDF": "PDF",
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!": "RAR",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"SQLite format 3": "SQLite",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"(\xb5/\xfd": "zstd",
    b"ARROW1": "Arrow",
    b"ORC": "ORC",
    b"Obj\x01": "Avro",
    b"{\\rtf": "RTF",
}
_DBASE_TYPES = frozenset(b"\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\xcb\xf5")


def detect_format(path: Path, kind_hint: str | None = None) -> Format:
    """Raises TabularError for what cannot be read as a table. A text table is "csv" until its delimiter is known."""
    head = read_head(path)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise TabularError("empty_file", gettext_noop("The file is empty. Choose a file with at least one row."))
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_format(path)
    if head.startswith(_OLE):
        return "workbook"
    for magic, name in _FOREIGN.items():
        if head.startswith(magic) and (len(magic) > 3 or b"\x00" in head or magic in (b"BZh", b"\x1f\x8b")):
            raise _foreign(name)
    if _is_dbase(head, path):
        raise _foreign("dBASE")
    return _text_format(head, path, kind_hint)


def read_head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise TabularError(
            "unreadable_file",
            gettext_noop("The file cannot be opened: %(reason)s."),
            reason=error.strerror or str(error),
        ) from error


def _zip_format(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            is_document = "mimetype" in names and b"spreadsheet" in archive.read("mimetype")[:200]
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, EOFError) as error:
        raise TabularError(
            "damaged_archive",
            gettext_noop("The workbook is damaged and cannot be opened. Save it again in its program and choose it once more."),
        ) from error
    if not (is_document or any(name.startswith("xl/") for name in names)):
        raise TabularError(
            "zip_archive",
            gettext_noop("This is a ZIP archive (files in it: %(count)s). Unpack it and choose one of the files."),
            count=len(names),
        )
    if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise TabularError(
            "workbook_too_large",
            gettext_noop("The workbook unpacks to more than 4 GB. Save the sheet as CSV and choose that file."),
        )
    return "workbook"


def _is_dbase(head: bytes, path: Path) -> bool:
    looks_like_header = len(head) > 32 and head[0] in _DBASE_TYPES and 1 <= head[2] <= 12 and 1 <= head[3] <= 31
    return looks_like_header and (path.suffix.lower() == ".dbf" or b"\x00\x00\x00\x00" in head[:32])


def _text_format(head: bytes, path: Path, kind_hint: str | None) -> Format:
    start = plain_start(head)
    lowered = start[:2000].lower()
    suffix = path.suffix.lower()
    if lowered.startswith("begin:vcard") or "\nbegin:vcard" in lowered:
        return "vcard"
    if lowered.startswith("<") and _is_markup(lowered):
        raise TabularError(
            "markup",
            gettext_noop("This is a web page or XML document, even if it is named %(suffix)s. Open it in a spreadsheet "
                 "program, save it as XLSX or CSV, and choose that file."),
            suffix=suffix or "-",
        )  # fmt: skip
    if start.startswith("{") and (suffix in {".ndjson", ".jsonl", ".json"} or _json_line(start)):
        return "ndjson"
    if start.startswith("[") and suffix in {".json", ".ndjson", ".jsonl"}:
        raise TabularError(
            "json_document",
            gettext_noop("This is one JSON list. Give one JSON object per line (NDJSON) instead."),
        )
    if suffix == ".vcf" or kind_hint == "vcard":
        raise TabularError("no_cards", gettext_noop("There is no vCard in this file: a card begins with BEGIN:VCARD."))
    return "csv"


def plain_start(head: bytes) -> str:
    """The beginning as text, good enough to recognize keywords in it."""
    for mark_bytes, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark_bytes):
            return head.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    if head[1:2] == b"\x00" or head[:1] == b"\x00":
        return head.replace(b"\x00", b"").decode("latin-1").lstrip()
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip()


def _is_markup(lowered: str) -> bool:
    tags = ("<html", "<!doctype", "<?xml", "<table", "<head", "<body", "<!--", "<meta", "<style", "<div", "<workbook")
    return any(tag in lowered for tag in tags)


def _json_line(start: str) -> bool:
    first = start.split("\n", 1)[0].strip()
    return first.endswith("}") and ":" in first and first[1:].lstrip()[:1] in {'"', "}"}


def _foreign(name: str) -> TabularError:
    return TabularError(
        "not_a_table",
        gettext_noop("This is a %(name)s file, not a table. Choose a CSV, TSV, XLSX, ODS, NDJSON, Parquet or vCard file."),
        name=name,
    )
