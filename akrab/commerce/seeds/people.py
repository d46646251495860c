"""The faces of the demo company's customers: names, telephones, cards, and what each shows at the till."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from akrab.commerce.seeds.catalog import PLACES, WEB
from akrab.commerce.seeds.names import TOWNS, firm_name, mail_address, person_name, phone_number
from akrab.commerce.seeds.population import ACCOUNT, CARD, EMAIL, FIRM, PHONE, Population
from akrab.customers.public import Contact

BIRTHDAYS_TOLD = 40


@dataclass(frozen=True, slots=True)
class Faces:
    """Contacts of the customers of a population, made when they are needed."""

    people: Population

    def shown(self, customer: int, day: int, *, online: bool, draw: float) -> Contact:
        """What the customer shows: everything on the first visit, later a card, a telephone or the shop account."""
        if self.people.begins[customer] == day:
            return self.full(customer)
        known = int(self.people.known_by[customer])
        if online and known & ACCOUNT:
            return Contact((("account", account(customer)),))
        if known & CARD and (draw < 0.75 or not known & PHONE):
            return Contact((("card", card(customer)),))
        if known & PHONE:
            return Contact((("phone", phone_number(customer)),))
        return Contact((("email", mail_address(self.name(customer), customer)),))

    def full(self, customer: int) -> Contact:
        """The contact with all identifiers, name, town and, for some, the birthday."""
        people, name = self.people, self.name(customer)
        known, form, firm = int(people.known_by[customer]), int(people.form[customer]), self.is_firm(customer)
        pairs = []
        if known & ACCOUNT:
            pairs.append(("account", account(customer)))
        if known & CARD:
            pairs.append(("card", card(customer)))
        if known & PHONE:
            pairs.append(("phone", phone_number(customer)))
        if known & EMAIL:
            pairs.append(("email", mail_address(name, customer)))
        home, town = int(people.home[customer]), int(people.town[customer])
        tells = not firm and (form * 31 + town) % 100 < BIRTHDAYS_TOLD
        return Contact(
            tuple(pairs),
            name=name,
            kind="company" if firm else "person",
            city=TOWNS[town % len(TOWNS)] if home == WEB else PLACES[home].city,
            country="ID",
            born_on=date(1962, 1, 1) + timedelta(days=town % 16_500) if tells else None,
        )

    def name(self, customer: int) -> str:
        people = self.people
        if self.is_firm(customer):
            return firm_name(customer)
        return person_name(int(people.given[customer]), int(people.second[customer]), int(people.form[customer]))

    def is_firm(self, customer: int) -> bool:
        return bool(self.people.behavior[customer] == FIRM)


def card(customer: int) -> str:
    return f"LS{customer:08d}"


def account(customer: int) -> str:
    return f"toko-{customer:07d}"
