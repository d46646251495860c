"""The house rule about SQL text: a query that reads a guarded table goes through the policy, or was judged not to need it.

Each reading of a guarded table needs a scope of its own. Tables of their parts (lines, identifiers, traits) are read by the
ids that a scoped query gave; the tests of the policy try those paths with real readers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from akrab.platform.rights.registry import all_protected

ROOT = Path(__file__).resolve().parents[2]
GUARDED = "|".join(sorted(one.table for one in all_protected()))
READS = re.compile(rf"(?:\b(?:FROM|JOIN)|,)\s+\"?({GUARDED})\b", re.IGNORECASE)
# What `limits.where` gave is put in the place of {mine}, or among the conditions that are joined to a {where}.
SCOPED = re.compile(r"\{[^{}]*\b(?:mine|where)\b[^{}]*\}")

JUDGED = {
    "akrab.commerce.queries.selling._WINDOW": "gives the first day of a window and no receipt; what is in the window is scoped",
    "akrab.commerce.queries.state._SQL": "one hash over everything, for those who may see the state of the system",
    "akrab.commerce.queries.summaries._SQL": "figures that are written down on customers, the same whoever asks",
    "akrab.customers.queries.figures.held_by": "a number for closing an account: customers out of sight need a new owner as well",
    "akrab.customers.queries.identity._MEMBERS": "ids of the identity map; what is read under them is scoped by who asks",
    "akrab.customers.queries.identity._SURVIVOR": "ids of the identity map; what is read under them is scoped by who asks",
    "akrab.customers.queries.likely._RECORDS": "a scan compares everybody with everybody; the queue of pairs is scoped",
    "akrab.customers.queries.listing._CITIES": "asked only for those whom nothing limits; _CITIES_OF_SOME is for the others",
    "akrab.customers.queries.profiles.known_already": "ids alone, of which only those within reach are read",
    "akrab.customers.queries.records._ONE": "is never asked alone: get_record adds what is within reach",
    "akrab.customers.queries.spelling._NEAR": "spellings; a limited reader finds and is told only what is within reach",
    "akrab.customers.queries.state._SQL": "one hash over everything, for those who may see the state of the system",
}
"""SQL that reads a guarded table unscoped, each with the reason; a new one needs one, and one that is gone goes."""


def statements(tree: ast.AST) -> Iterator[str]:
    """The texts of a piece of code; those with values in them whole, with the values in braces."""
    if isinstance(tree, ast.Call) and any(word.arg == "protects" for word in tree.keywords):
        return  # an export is scoped where it is written
    if isinstance(tree, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{" + ast.unparse(part).strip("f'\"{}") + "}"
            for part in tree.values
        )
        return
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.value
    for part in ast.iter_child_nodes(tree):
        yield from statements(part)


def unscoped(code: str) -> list[str]:
    """The functions and constants of a module with SQL that reads a guarded table without the policy."""
    found = []
    for node in ast.parse(code).body:
        names = [one.id for one in getattr(node, "targets", ()) if isinstance(one, ast.Name)]
        name = getattr(node, "name", names[0] if names else "")
        if any(len(READS.findall(text)) > len(SCOPED.findall(text)) for text in statements(node)):
            found.append(name)
    return found


def test_every_sql_of_a_query_that_reads_a_guarded_table_is_scoped_or_judged() -> None:
    found = set()
    for path in sorted(ROOT.glob("akrab/*/queries/**/*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found |= {f"{module}.{name}" for name in unscoped(path.read_text())}

    assert found == set(JUDGED)


def test_the_rule_sees_what_it_is_for() -> None:
    code = """
_BARE = "SELECT count(*) FROM commerce_receipt WHERE number = %s"
_JOINED = "SELECT 1 FROM commerce_branch b JOIN commerce_receipt r ON r.branch_id = b.id"
_SCOPED = "SELECT 1 FROM commerce_receipt r WHERE {mine}"
_LINES = "SELECT 1 FROM commerce_receiptline"
_QUOTED = 'SELECT 1 FROM "commerce_receipt"'
_HALF = "SELECT 1 FROM commerce_receipt r WHERE {mine} UNION ALL SELECT 1 FROM commerce_receipt"
_FILE = Export(sql="SELECT 1 FROM customers_customer c WHERE {where}", protects={"c": "customers.customer"})
def good(mine): return fetch(f"SELECT 1 FROM customers_customer c WHERE {mine}")
def bad(key): return fetch(f"SELECT 1 FROM customers_customer c WHERE {key}")
"""
    assert unscoped(code) == ["_BARE", "_JOINED", "_QUOTED", "_HALF", "bad"]
