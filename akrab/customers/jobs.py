"""What the customers room does while nobody is watching: time passes, and stages with it."""

from __future__ import annotations

from datetime import datetime

from akrab.customers.operations.staging import age_stages
from akrab.platform.actor import SYSTEM
from akrab.platform.delivery import every


@every("10 17 * * *")
def age_customer_stages(at: datetime) -> None:
    """Each night (00:10 in Jakarta), in slices, until nobody is left to move."""
    while age_stages(by=SYSTEM, at=at):
        continue
