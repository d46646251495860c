"""What can have happened while Akrab was looked after: rates noted, parked facts delivered again."""

from __future__ import annotations

from datetime import datetime

from akrab.platform.declaring import fact


@fact("platform.rates_noted", subject="batch", at="noted_at", audited=False)
class RatesNoted:
    """Dated currency rates were added or replaced."""

    noted_at: datetime
    currencies: list[str]
    rates: int


@fact("platform.parked_facts_retried", subject="batch", at="retried_at", audited=False)
class ParkedFactsRetried:
    """Facts that a listener could not take were handed to it again."""

    retried_at: datetime
    listener: str
    facts: int
