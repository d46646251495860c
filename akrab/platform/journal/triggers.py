"""The database triggers that follow journalled tables; migrations install them."""

from __future__ import annotations

from collections.abc import Sequence

EVENTS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}


def journal_triggers(table: str, *, owner: str = "id", keys: Sequence[str] = ("id",), ignored: Sequence[str] = ()) -> str:
    """SQL that follows a table: one trigger per kind of statement, which sleeps while no journal entry is open."""
    arguments = ", ".join(f"'{one}'" for one in (owner, ",".join(keys), ",".join(ignored)))
    return "".join(
        f"CREATE OR REPLACE TRIGGER {table}_journal_{event} AFTER {event.upper()} ON {table} REFERENCING {rows} "
        "FOR EACH STATEMENT WHEN (coalesce(current_setting('akrab.journal', true), '') <> '') "
        f"EXECUTE FUNCTION platform_journal_note({arguments});\n"
        for event, rows in EVENTS.items()
    )


def no_journal_triggers(table: str) -> str:
    """SQL that follows a table no more."""
    return "".join(f"DROP TRIGGER IF EXISTS {table}_journal_{event} ON {table};\n" for event in EVENTS)
