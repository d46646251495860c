"""Charts as the drawing script gets them."""

from __future__ import annotations

import pytest
from django.utils import translation

from akrab.platform.charts import Chart, Series


@pytest.mark.parametrize(
    ("currency", "language", "symbol", "digits", "cell"),
    [
        ("IDR", "en", "Rp\u00a0", 0, "-Rp\u00a01,250,000"),
        ("IDR", "id", "Rp\u00a0", 0, "-Rp\u00a01.250.000"),
        ("USD", "id", "US$", 2, "-US$1.250.000,00"),
    ],
)
def test_a_chart_writes_money_as_the_text_beside_it_does(
    currency: str, language: str, symbol: str, digits: int, cell: str
) -> None:
    chart = Chart("bar", ["March"], [Series("Revenue", [-125_000_000])], format="money", currency=currency)

    with translation.override(language):
        spec, rows = chart.spec(), chart.rows()

    assert (spec["symbol"], spec["digits"]) == (symbol, digits)
    assert rows == [("March", [(cell, "")])]
