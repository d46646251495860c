"""What commerce puts into the rail, the start page and the customer's profile."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from akrab.platform.panels import nav, panel

nav("commerce", title=_("Receipts"), url="commerce:receipts", icon="receipt", verb="commerce.view_receipts", order=10, key="r")
nav("commerce", title=_("Products"), url="commerce:products", icon="package", verb="commerce.view_products", order=20)
nav("commerce", title=_("Branches"), url="commerce:branches", icon="building-store", verb="commerce.view_branches", order=30)
nav("commerce", title=_("Reconciliation"), url="commerce:reconciliation", icon="scale", verb="commerce.view_receipts", order=40)

panel("create", url="commerce:product_new", title=_("Product"), verb="commerce.edit_products", icon="package", order=40)
panel("today", url="commerce:today", title=_("Sales"), verb="commerce.view_receipts", icon="receipt", order=10)
panel("today.trends", url="commerce:today_trend", title=_("Sales by day"), verb="commerce.view_receipts", order=10)
panel("today.steps", url="commerce:steps", title=_("First steps"), verb="commerce.view_receipts", order=10)
panel("customers.profile", url="commerce:purchases", title=_("Purchases"), verb="commerce.view_receipts",
      icon="shopping-bag", order=10)
