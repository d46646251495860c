"""Loading the demo company: its story told to the same operations that tills, pages and imports call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from django.utils.translation import gettext_lazy as _

from akrab.commerce.models import Receipt
from akrab.commerce.operations.closing import Closing, note_closings
from akrab.commerce.operations.opening import open_branches
from akrab.commerce.operations.receiving import count_outcomes, record_receipts
from akrab.commerce.operations.stocking import ProductRow, link_products, save_products
from akrab.commerce.queries.messages import ReceiptMessage
from akrab.commerce.seeds.catalog import COMPLEMENTS, ITEMS, PLACE_OF, PLACES, UPGRADES
from akrab.commerce.seeds.scale import Scale
from akrab.commerce.seeds.story import Day, Story, tell
from akrab.customers.public import Contact, relate_customers, resolve_contacts
from akrab.platform.actor import Actor
from akrab.platform.models import Setting
from akrab.platform.refusal import Refusal

BATCH = 4000
SOURCE = "demo"
CLOSINGS_KEPT = 90
_SETTING = "demo"
_TILL_COUNTED_MORE = {("JAKARTA", 12): (0, 5_000_000), ("MAKASSAR", 37): (1, 3_600_000)}


class HomeInUse(Refusal):
    code = "home_in_use"
    message = _("This home holds receipts already; load the demo company into an empty home.")


class OtherDemo(Refusal):
    code = "other_demo"
    message = _("This home holds another demo company: %(was)s.")

    def __init__(self, *, was: str) -> None:
        super().__init__(was=was)


@dataclass(slots=True)
class Loaded:
    """Progress and result: counts of what was taken in."""

    days: int
    day: int = 0
    receipts: int = 0
    lines: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: int = 0
    closings: list[Closing] = field(default_factory=list)


Told = Callable[[Loaded], None]


def loaded_before() -> dict[str, str] | None:
    """The scale of the demo company in this home, or None."""
    found = Setting.objects.filter(name=_SETTING).first()
    return dict(found.value) if found else None


def holds_receipts() -> bool:
    """Whether there are receipts in this home, of a demo company or real ones."""
    return bool(Receipt.objects.unscoped().exists())


def load_company(*, by: Actor, size: Scale, told: Told = lambda _loaded: None) -> Loaded:
    """Make the company of a scale; the same scale again changes nothing, another is refused."""
    _claim_home(size)
    story = tell(size)
    _open(by=by, at=_moment(size.first) - timedelta(days=30))
    loaded = Loaded(size.days)
    for batch, prospects in _batches(story, loaded):
        _take(batch, prospects, loaded, by=by)
        told(loaded)
    note_closings(by=by, closings=loaded.closings, at=_moment(size.last))
    _relate(story, by=by)
    return loaded


def _claim_home(size: Scale) -> None:
    mine = {name: str(value) for name, value in asdict(size).items()}
    before = loaded_before()
    if before is None and holds_receipts():
        raise HomeInUse
    if before is not None and before != mine:
        raise OtherDemo(was=", ".join(f"{name} {value}" for name, value in before.items()))
    Setting.objects.get_or_create(name=_SETTING, defaults={"value": mine})


def _open(*, by: Actor, at: datetime) -> None:
    for place in PLACES:
        open_branches(by=by, codes=[place.code], at=at, zone=place.zone, channel=place.channel, name=place.name, city=place.city)
    rows = [ProductRow(one.sku, one.name, "IDR", one.category, one.price * 100, one.cost * 100) for one in ITEMS]
    save_products(by=by, products=rows, at=at)
    pairs = [("complement", pair) for pair in COMPLEMENTS] + [("upgrade", pair) for pair in UPGRADES]
    links = [(ITEMS[PLACE_OF[one]].sku, ITEMS[PLACE_OF[other]].sku, kind) for kind, (one, other) in pairs]
    link_products(by=by, links=links, at=at)


def _batches(story: Story, loaded: Loaded) -> Iterator[tuple[list[ReceiptMessage], list[Contact]]]:
    """Days gathered until they make a batch; a busy day is cut into several."""
    messages: list[ReceiptMessage] = []
    prospects: list[Contact] = []
    for loaded.day, day in enumerate(story.days(), start=1):
        messages += day.messages
        prospects += [one.dated(_moment(day.on)) for one in day.prospects]
        _note_tills(day, loaded)
        while len(messages) >= BATCH:
            yield messages[:BATCH], prospects
            messages, prospects = messages[BATCH:], []
    yield messages, prospects


def _note_tills(day: Day, loaded: Loaded) -> None:
    ago = loaded.days - loaded.day
    if ago >= CLOSINGS_KEPT:
        return
    for place in PLACES:
        if place.channel == "store":
            receipts, total = day.counted[place.code]
            more, money = _TILL_COUNTED_MORE.get((place.code, ago), (0, 0))
            loaded.closings.append(Closing(place.code, day.on, receipts + more, total * 100 + money, "IDR"))


def _take(messages: list[ReceiptMessage], prospects: list[Contact], loaded: Loaded, *, by: Actor) -> None:
    if prospects:
        resolve_contacts(by=by, contacts=prospects, at=prospects[-1].at or datetime.now(UTC), source=SOURCE)
    if not messages:
        return
    at = _moment(messages[-1].occurred_at.date())
    found = count_outcomes(record_receipts(by=by, receipts=messages, at=at, source=SOURCE))
    loaded.receipts += len(messages)
    loaded.lines += sum(len(one.lines) for one in messages)
    loaded.created += found["created"]
    loaded.updated += found["updated"]
    loaded.unchanged += found["unchanged"]
    loaded.errors += found["error"]


def _relate(story: Story, *, by: Actor) -> None:
    """Two people of each firm: one works there, one decides."""
    firms, at = story.size.firms, _moment(story.size.last)
    people = iter(range(firms, min(3 * firms, story.size.customers)))
    for firm in range(firms):
        staff = list(islice(people, 2))
        contacts = [story.faces.full(one).dated(at) for one in (firm, *staff)]
        company, *persons = resolve_contacts(by=by, contacts=contacts, at=at, source=SOURCE)
        for person, kind in zip(persons, ("works_at", "decides_for"), strict=False):
            if company and person:
                relate_customers(by=by, customer_id=person, other_id=company, kind=kind, at=at)


def _moment(day: date) -> datetime:
    """The evening of a day, when its books are done."""
    return datetime.combine(day, time(16, 30), UTC)
