"""What a file of receipts brings for the first time: products and customers, counted alike by a dry run and the run itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from akrab.commerce.queries.messages import ReceiptMessage
from akrab.commerce.queries.skus import known_skus
from akrab.customers.public import customers_of
from akrab.platform.actor import Actor


class Newcomers:
    """Looks before and after each batch.

    A dry run takes each batch back, so that what one brought is new again for the next: it remembers what it has counted.
    """

    def __init__(self, by: Actor, *, forgets: bool) -> None:
        self._by = by
        self._forgets = forgets
        self._skus: set[str] = set()
        self._counted: set[int] = set()
        self.counts: Counter[str] = Counter()

    @contextmanager
    def watching(self, messages: Sequence[ReceiptMessage]) -> Iterator[None]:
        """Count what the receipts that are taken inside bring; inside the transaction of the batch."""
        pairs = {pair for one in messages if one.contact for pair in one.contact.identifiers}
        keys = [key for key, customer in customers_of(by=self._by, identifiers=pairs).items() if customer is None]
        said = {line.sku for one in messages for line in one.lines if line.sku} - self._skus
        skus = said.difference(known_skus(by=self._by, skus=list(said))) if said else set()
        yield
        new = set(known_skus(by=self._by, skus=list(skus))) if skus else set()
        self.counts["products"] += len(new)
        self._skus |= (said - skus) | new
        owned: dict[object, list[int]] = {}
        for key, customer in customers_of(by=self._by, identifiers=keys).items():
            if customer is not None:
                owned.setdefault(customer, []).append(hash(key))
        for hashes in owned.values():
            self.counts["customers"] += self._counted.isdisjoint(hashes)
            if self._forgets:
                self._counted.update(hashes)
