"""Known layouts of customer files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from akrab.platform.importing.kinds import Preset

OLIST = Preset(
    name="olist",
    label=_("Olist customers (one row per order)"),
    columns={"customer_unique_id": "customer_id", "customer_city": "city", "customer_state": "region"},
    settings={"source": "olist"},
)

CUSTOMER_PRESETS = (OLIST,)
