"""What the customers room puts into the rail, the palette, the start page and its own profile."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from akrab.platform.panels import nav, panel

nav("customers", title=_("Customers"), url="customers:index", icon="users", verb="customers.view_customers", order=10, key="c")
nav("customers", title=_("Review"), url="customers:reviews", icon="user-question", verb="customers.view_customers", order=30)
nav("customers", title=_("Duplicates"), url="customers:duplicates", icon="copy", verb="customers.merge_customers", order=25)
nav("settings", title=_("Trash"), url="customers:trash", icon="trash", verb="customers.delete_customers", order=32)
nav("customers", title=_("Privacy"), url="customers:privacy", icon="shield-check", verb="customers.manage_privacy", order=90)

panel("create", url="customers:new", title=_("Customer"), verb="customers.register_customers", icon="user-plus", order=10)
panel("search", url="customers:options", title=_("Customers"), verb="customers.view_customers", order=10)
panel("today", url="customers:today", title=_("Customers"), verb="customers.view_customers", icon="users", order=20)
panel("today.lists", url="customers:today_people", title=_("Customers"), verb="customers.view_customers", order=20)

panel(
    "customers.profile",
    url="customers:account",
    title=_("Who works here"),
    verb="customers.view_customers",
    icon="users-group",
    order=15,
)
panel("platform.user", url="customers:holdings", title=_("Customers"), verb="customers.assign_customers", order=10)
panel("customers.profile", url="customers:traits", title=_("Measures"), verb="customers.view_customers", icon="gauge", order=20)
panel(
    "customers.profile",
    url="customers:identifiers",
    title=_("Identifiers"),
    verb="customers.view_customers",
    icon="id-badge-2",
    order=80,
)
panel(
    "customers.profile",
    url="customers:history",
    title=_("History"),
    verb="customers.view_customers",
    icon="history",
    order=95,
)
panel(
    "customers.profile",
    url="customers:relationships",
    title=_("Relationships"),
    verb="customers.view_customers",
    icon="affiliate",
    order=90,
)
panel(
    "customers.profile",
    url="customers:consents",
    title=_("Consent"),
    verb="customers.view_customers",
    icon="shield-check",
    order=30,
)
