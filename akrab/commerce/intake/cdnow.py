"""The CDNOW files of Fader and Hardie: one purchase per row, without receipt numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from akrab.platform.importing.kinds import Preset

_SETTINGS = {
    "source": "cdnow", "currency": "USD", "branch": "cdnow", "branch_name": "CDNOW", "zone": "America/New_York",
    "channel": "web",
}  # fmt: skip


def _by_layout(path: Path) -> Preset | None:
    """Which of the three layouts a file has: Parquet, text with names, or the numbered sample without names."""
    if path.suffix.lower() == ".parquet" or not path.is_file():
        return None
    with path.open("rb") as file:
        first = file.readline().split()
    if first[:2] == [b"customer_id", b"date"] and len(first) == 4:
        return replace(
            CDNOW,
            reading={"delimiter": " ", "header_row": 1, "column_dates": {"date": "compact"}},
            columns={
                "customer_id": "customer_id", "date": "date", "number_of_cds": "quantity", "dollar_value": "amount",
            },
        )  # fmt: skip
    if len(first) == 5 and first[2].isdigit():
        return replace(
            CDNOW,
            reading={"delimiter": " ", "header_row": 0, "column_dates": {"column_3": "compact"}},
            columns={"column_1": "customer_id", "column_3": "date", "column_4": "quantity", "column_5": "amount"},
        )
    return None


CDNOW = Preset(
    name="cdnow",
    label=_("CDNOW (music shop, 1997-1998)"),
    columns={"customer_id": "customer_id", "date": "date", "quantity": "quantity", "amount": "amount"},
    settings=_SETTINGS,
    narrow=_by_layout,
)
