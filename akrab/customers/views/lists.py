"""The list of customers; its address says what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akrab.customers.forms import SORTS, WHOSE, ChoiceForm
from akrab.customers.models import CUSTOMER, Customer, Stage
from akrab.customers.queries.choosing import Choice
from akrab.customers.queries.filtering import FILTERABLE, SEGMENTS
from akrab.customers.queries.listing import count_customers, known_cities, list_customers, pick_customers, sum_customers
from akrab.customers.queries.lists import CUSTOMERS
from akrab.customers.queries.showing import closed_fields
from akrab.customers.views.rows import USUAL, all_columns, chosen_columns, custom_columns, rows_of
from akrab.platform import money
from akrab.platform.actor import Actor
from akrab.platform.customizing.listing import is_order
from akrab.platform.listing.bar import beginning, view_bar
from akrab.platform.listing.declaring import SAFE
from akrab.platform.listing.tree import Group, write_tree
from akrab.platform.presentation import span
from akrab.platform.templatetags.shell import day, language, month, number
from akrab.platform.web import Request, fragment, is_partial, page, redirect

RANGES: dict[str, tuple[Any, Callable[[Any], str]]] = {
    "purchases": (gettext_lazy("Purchases"), number),
    "spend": (gettext_lazy("Spend"), number),
    "bought": (gettext_lazy("Bought"), day),
    "interval": (gettext_lazy("Days between purchases"), number),
    "last": (gettext_lazy("Last purchase"), day),
    "registered": (gettext_lazy("Registered"), day),
}


def index(request: Request) -> HttpResponse:
    form = ChoiceForm(request.GET)
    told = form.told()
    bar = view_bar(by=request.actor, name=CUSTOMERS.name, given=told)
    begins = "" if is_partial(request) else beginning(bar, keys=set(request.GET))
    if begins:
        return redirect(request, begins)
    choice = form.choice()
    closed = closed_fields(request.actor)
    form.close(closed)
    chosen = chosen_columns(request.GET.get("columns", ""), closed)
    cursor, added = request.GET.get("cursor", ""), custom_columns(chosen)
    found = list_customers(by=request.actor, choice=choice, cursor=cursor, columns=added)
    given = _given(told)
    results: dict[str, Any] = {
        "refused": form.refused,
        "chosen": _heads(chosen, choice, given),
        "columns_address": f"{reverse('customers:columns')}?{given.urlencode(safe=SAFE)}",
        "columns_given": given.get("columns", ""),
        "rows": rows_of(found.page.items, owners=found.owners, columns=chosen, by=request.actor),
        "closed": dict.fromkeys(closed, True),
        "has_owners": bool(found.owners),
        "page": found.page,
        "count": found.count,
        "respelt": found.respelt,
        "words": choice.words,
        "chips": _chips(form, choice, given, by=request.actor),
        "columns": _columns(choice, given),
        "next": _address(given, cursor=found.page.next) if found.page.next else "",
        "previous": _address(given, cursor=found.page.previous) if found.page.previous else "",
        "count_address": f"{reverse('customers:count')}?{given.urlencode()}",
        "currency": settings.CURRENCY,
        "sort": choice.sort,
        "is_filtered": bool(set(given) - {"view", "sort", "columns"}),
        "bar": bar,
        "sums_address": f"{reverse('customers:sums')}?{given.urlencode(safe=SAFE)}",
        "where": write_tree(choice.where),
        "filter_address": f"{reverse('customers:filter')}?{given.urlencode(safe=SAFE)}",
        "query": given.urlencode(safe=SAFE),
        "plus": "+" if found.count and found.count.is_capped else "",
        "may_change": request.actor.may("customers.edit_customers"),
        "may_export": request.actor.may("platform.export"),
        "given_stages": choice.stage,
        "may_register": request.actor.may("customers.register_customers"),
        "stages": _stages(choice, given),
        "stage": choice.stage[0] if len(choice.stage) == 1 else "" if not choice.stage else "several",
    }
    context: dict[str, Any] = {"form": form, "results": results}
    if not is_partial(request):
        context["cities"] = known_cities(by=request.actor)
    response = page(request, "customers/index.html", part="customers.list", **context)
    if is_partial(request):
        response["HX-Replace-Url"] = _address(given)
    return response


def count(request: Request) -> HttpResponse:
    """The number of customers in a list, loaded after the list itself."""
    exactly = "exactly" in request.GET
    given = _given(request.GET)
    counted = count_customers(by=request.actor, choice=ChoiceForm(request.GET).choice(), exactly=exactly)
    address = f"{reverse('customers:count')}?{given.urlencode()}&exactly=1"
    return fragment(request, "customers.count", count=counted, address=address)


def columns(request: Request) -> HttpResponse:
    """Which columns the list has and in which order; each step is an address."""
    given, closed, known = _given(request.GET), closed_fields(request.actor), all_columns()
    chosen = chosen_columns(given.get("columns", ""), closed)
    names = chosen or [name for name in USUAL if name in known and known[name][3] not in closed]
    kept = [(name, values) for name, values in given.lists() if name != "columns"]

    def step(changed: Sequence[str], base: str = "customers:columns") -> str:
        query = QueryDict(mutable=True)
        for name, values in kept:
            query.setlist(name, values)
        if changed:
            query["columns"] = "|".join(changed)
        return f"{reverse(base)}?{query.urlencode(safe=SAFE)}"

    shown = [
        {
            "title": known[name][0],
            "left": step([*names[: at - 1], name, names[at - 1], *names[at + 1 :]]) if at else "",
            "drop": step([*names[:at], *names[at + 1 :]]),
        }
        for at, name in enumerate(names)
    ]
    others = [
        {"title": title, "add": step([*names, name])}
        for name, (title, _part, _class, field) in known.items()
        if name not in names and field not in closed
    ]
    back = step(chosen, "customers:index")
    usual = step([]) if chosen else ""
    return page(request, "customers/columns.html", part="customers.columns", shown=shown, others=others, back=back, usual=usual)


def sums(request: Request) -> HttpResponse:
    """What the whole list comes to, asked for on demand."""
    found = sum_customers(by=request.actor, choice=ChoiceForm(request.GET).choice())
    given = _given(request.GET)
    shown = {
        "spend": [money.show(amount, currency, language()) for currency, amount in found.spend],
        "purchases": "" if found.purchases is None else number(found.purchases),
        "custom": found.custom,
    }
    return page(request, "customers/sums.html", part="customers.sums", sums=shown, back=_address(given))


def options(request: Request) -> HttpResponse:
    """Customers for the command palette."""
    words = request.GET.get("q", "").strip()
    found = pick_customers(by=request.actor, words=words) if words else []
    return fragment(request, "customers.options", customers=found)


def choices(request: Request) -> HttpResponse:
    """Customers to choose from in a form."""
    words = request.GET.get("words", "").strip()
    found = pick_customers(by=request.actor, words=words) if words else []
    return fragment(request, "customers.choices", customers=found, words=words)


def _given(asked: QueryDict) -> QueryDict:
    """The parameters that filter or sort, without empty ones and without the cursor."""
    given = QueryDict(mutable=True)
    for name in (*CUSTOMERS.parameters, "view"):
        values = [value for value in asked.getlist(name) if value.strip()]
        if values:
            given.setlist(name, values)
    return given


def _address(given: QueryDict, *, drop: tuple[str, ...] = (), value: str = "", **change: str) -> str:
    """The list's address with some parameters changed; a parameter with `value` loses only that value."""
    changed = given.copy()
    for name in drop:
        kept = [one for one in changed.getlist(name) if value and one != value]
        changed.setlist(name, kept)
        if not kept:
            del changed[name]
    for name, new in change.items():
        changed[name] = new
    if set(changed) == {"view"}:  # a view named alone would show all that it keeps
        changed["sort"] = "name"
    return reverse("customers:index") + (f"?{changed.urlencode(safe=SAFE)}" if changed else "")


