"""What a return means: goods and money go back, so every figure of it takes away."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

Figure = TypeVar("Figure", int, Decimal)


def takes_away(figure: Figure) -> Figure:
    """The figure of a return, negative however the till writes it: takes_away(2) == takes_away(-2) == -2."""
    return -abs(figure)
