"""Customers take custom fields: what formulas may use of them, and how fields of other objects name one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.queries.identifying import key_of
from akrab.customers.queries.showing import closed_kinds
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.declaring import Customizable, Known, customizable

_KINDS = ("email", "phone", "card", "external")


def find(by: Actor, words: Sequence[str]) -> dict[str, UUID]:
    """Customers by id, e-mail, phone, card or external id, as far as the actor may see them and what identifies them."""
    kinds = [kind for kind in _KINDS if kind not in closed_kinds(by)]
    ids = {word: UUID(word) for word in words if _is_id(word)}
    keys = {key: word for word in words for kind in kinds if word not in ids and (key := key_of(kind, word))}
    rows = fetch(
        "SELECT i.kind, i.key, i.customer_id FROM unnest(%s::text[], %s::text[]) AS w(kind, key) "
        "JOIN customers_identifier i ON i.kind = w.kind AND i.key = w.key",
        [[kind for kind, _key in keys], [key for _kind, key in keys]],
    )
    wanted = ids | {keys[(kind, key)]: customer for kind, key, customer in rows}
    seen = set(Customer.objects.visible_to(by).filter(pk__in=set(wanted.values())).values_list("pk", flat=True))
    return {word: one for word, one in wanted.items() if one in seen}


def names(by: Actor, ids: Sequence[str]) -> dict[str, str]:
    """The names of those whom the actor may see."""
    rows = Customer.objects.visible_to(by).filter(pk__in=ids).values_list("pk", "display_name")
    return {str(one): name for one, name in rows}


def _is_id(word: str) -> bool:
    try:
        return bool(UUID(word))
    except ValueError:
        return False


CUSTOMERS = customizable(
    Customizable(
        name=CUSTOMER.name,
        title=CUSTOMER.title,
        table=CUSTOMER.table,
        view=CUSTOMER.verb,
        edit=CUSTOMER.edit_verb,
        page="customers:show",
        find=find,
        names=names,
        hint=_("An e-mail address, phone number, card or id."),
        order=10,
        alive="{trashed_at} IS NULL",
        columns={
            "purchases": Known("{purchase_count}::numeric", "number", _("Purchases"), "purchases"),
            "spend": Known("{spend}::numeric", "money", _("Spend"), "spend"),
            "born_on": Known("{born_on}", "date", _("Born on"), "born_on"),
            "registered": Known("{registered_at}", "moment", _("Registered")),
            "last_purchase": Known("{last_purchase_at}", "moment", _("Last purchase"), "purchases"),
            "first_purchase": Known("{first_purchase_at}", "moment", _("First purchase"), "purchases"),
            "name": Known("{display_name}", "text", _("Name")),
            "city": Known("{city}", "text", _("City"), "city"),
            "stage": Known("{stage}", "text", _("Stage")),
            "kind": Known("{kind}", "text", _("Kind")),
        },
    )
)