def _chips(form: ChoiceForm, choice: Choice, given: QueryDict, *, by: Actor) -> list[tuple[str, str]]:
    """What the list is narrowed by, each with the address that takes it away."""
    chips = []
    if choice.kind:
        chips.append((str(Customer.Kind(choice.kind).label), _address(given, drop=("kind",))))
    chips += [(str(Stage(one).label), _address(given, drop=("stage",), value=one)) for one in choice.stage]
    if choice.city:
        chips.append((choice.city, _address(given, drop=("city",))))
    if choice.segment:
        chips.append((str(SEGMENTS[choice.segment]), _address(given, drop=("segment",))))
    if choice.first_month:
        label = _("First purchase in %(month)s") % {"month": month(choice.first_month)}
        chips.append((label, _address(given, drop=("first",))))
    if choice.first_before:
        label = _("First purchase before %(month)s") % {"month": month(choice.first_before)}
        chips.append((label, _address(given, drop=("first_before",))))
    if choice.is_quiet:
        chips.append((_("Gone quiet"), _address(given, drop=("quiet",))))
    if choice.whose:
        chips.append((str(WHOSE[choice.whose]), _address(given, drop=("whose",))))
    words = {"email": _("Has e-mail"), "phone": _("Has phone")}
    chips += [(words[one], _address(given, drop=("has",), value=one)) for one in choice.has]
    chips += tree_chips(choice.where, given, by=by)
    for name, (label, shown) in RANGES.items():
        low, high = getattr(choice, f"{name}_from"), getattr(choice, f"{name}_to")
        if low is not None or high is not None:
            text = f"{label} {span(*(None if one is None else shown(one) for one in (low, high)))}"
            chips.append((text, _address(given, drop=tuple(one for one in (f"{name}_from", f"{name}_to") if one in given))))
    return chips


