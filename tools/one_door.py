"""Import contract: a room is entered only by its door, `public.py`; tests may also use its factories."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output

OPEN_TO_ALL = frozenset({"platform", "config"})


def room(module: str) -> str:
    """The room of a module: akrab.sales.models -> sales."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def allowed(importer: str, imported: str) -> bool:
    """Whether one module may import another, by the rule of doors."""
    home, guest = room(imported), room(importer)
    if home == guest or home in OPEN_TO_ALL or guest in {"config"}:
        return True
    doors = {f"akrab.{home}.public"}
    if guest == "cli":
        doors |= {f"akrab.{home}.seeds", f"akrab.{home}.intake", f"akrab.{home}.seeds.{imported.rpartition('.')[2]}"}
    if ".tests" in importer or importer.startswith("akrab.cli.benches"):
        doors |= {f"akrab.{home}.{part}" for part in ("tests.factories", "models", "facts", "datasets")}
    return imported in doors


class OneDoor(Contract):
    """Rooms are entered by the door."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = []
        for importer in graph.modules:
            if not importer.startswith("akrab."):
                continue
            for imported in graph.find_modules_directly_imported_by(importer):
                if imported.startswith("akrab.") and imported.count(".") > 1 and not allowed(importer, imported):
                    line = graph.get_import_details(importer=importer, imported=imported)[0]["line_number"]
                    broken.append((importer, imported, line))
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, line in check.metadata["broken"]:
            output.print_error(f"{importer} (line {line}) enters {imported}: use {'.'.join(imported.split('.')[:2])}.public")
