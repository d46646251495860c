"""Kills parts of Akrab at random moments of an import, again and again, and compares the state with a quiet run.

python -m tests.kill.harness --kills 200 --seed 1
python -m tests.kill.harness --kills 20 -- import receipts FILE --preset online-retail
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.kill.site import AKRAB, Site, akrab, environment, status, wait_until

PARTS = ("command", "command", "worker", "database", "web", "supervisor")
MOST_KILLS_A_ROUND = 8


@dataclass
class Outcome:
    """How many kills hit a living process, and which rounds ended in another state."""

    expected: dict[str, Any]
    kills: int = 0
    rounds: int = 0
    hit: Counter[str] = field(default_factory=Counter)
    differences: list[dict[str, Any]] = field(default_factory=list)


def run(
    *, folder: Path, kills: int, seed: int, receipts: int = 5000, command: Sequence[str] = (), verbose: bool = False
) -> Outcome:
    """Rounds of one to eight kills during the command, each ended by an undisturbed run of it.

    By default it imports receipts into a home that knows some of them already, as they were before they were corrected.
    """
    chance = random.Random(seed)
    known, file = receipts_files(folder, receipts)
    command = tuple(command) or ("import", "receipts", str(file))
    prepared = folder / "prepared"
    akrab(prepared, "prepare")
    akrab(prepared, "import", "receipts", str(known))
    began = time.monotonic()
    outcome = Outcome(expected=undisturbed(prepared, folder / "quiet", command))
    length = max(time.monotonic() - began - 2, 1.0)
    while outcome.kills < kills:
        wanted = min(chance.randint(1, MOST_KILLS_A_ROUND), kills - outcome.kills)
        found = disturbed(prepared, folder / "round", command, chance, wanted, length, outcome)
        outcome.rounds += 1
        if found != outcome.expected:
            outcome.differences.append(found)
            shutil.copytree(folder / "round", folder / f"different-{outcome.rounds}")
        if verbose:
            said = f"round {outcome.rounds}: {outcome.kills} kills {dict(outcome.hit)}, differences {len(outcome.differences)}"
            print(said, file=sys.stderr, flush=True)
    return outcome


def undisturbed(prepared: Path, home: Path, command: Sequence[str]) -> dict[str, Any]:
    copied(prepared, home)
    akrab(home, *command)
    return state(home)


def disturbed(
    prepared: Path,
    home: Path,
    command: Sequence[str],
    chance: random.Random,
    kills: int,
    length: float,
    outcome: Outcome,
) -> dict[str, Any]:
    copied(prepared, home)
    site = Site(home)
    try:
        for _ in range(kills):
            part = chance.choice(PARTS)
            moment = chance.uniform(0.1, length)
            if struck(site, command, part, moment):
                outcome.kills += 1
                outcome.hit[part] += 1
            site.come_back()
        akrab(home, *command)
        wait_until(lambda: drained(site), "the queue is empty")
        return state(home)
    finally:
        site.stop()


def struck(site: Site, command: Sequence[str], part: str, moment: float) -> bool:
    """Start the command and kill a part after a while; False if the part was gone already."""
    running = subprocess.Popen(
        [*AKRAB, *command], env=environment(site.home), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    with suppress(subprocess.TimeoutExpired):
        running.wait(moment)
    if part == "command":
        hit = running.poll() is None
        running.kill()
    else:
        hit = site.kill(part) > 0
    running.wait()  # with its database gone the command ends by itself, with or without success
    if part == "supervisor" and hit:
        site.process.wait()
    return hit


def drained(site: Site) -> bool:
    figures = site.read("/metrics")
    return all(f'akrab_jobs{{state="{state}"}} 0.0' in figures for state in ("waiting", "running"))


def state(home: Path) -> dict[str, Any]:
    found = status(home, "--state-hash")
    return {**found["state"], "failed_jobs": found["failed_jobs"], "parked_facts": found["parked_facts"]}


def copied(prepared: Path, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(prepared, home)


HEAD = "receipt,date,branch,kind,original,sku,product,quantity,price,phone\n"
FATES = ("return", "early return", "exchange", "void", "voided return", "blind return", "corrected sale", "moved return")
"""What may become of a sale; an early return stands in the file before its sale, a moved one names another in the end."""


def receipts_files(folder: Path, receipts: int) -> tuple[Path, Path]:
    """A few invented documents as they were first, and all of them as they are, those few corrected.

    Sales have one to four lines, a third of them a customer, every fourth a fate, some documents before or after it. The
    goods have another name in every few receipts.
    """
    chance = random.Random(7)
    folder.mkdir(parents=True, exist_ok=True)
    known, file = folder / "known.csv", folder / "receipts.csv"
    late: list[list[str]] = []
    made, previous = 0, ""
    with known.open("w") as former, file.open("w") as out:
        out.write(HEAD)
        former.write(HEAD)
        while made < receipts:
            left = receipts - made
            fate = chance.choice(FATES) if previous and left >= 3 and chance.random() < 0.25 else ""
            told = Story(made, previous, chance)
            before, after = told.become(fate)
            out.writelines([*before, *told.sale, *(late.pop(chance.randrange(len(late))) if len(late) > 40 else ())])
            former.writelines(told.former)
            late.append(after)
            made, previous = made + 1 + len({row.partition(",")[0] for row in (*before, *after)}), told.name
        out.writelines(row for rows in late for row in rows)
    return known, file


class Story:
    """One invented sale, and what becomes of it."""

    def __init__(self, number: int, previous: str, chance: random.Random) -> None:
        self.name, self.day = f"R{number:06d}", date(2025, 1, 1) + timedelta(days=number % 200)
        self.previous, self.word = previous, f"in {number % 9}"
        self.phone = f"+62812{chance.randint(1000000, 1000400)}" if chance.random() < 0.35 else ""
        self.items = [(chance.randint(1, 60), chance.randint(1, 5)) for _ in range(chance.randint(1, 4))]
        self.sale = self.rows("", "sale", self.items)
        self.former: list[str] = []

    def rows(self, suffix: str, kind: str, lines: Sequence[tuple[int, int]], original: str = "") -> list[str]:
        day, phone = (self.day + timedelta(days=3), "") if suffix else (self.day, self.phone)
        return [
            f"{self.name}{suffix},{day},B1,{kind},{original},S{item:03d},Item {item} {self.word},{quantity},"
            f"{item * 500 + 5000},{phone}\n"
            for item, quantity in lines
        ]

    def become(self, fate: str) -> tuple[list[str], list[str]]:
        """The rows that come before the sale, and those that come after it."""
        (item, quantity), *others = self.items
        back = self.rows("-B", "return", [(item, 1)], self.name)
        match fate:
            case "early return":
                return back, []
            case "return":
                return [], back
            case "blind return":
                return [], self.rows("-B", "return", [(item, 1)])
            case "exchange":
                return [], self.rows("-X", "exchange", [(item, -1), (item % 60 + 1, 1)], self.name)
            case "void":
                return [], self.rows("-V", "void", [(item, 1)], self.name)
            case "voided return":
                return [], [*back, *self.rows("-V", "void", [(item, 1)], f"{self.name}-B")]
            case "corrected sale":
                self.former, self.sale = self.sale, self.rows("", "sale", [(item, quantity + 1), *others])
            case "moved return":
                self.former = back
                return [], self.rows("-B", "return", [(item, 1)], self.previous)
        return [], []


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=200)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--receipts", type=int, default=5000)
    words.add_argument("command", nargs="*", help="an akrab command that may be repeated; an import by default")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="akrab-kill-") as folder:
        outcome = run(
            folder=Path(folder), kills=asked.kills, seed=asked.seed, receipts=asked.receipts, command=asked.command,
            verbose=True,
        )  # fmt: skip
    result = {
        "kills": outcome.kills, "rounds": outcome.rounds, "hit": outcome.hit, "expected": outcome.expected,
        "differences": outcome.differences,
    }  # fmt: skip
    print(json.dumps(result, indent=1))
    sys.exit(1 if outcome.differences else 0)


if __name__ == "__main__":
    main()
