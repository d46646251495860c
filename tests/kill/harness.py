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
    """Rounds of one to eight kills during the command, each ended by an undisturbed run of it."""
    chance = random.Random(seed)
    command = tuple(command) or ("import", "receipts", str(receipts_file(folder / "receipts.csv", receipts)))
    prepared = folder / "prepared"
    akrab(prepared, "prepare")
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
    prepared: Path, home: Path, command: Sequence[str], chance: random.Random, kills: int, length: float, outcome: Outcome
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


def receipts_file(path: Path, receipts: int) -> Path:
    """Invented receipts: one to four lines each, a third of them with a customer, a few returns."""
    chance = random.Random(7)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as out:
        out.write("receipt,date,branch,sku,product,quantity,price,phone\n")
        for number in range(receipts):
            day = date(2025, 1, 1) + timedelta(days=number % 200)
            phone = f"+62812{chance.randint(1000000, 1000400)}" if chance.random() < 0.35 else ""
            for _ in range(chance.randint(1, 4)):
                item = chance.randint(1, 60)
                quantity = -1 if chance.random() < 0.02 else chance.randint(1, 5)
                out.write(f"R{number:06d},{day},B1,S{item:03d},Item {item},{quantity},{item * 500 + 5000},{phone}\n")
    return path


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
