"""The permission policy: which role may do which verb."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache

from django.utils.translation import gettext_lazy as _

ROLES = {
    "administrator": _("Administrator"),
    "manager": _("Manager"),
    "staff": _("Staff"),
    "analyst": _("Analyst"),
    "readonly": _("Read-only"),
}

GRANTS: dict[str, tuple[str, ...]] = {
    "administrator": ("*",),
    "manager": (
        "customers.*",
        "collaboration.*",
        "commerce.*",
        "insight.*",
        "platform.run_imports",
        "platform.export",
        "platform.view_status",
        "platform.view_people",
        "platform.share_records",
        "platform.share_views",
        "platform.manage_webhooks",
        "platform.edit_own_settings",
    ),
    "staff": (
        "customers.view_*",
        "customers.edit_customers",
        "collaboration.view_*",
        "collaboration.edit_work",
        "collaboration.decide",
        "commerce.view_*",
        "commerce.record_receipts",
        "commerce.claim_receipts",
        "insight.view_*",
        "platform.view_people",
        "platform.share_records",
        "platform.edit_own_settings",
    ),
    "analyst": (
        "customers.view_*",
        "collaboration.view_*",
        "commerce.view_*",
        "insight.*",
        "platform.export",
        "platform.view_people",
        "platform.edit_own_settings",
    ),
    "readonly": (
        "customers.view_*",
        "collaboration.view_*",
        "commerce.view_*",
        "insight.view_*",
        "platform.view_people",
        "platform.edit_own_settings",
    ),
}


IMPLIED: dict[str, frozenset[str]] = {
    "customers.register_customers": frozenset(
        {"commerce.record_receipts", "commerce.claim_receipts", "customers.edit_customers"}
    ),
    "customers.note_purchases": frozenset({"commerce.record_receipts", "commerce.claim_receipts"}),
    "platform.propose": frozenset({"customers.edit_customers", "collaboration.edit_work"}),
    "platform.decide_proposals": frozenset({"customers.edit_customers", "collaboration.edit_work"}),
    "platform.undo_changes": frozenset(
        {
            "customers.edit_customers",
            "commerce.record_receipts",
            "commerce.edit_products",
            "commerce.edit_branches",
            "commerce.edit_rates",
            "platform.run_imports",
        }
    ),
}
"""Verbs that come with another one: who records receipts registers the customers that they name, who changes may undo."""


AGENT_VERBS = ("*.view_*", "platform.propose")
"""All that an agent may, whatever its person may: read, and propose."""


@cache
def agent_allows(verb: str) -> bool:
    return any(fnmatchcase(verb, pattern) for pattern in AGENT_VERBS)


@cache
def allows(role: str, verb: str) -> bool:
    """Whether a role's grants cover a verb such as `customers.edit_customers`."""
    return _covered(GRANTS.get(role, ()), verb)


@cache
def scope_allows(scopes: tuple[str, ...], verb: str) -> bool:
    """Whether an API key's scopes cover a verb; a key without scopes may all that its person may."""
    return not scopes or _covered(scopes, verb)


def _covered(grants: tuple[str, ...], verb: str) -> bool:
    return any(fnmatchcase(one, grant) for one in {verb, *IMPLIED.get(verb, ())} for grant in grants)
