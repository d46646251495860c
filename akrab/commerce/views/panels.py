"""What commerce puts into the rail, the start page and the customer's profile."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from akrab.platform.panels import nav, panel

SEE, SHELVES, PLACES = "commerce.view_receipts", "commerce.view_products", "commerce.view_branches"

nav("commerce", title=_("Receipts"), url="commerce:receipts", icon="receipt", verb=SEE, order=10, key="r")
nav("commerce", title=_("Waiting returns"), url="commerce:early", icon="hourglass", verb=SEE, order=15)
nav("commerce", title=_("Products"), url="commerce:products", icon="package", verb=SHELVES, order=20, key="p")
nav("commerce", title=_("Branches"), url="commerce:branches", icon="building-store", verb=PLACES, order=30)
nav("commerce", title=_("Reconciliation"), url="commerce:reconciliation", icon="scale", verb=SEE, order=40)
nav("commerce", title=_("Currency rates"), url="commerce:rates", icon="transfer", verb=SEE, order=50)

panel("search", url="commerce:palette", title=_("Receipts and products"), verb=SEE, order=20)
panel("create", url="commerce:product_new", title=_("Product"), verb="commerce.edit_products", icon="package", order=40)
panel("create", url="commerce:branch_new", title=_("Branch"), verb="commerce.edit_branches", icon="building-store", order=50)
panel("today", url="commerce:today", title=_("Sales"), verb="commerce.view_receipts", icon="receipt", order=10)
panel("today.trends", url="commerce:today_trend", title=_("Sales by day"), verb="commerce.view_receipts", order=10)
panel("today.steps", url="commerce:steps", title=_("First steps"), verb="commerce.view_receipts", order=10)
panel(
    "customers.profile",
    url="commerce:purchases",
    title=_("Purchases"),
    verb="commerce.view_receipts",
    icon="shopping-bag",
    order=10,
)