def tree_chips(tree: Group, given: QueryDict, *, by: Actor) -> list[tuple[str, str]]:
    """The conditions of a tree whose parts all hold, each by itself; of one where any does, as one."""
    if not tree:
        return []
    if tree.joined == "or":
        return [(FILTERABLE.say(tree, by=by), _address(given, drop=("where",)))]
    chips = []
    for place, part in enumerate(tree.parts):
        left = tree.without(str(place))
        kept = _address(given, where=write_tree(left)) if left else _address(given, drop=("where",))
        chips.append((FILTERABLE.say(part, by=by), kept))
    return chips


HEADS = {
    "purchases": "-purchases",
    "spend": "-spend",
    "last_purchase": "-last_purchase",
    "registered": "-registered",
}
"""Columns that are sorted by, and the order that their head begins with."""


def _heads(names: Sequence[str], choice: Choice, given: QueryDict) -> list[dict[str, str]]:
    """The heads of chosen columns: those that can be sorted by lead to that order and turn it around."""
    known = all_columns() if names else {}
    heads = []
    for name in names:
        first = name if is_order(CUSTOMER.name, name) else HEADS.get(name, "")
        plain = first.removeprefix("-")
        is_current = bool(first) and choice.sort.removeprefix("-") == plain
        other = plain if choice.sort.startswith("-") else f"-{plain}"
        heads.append(
            {
                "title": str(known[name][0]),
                "class": known[name][2],
                "address": _address(given, sort=other if is_current else first) if first else "",
                "now": ("descending" if choice.sort.startswith("-") else "ascending") if is_current else "",
            }
        )
    return heads


def _columns(choice: Choice, given: QueryDict) -> dict[str, dict[str, str]]:
    """For each sortable column: its title, the address that sorts by it, and how it is sorted now."""
    current = choice.sort or ("" if choice.words else "name")
    columns = {}
    for name, title in SORTS.items():
        plain = name.removeprefix("-")
        is_current = current.removeprefix("-") == plain
        other = plain if current.startswith("-") else f"-{plain}"
        direction = ("descending" if current.startswith("-") else "ascending") if is_current else ""
        columns[plain] = {"title": str(title), "address": _address(given, sort=other if is_current else name), "now": direction}
    return columns


def _stages(choice: Choice, given: QueryDict) -> list[dict[str, Any]]:
    """The stage tabs above the list."""
    tabs = [{"title": _("All"), "url": _address(given, drop=("stage",) if "stage" in given else ()), "key": ""}]
    for code, title in Stage.choices:
        without = given.copy()
        without["stage"] = code
        tabs.append({"title": str(title), "url": f"{reverse('customers:index')}?{without.urlencode()}", "key": code})
    return tabs
