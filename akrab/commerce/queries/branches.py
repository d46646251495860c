"""Branches as units that people belong to."""

from __future__ import annotations

from akrab.commerce.models import Branch


def branch_options() -> list[tuple[str, str]]:
    """Id and name of every branch, by name."""
    return [
        (str(pk), name or code) for pk, name, code in Branch.objects.order_by("name", "code").values_list("pk", "name", "code")
    ]


def branch_names() -> dict[str, str]:
    """The name of every branch that has one, by its code."""
    return dict(Branch.objects.exclude(name="").values_list("code", "name"))
