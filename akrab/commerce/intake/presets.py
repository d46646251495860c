"""Known layouts of receipt files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from akrab.commerce.intake.cdnow import CDNOW
from akrab.commerce.intake.olist import OLIST
from akrab.platform.importing.kinds import Preset

ONLINE_RETAIL = Preset(
    name="online-retail",
    label=_("UCI Online Retail (UK web shop, 2010-2011)"),
    columns={
        "InvoiceNo": "receipt",
        "StockCode": "sku",
        "Description": "product",
        "Quantity": "quantity",
        "InvoiceDate": "date",
        "UnitPrice": "price",
        "CustomerID": "customer_id",
        "Country": ["attribute", "country"],
    },
    settings={
        "source": "online-retail",
        "currency": "GBP",
        "branch": "online-retail",
        "branch_name": "Online Retail",
        "zone": "Europe/London",
        "channel": "web",
        "numbers_with": "C=return A=adjustment",
    },
)

RECEIPT_PRESETS = (ONLINE_RETAIL, OLIST, CDNOW)
