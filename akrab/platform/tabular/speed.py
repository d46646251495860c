"""How fast values and rows are read on this machine; for benchmarks, not for tests."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

from akrab.platform.tabular.dates import parse_moment
from akrab.platform.tabular.inspection import inspect
from akrab.platform.tabular.numbers import parse_decimal, parse_minor
from akrab.platform.tabular.reading import read_rows

JAKARTA = ZoneInfo("Asia/Jakarta")


def value_speeds(*, count: int = 200_000, seed: int = 7) -> dict[str, int]:
    """Values per second of processor time, for each kind of value."""
    chance = random.Random(seed)
    cents = [chance.randrange(100, 10**9) for _ in range(20_000)]
    moments = [datetime.fromisoformat("2024-01-01") + timedelta(seconds=chance.randrange(700 * 86_400)) for _ in range(20_000)]
    grouped = [f"{cent / 100:,.2f}".translate(str.maketrans(",.", ".,")) for cent in cents]
    cases: dict[str, tuple[Callable[[str], object], list[str]]] = {
        "plain_numbers": (lambda text: parse_decimal(text, "point"), [f"{cent / 100:.2f}" for cent in cents]),
        "grouped_numbers": (lambda text: parse_decimal(text, "comma"), grouped),
        "rupiah_to_minor": (lambda text: parse_minor(text, "comma", exponent=2), [f"Rp {text}" for text in grouped]),
        "iso_moments": (lambda text: parse_moment(text, "iso", JAKARTA), [str(moment) for moment in moments]),
        "day_first_moments": (
            lambda text: parse_moment(text, "day_first", JAKARTA),
            [f"{moment:%d/%m/%Y %H:%M}" for moment in moments],
        ),
        "named_months": (
            lambda text: parse_moment(text, "iso", JAKARTA),
            [f"{moment:%d %b %Y %H:%M}" for moment in moments],
        ),
    }
    return {name: _per_second(read, texts, count) for name, (read, texts) in cases.items()}


def file_speed(path: Path | str) -> dict[str, float]:
    """Seconds to inspect a file and rows per second when reading it."""
    start = perf_counter()
    sheet = inspect(path)
    inspected = perf_counter()
    rows = sum(len(batch) for batch in read_rows(path, sheet))
    return {
        "inspect_seconds": round(inspected - start, 3),
        "rows": rows,
        "rows_per_second": round(rows / (perf_counter() - inspected)),
    }


def _per_second(read: Callable[[str], object], texts: list[str], count: int) -> int:
    start = process_time()
    for text in _repeated(texts, count):
        read(text)
    return round(count / (process_time() - start))


def _repeated(texts: list[str], count: int) -> Iterator[str]:
    for index in range(count):
        yield texts[index % len(texts)]
