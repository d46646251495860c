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
        "commerce.*",
        "insight.*",
        "platform.run_imports",
        "platform.export",
        "platform.view_status",
        "platform.edit_own_settings",
    ),
    "staff": (
        "customers.view_*",
        "customers.edit_customers",
        "customers.register_customers",
        "commerce.view_*",
        "commerce.record_receipts",
        "commerce.claim_receipts",
        "customers.note_purchases",
        "insight.view_*",
        "platform.edit_own_settings",
    ),
    "analyst": (
        "customers.view_*",
        "commerce.view_*",
        "insight.*",
        "platform.export",
        "platform.edit_own_settings",
    ),
    "readonly": ("customers.view_*", "commerce.view_*", "insight.view_*", "platform.edit_own_settings"),
}


@cache
def allows(role: str, verb: str) -> bool:
    """Whether a role's grants cover a verb such as `customers.edit_customers`."""
    return any(fnmatchcase(verb, grant) for grant in GRANTS.get(role, ()))


@cache
def scope_allows(scopes: tuple[str, ...], verb: str) -> bool:
    """Whether an API key's scopes cover a verb; a key without scopes may all that its person may."""
    return not scopes or any(fnmatchcase(verb, scope) for scope in scopes)
