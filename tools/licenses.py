"""The license of every package that Akrab ships or runs with; fails on one that does not go with Apache-2.0.

python -m tools.licenses          # check
python -m tools.licenses --list   # and print them
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FREE = re.compile(
    r"apache|\bmit\b|bsd|isc|python software foundation|psf|mozilla public license 2|mpl[- ]2|lgpl|"
    r"lesser general public|unlicense|public domain|zlib|postgresql|cc0|0bsd|blueoak|historical permission|hpnd|cc-by-4",
    re.IGNORECASE,
)


def main() -> None:
    found = {**python_packages(), **frontend_packages()}
    if "--list" in sys.argv:
        width = max(map(len, found))
        for name, license_name in sorted(found.items()):
            print(f"{name:<{width}}  {license_name}")
    wrong = {name: said for name, said in found.items() if not FREE.search(said)}
    for name, said in sorted(wrong.items()):
        print(f"license of {name}: {said or 'unknown'}", file=sys.stderr)
    print(f"{len(found)} packages, {len(wrong)} with a license that does not fit", file=sys.stderr)
    sys.exit(1 if wrong else 0)


def python_packages() -> dict[str, str]:
    """The packages of the run-time lock file that are installed on this platform."""
    names = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    found = {}
    for name in names:
        try:
            found[name] = license_of(distribution(name))
        except PackageNotFoundError:
            continue
    return found


def license_of(package: Distribution) -> str:
    about = package.metadata.json
    said = about.get("classifier") or []
    classified = [line.rsplit(" :: ", 1)[1] for line in said if line.startswith("License :: ")]
    named = about.get("license_expression") or "; ".join(classified) or about.get("license") or ""
    return str(named).strip().split("\n")[0]


def frontend_packages() -> dict[str, str]:
    """The packages whose code Vite puts into the wheel."""
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    return {
        path.rsplit("node_modules/", 1)[1]: str(package.get("license", ""))
        for path, package in lock["packages"].items()
        if path and not package.get("dev")
    }


if __name__ == "__main__":
    main()
