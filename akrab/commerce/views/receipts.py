"""Receipts: the list, one document, and the queue of those that wait for their sale."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from akrab.commerce.forms import ClaimForm, ReceiptChoiceForm
from akrab.commerce.models import Receipt
from akrab.commerce.queries.choosing import ReceiptChoice, early_receipts, list_receipts, sum_receipts
from akrab.commerce.queries.shelves import all_branches, all_categories
from akrab.commerce.views.documents import document
from akrab.platform.presentation import span
from akrab.platform.templatetags.shell import day, month
from akrab.platform.web import Request, fragment, is_partial, page

LABELED = frozenset({"who", "amount"})


def index(request: Request) -> HttpResponse:
    form = _form(request)
    choice = form.choice()
    cursor = request.GET.get("cursor", "")
    found = list_receipts(by=request.actor, choice=choice, cursor=cursor)
    given = _given(request)
    results: dict[str, Any] = {
        "page": found,
        "next": _address(given, cursor=found.next) if found.next else "",
        "previous": _address(given, cursor=found.previous) if found.previous else "",
        "chips": _chips(form, choice, given),
        "periods": _periods(choice, given),
        "tabs": _tabs(given),
        "kind": choice.kind,
        "kept": [(name, given[name]) for name in ("kind", "customer", "cohort", "product") if name in given],
        "count_address": f"{reverse('commerce:receipt_count')}?{given.urlencode()}",
        "here": "" if cursor else _address(given),
        "is_filtered": bool(given),
        "may_import": request.actor.may("platform.run_imports"),
        "may_export": request.actor.may("platform.export"),
        "query": given.urlencode(),
    }
    response = page(request, "commerce/receipts.html", part="commerce.receipts", form=form, results=results)
    if is_partial(request):
        response["HX-Replace-Url"] = _address(given)
    return response


def count(request: Request) -> HttpResponse:
    """The number of receipts in a list and their total, loaded after the list itself."""
    given = _given(request)
    form = _form(request)
    counted = sum_receipts(by=request.actor, choice=form.choice(), exactly="exactly" in request.GET)
    address = f"{reverse('commerce:receipt_count')}?{given.urlencode()}&exactly=1"
    return fragment(request, "commerce.count", count=counted, address=address, part=_part(form))


def _part(form: ReceiptChoiceForm) -> str:
    """What the part is of that the count tells beside the whole."""
    choice = form.choice()
    if choice.is_about_lines:
        return form.title_of("category") if choice.category else _("One product")
    return _("Left after returns") if choice.amount == "kept" else form.title_of("amount")


def early(request: Request) -> HttpResponse:
    found = early_receipts(by=request.actor, cursor=request.GET.get("cursor", ""))
    here = reverse("commerce:early")
    results = {
        "page": found,
        "next": f"{here}?cursor={found.next}" if found.next else "",
        "previous": f"{here}?cursor={found.previous}" if found.previous else "",
    }
    return page(request, "commerce/early.html", part="commerce.early", results=results)


def show(request: Request, receipt_id: UUID) -> HttpResponse:
    return document(request, receipt_id, ClaimForm())


def _form(request: Request) -> ReceiptChoiceForm:
    may_see = request.actor.may("commerce.view_products")
    categories = all_categories(by=request.actor) if may_see else []
    return ReceiptChoiceForm(request.GET, branches=all_branches(by=request.actor), categories=categories)


def _given(request: Request) -> QueryDict:
    given = QueryDict(mutable=True)
    for name in ReceiptChoiceForm.base_fields:
        if request.GET.get(name, "").strip():
            given[name] = request.GET[name]
    return given


def _address(given: QueryDict, *, drop: tuple[str, ...] = (), **change: str) -> str:
    changed = given.copy()
    for name in drop:
        changed.pop(name, None)
    for name, value in change.items():
        changed[name] = value
    return reverse("commerce:receipts") + (f"?{changed.urlencode()}" if changed else "")


def _tabs(given: QueryDict) -> list[dict[str, str]]:
    """The kinds of documents above the list."""
    kinds = [("", _("All")), *((code, str(title)) for code, title in Receipt.Kind.choices)]
    return [
        {"key": code, "title": title, "url": _address(given, kind=code) if code else _address(given, drop=("kind",))}
        for code, title in kinds
    ]


def _periods(choice: ReceiptChoice, given: QueryDict) -> list[tuple[str, str, bool]]:
    """Days in one click: title, address, whether it is what the list shows."""
    today = localdate()
    spans = [
        (_("Today"), today, today),
        (_("Yesterday"), today - timedelta(days=1), today - timedelta(days=1)),
        (_("7 days"), today - timedelta(days=6), today),
        (_("30 days"), today - timedelta(days=29), today),
    ]
    return [
        (
            title,
            _address(given, day_from=first.isoformat(), day_to=last.isoformat()),
            (choice.day_from, choice.day_to) == (first, last),
        )
        for title, first, last in spans
    ]


def _chips(form: ReceiptChoiceForm, choice: ReceiptChoice, given: QueryDict) -> list[tuple[str, str]]:
    """What the list is narrowed by, each with the address that takes it away."""
    chips = []
    if choice.number:
        chips.append((_("Number %(number)s") % {"number": choice.number}, _address(given, drop=("q",))))
    if choice.day_from or choice.day_to:
        first, last = (day(one) if one else None for one in (choice.day_from, choice.day_to))
        chips.append((span(first, last), _address(given, drop=("day_from", "day_to"))))
    for name in ("branch", "channel", "status", "who", "amount", "category"):
        if getattr(choice, name):
            title = form.title_of(name)
            shown = f"{form.fields[name].label}: {title}" if name in LABELED else title
            chips.append((shown, _address(given, drop=(name,))))
    if choice.cohort:
        label = _("First purchase in %(month)s") % {"month": month(choice.cohort)}
        chips.append((label, _address(given, drop=("cohort",))))
    if choice.customer:
        chips.append((_("One customer"), _address(given, drop=("customer",))))
    if choice.product:
        chips.append((_("One product"), _address(given, drop=("product",))))
    return chips
