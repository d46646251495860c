"""What filters may ask of products: own fields, and those that the company added."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from akrab.commerce.queries.customizing import PRODUCT
from akrab.platform.customizing.listing import filter_fields
from akrab.platform.listing.filtering import Filterable, FilterField, column

_FIELDS = (
    FilterField("name", _("Name"), "text", column("name"), operators=("is", "not", "has")),
    FilterField("sku", _("SKU"), "text", column("sku"), operators=("is", "not", "has")),
    FilterField("category", _("Category"), "text", column("category__name"), operators=("is", "not", "has")),
)
FILTERABLE = Filterable(PRODUCT, {one.name: one for one in _FIELDS}, lambda: filter_fields(PRODUCT))
