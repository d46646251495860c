"""The list of customers as views keep it: which parameters of its address make up its state."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from akrab.platform.listing.declaring import ListKind, list_kind

FILTERS = (
    "q", "kind", "stage", "city", "has", "purchases_from", "purchases_to", "spend_from", "spend_to", "bought_from", "bought_to",
    "interval_from", "interval_to", "last_from", "last_to", "registered_from", "registered_to", "segment", "first",
    "first_before", "quiet", "whose", "where",
)  # fmt: skip

CUSTOMERS = list_kind(
    ListKind("customers", _("Customers"), "customers:index", "customers.view_customers", (*FILTERS, "sort", "columns"))
)
