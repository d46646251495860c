"""What becomes of every messy file in a dry run of the customer import: `python -m tools.outcomes DATA_FOLDER TABLE.md`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()

from akrab.platform.actor import command_actor
from akrab.platform.importing.running import result_of, run_import
from akrab.platform.operations.imports import note_import
from akrab.platform.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file: read, or refused with a code; and what a person is told."""

    path: Path
    code: str
    says: str


def messy_files(folder: Path) -> list[Path]:
    """Every file of the messy CSV and vCard collections."""
    files = [path for name in ("messy_csv", "vcards") for path in (folder / name).rglob("*")]
    return sorted(path for path in files if path.is_file())


def outcomes_of(files: Iterable[Path]) -> Iterator[Outcome]:
    """Dry runs; a crash is not caught, because there may be none."""
    by = command_actor()
    for path in files:
        try:
            run = run_import(note_import(by=by, kind="customers", path=path, dry_run=True), by=by)
        except Refusal as refusal:
            yield Outcome(path, refusal.code, str(refusal).splitlines()[0])
            continue
        result = result_of(run)
        parts = sum(result[name] for name in ("created", "updated", "unchanged", "skipped", "errors"))
        assert parts == result["rows"], path
        yield Outcome(path, "read", f"{result['rows']} rows: {result['created']} new, {result['errors']} errors")


def main() -> None:
    folder, table = Path(sys.argv[1]), Path(sys.argv[2])
    counts: Counter[str] = Counter()
    with table.open("w", encoding="utf-8") as out:
        out.write("| file | outcome | what it says |\n|---|---|---|\n")
        for one in outcomes_of(messy_files(folder)):
            counts[one.code] += 1
            says = one.says[:160].replace("|", "/")
            out.write(f"| {one.path.relative_to(folder)} | {one.code} | {says} |\n")
    print(", ".join(f"{code}: {count}" for code, count in counts.most_common()))


if __name__ == "__main__":
    main()
