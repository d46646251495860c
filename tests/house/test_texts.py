"""Both languages are complete, and every icon that a page names is in the sprite."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r'(?:ui\.icon name=|ui\.[a-z-]+ [^>]*\bicon=|\bicon=)"([a-z0-9-]+)"')


def test_no_text_is_missing_fuzzy_or_stale() -> None:
    command = [sys.executable, "-m", "tools.messages", "check"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.stdout == "complete\n"


def test_every_icon_is_in_the_sprite() -> None:
    known = set((ROOT / "frontend" / "icons.txt").read_text().split())
    sources = [*ROOT.glob("akrab/*/templates/**/*.html"), *ROOT.glob("akrab/*/**/*.py")]
    named = {name for source in sources for name in NAMED.findall(source.read_text())}

    assert named - known == set()
