"""Finding out how the bytes of a text file stand for letters, over the whole file."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from akrab.platform.tabular.sentences import TabularError, gettext_noop

CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = {"cp1252", "latin_1", "iso8859_15", "cp1250", "iso8859_2", "cp1254", "iso8859_9", "cp1257", "iso8859_3",
            "iso8859_13", "iso8859_10", "iso8859_14", "iso8859_4", "iso8859_16", "cp1258", "mac_roman", "mac_turkish",
            "mac_iceland", "mac_latin2", "hp_roman8"}  # fmt: skip
_UNDEFINED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_USUAL_LETTERS = frozenset("äöüßéèêëçàâîïôûñáíóúãõåæœÄÖÜÉÈÀÇÑÁÍÓÚÅÆØ")
_RARE_LETTERS = frozenset("ìòùøýÿšžðþÂÃÊËÌÎÏÒÔÕŒÙÛÝŠŽ")
_WESTERN_SIGNS = frozenset("€£¥§©®°±²³µ·¼½¾«»¿¡ªº‘’“”„–—…•™†‡‰‹›\xa0×÷´¨¬¢")


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec, how sure it is, what else is possible, and the flaws met on the way."""

    name: str
    confidence: float
    others: tuple[str, ...] = ()
    flaws: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Scan:
    plain: bool
    bad: int
    nulls: int


def detect_encoding(path: Path, wanted: str | None = None) -> Encoding:
    """Reads the whole file once. `wanted` is taken as it is; only its flaws are counted."""
    if wanted is not None:
        name = _with_byte_order(path, known_codec(wanted))
        return Encoding(name, 1.0, (), _flaws(_scan(path, name)))
    with path.open("rb") as file:
        head = file.read(CHUNK)
    for mark_bytes, name in _MARKS:
        if head.startswith(mark_bytes):
            return Encoding(name, 1.0, (), _flaws(_scan(path, name)))
    if wide := _unmarked_utf16(head):
        return Encoding(wide, 0.9, (), _flaws(_scan(path, wide)))
    scan = _scan(path, "utf-8")
    if not scan.bad:
        return Encoding("utf-8", 1.0 if not scan.plain else 0.99, (), _flaws(scan))
    return _not_utf8(path, scan)


def _with_byte_order(path: Path, name: str) -> str:
    """UTF-16 and UTF-32 without a mark at the beginning need to be told which byte comes first."""
    if name not in ("utf-16", "utf-32"):
        return name
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return name
    return _unmarked_utf16(head) or "utf-16-le" if name == "utf-16" else "utf-32-le"


def known_codec(name: str) -> str:
    """The codec of this name; refuses names that Python reads but that are no text encodings."""
    try:
        "".encode(name)
        b"".decode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError, TypeError) as error:
        raise TabularError(
            "unknown_encoding",
            gettext_noop("There is no encoding named %(name)s. Try utf-8, utf-16 or windows-1252."),
            name=name,
        ) from error


def _flaws(scan: _Scan) -> frozenset[str]:
    found = {"undecodable": scan.bad, "nulls": scan.nulls}
    return frozenset(name for name, count in found.items() if count)


def _scan(path: Path, encoding: str) -> _Scan:
    """Counts places that do not decode and NUL characters; constant memory."""
    bad, nulls, plain = 0, 0, True
    decoder = codecs.getincrementaldecoder(encoding)("akrab_count")
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                text = decoder.decode(chunk)
                plain = plain and text.isascii()
                bad += text.count("\udcff")
                nulls += text.count("\x00")
        bad += decoder.decode(b"", final=True).count("\udcff")
    except UnicodeError as error:
        raise TabularError(
            "other_encoding",
            gettext_noop("The file is not written in %(name)s. Choose another encoding."),
            name=encoding,
        ) from error
    return _Scan(plain, bad, nulls)


def _mark_bad(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", max(error.end, error.start + 1)


codecs.register_error("akrab_count", _mark_bad)


def _unmarked_utf16(head: bytes) -> str | None:
    """Latin text in UTF-16 has a zero in nearly every second byte."""
    sample = head[:4096]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0) / len(sample[0::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.7 and even < 0.1:
        return "utf-16-le"
    if even > 0.7 and odd < 0.1:
        return "utf-16-be"
    return None


def _not_utf8(path: Path, scan: _Scan) -> Encoding:
    sample, lines = _telling_lines(path)
    broken = sum(1 for line in lines if not _decodes(line, "utf-8"))
    if lines and broken <= len(lines) * 0.05 and len(lines) >= 10:
        return Encoding("utf-8", 0.8, ("cp1252",), _flaws(scan))
    western = "cp1252" if not _UNDEFINED_1252.search(sample) else "latin-1"
    fitness = _western_fitness(sample.decode(western))
    guesses = _guesses(sample)
    foreign = tuple(name for name in guesses if name not in _WESTERN)
    scan_flawed = bool(_scan(path, western).bad)
    if fitness >= 0.6 and (not foreign or guesses[0] in _WESTERN or fitness >= 0.9):
        confidence = 0.95 if fitness >= (0.9 if foreign or "cp1250" in guesses else 0.8) and not scan_flawed else 0.75
        name, others = western, (*foreign[:3],)
    elif foreign:
        name, others, confidence = foreign[0], (*foreign[1:4], western), 0.6
    else:
        name, others, confidence = western, ("latin-1",) if western == "cp1252" else (), 0.5
    return Encoding(name, confidence, others, _flaws(_scan(path, name)))


def _telling_lines(path: Path) -> tuple[bytes, list[bytes]]:
    """Lines that are not plain ASCII: the only ones that tell anything."""
    lines: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        while size < 64 * 1024 and len(lines) < 400 and (line := file.readline(CHUNK)):
            if not line.isascii():
                lines.append(line[:4096])
                size += len(lines[-1])
    return b"".join(lines), lines


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _western_fitness(text: str) -> float:
    """Share of the non-ASCII letters that stand where a Western European text would have them."""
    special = [(i, char) for i, char in enumerate(text) if char >= "\x80"]
    if not special:
        return 1.0
    good = 0.0
    for i, char in special:
        before, after = text[i - 1 : i], text[i + 1 : i + 2]
        crowded = before >= "\x80" and after >= "\x80"
        if crowded:
            good += 0.3 if char in _WESTERN_SIGNS else 0.0
        elif char in _USUAL_LETTERS:
            good += 1.0 if before.isalpha() or after.isalpha() else 0.5
        elif char in _RARE_LETTERS:
            good += 0.5
        elif char in _WESTERN_SIGNS:
            good += 0.2 if before.isalpha() and after.isalpha() and char not in "’·" else 0.95
    return good / len(special)


def _guesses(sample: bytes) -> list[str]:
    try:
        return [match.encoding for match in from_bytes(sample[: 32 * 1024])]
    except Exception:  # a second opinion must never be the reason for a failure
        return []
