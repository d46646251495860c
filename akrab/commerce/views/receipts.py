"""Receipts: the list, the queue of parked documents, and one document with its claim."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akrab.commerce.facts import ClaimRefused
from akrab.commerce.forms import ClaimCodeForm, ClaimForm, ReceiptChoiceForm
from akrab.commerce.operations.claiming import claim_code, claim_receipt, read_claim_code
from akrab.commerce.queries.choosing import count_receipts, list_receipts, parked_receipts
from akrab.commerce.queries.receipts import get_receipt
from akrab.commerce.queries.shelves import all_branches
from akrab.customers.public import Contact
from akrab.platform.refusal import Refusal
from akrab.platform.web import Request, fragment, is_partial, page, redirect, toast

TABS: dict[str, tuple[Any, dict[str, str]]] = {
    "": (gettext_lazy("All"), {}),
    "known": (gettext_lazy("Known customers"), {"who": "known"}),
    "anonymous": (gettext_lazy("Anonymous"), {"who": "anonymous"}),
    "returns": (gettext_lazy("Returns"), {"kind": "return"}),
    "voided": (gettext_lazy("Voided"), {"status": "voided"}),
}
REASONS = {
    "already_yours": gettext_lazy("This customer has the receipt already."),
    "taken": gettext_lazy("The receipt belongs to another customer. The attempt was noted."),
    "too_late": gettext_lazy("The receipt is too old to be claimed. The attempt was noted."),
    "not_counted": gettext_lazy("Only sales that count can be claimed. The attempt was noted."),
}


def index(request: Request) -> HttpResponse:
    form = ReceiptChoiceForm(request.GET, branches=all_branches(by=request.actor))
    choice = form.choice()
    found = list_receipts(by=request.actor, choice=choice, cursor=request.GET.get("cursor", ""))
    given = _given(request)
    results: dict[str, Any] = {
        "page": found,
        "next": _address(given, cursor=found.next) if found.next else "",
        "previous": _address(given, cursor=found.previous) if found.previous else "",
        "chips": _chips(form, given),
        "count_address": f"{reverse('commerce:receipt_count')}?{given.urlencode()}",
        "is_filtered": bool(given),
        "tabs": _tabs(given),
        "tab": next((key for key, (_title, values) in TABS.items() if values and _holds(given, values)), ""),
    }
    response = page(request, "commerce/receipts.html", part="commerce.receipts", form=form, results=results)
    if is_partial(request):
        response["HX-Replace-Url"] = _address(given)
    return response


def count(request: Request) -> HttpResponse:
    """The number of receipts in a list, loaded after the list itself."""
    given = _given(request)
    form = ReceiptChoiceForm(request.GET, branches=[])
    counted = count_receipts(by=request.actor, choice=form.choice(), exactly="exactly" in request.GET)
    address = f"{reverse('commerce:receipt_count')}?{given.urlencode()}&exactly=1"
    return fragment(request, "commerce.count", count=counted, address=address)


def parked(request: Request) -> HttpResponse:
    found = parked_receipts(by=request.actor, cursor=request.GET.get("cursor", ""))
    here = reverse("commerce:parked")
    return page(
        request, "commerce/parked.html", page=found, next=f"{here}?cursor={found.next}" if found.next else "",
        previous=f"{here}?cursor={found.previous}" if found.previous else "",
    )


def show(request: Request, receipt_id: UUID) -> HttpResponse:
    return _page(request, receipt_id, ClaimForm())


def claim(request: Request, receipt_id: UUID) -> HttpResponse:
    form = ClaimForm(request.POST)
    if form.is_valid():
        contact = Contact(form.identifiers(), name=form.cleaned_data["name"])
        try:
            fact = claim_receipt(by=request.actor, receipt_id=receipt_id, contact=contact, at=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if isinstance(fact, ClaimRefused):
                form.add_error(None, str(REASONS.get(fact.reason, fact.reason)))
            else:
                toast(request, _("The receipt belongs to its customer now."))
                return redirect(request, "commerce:receipt", receipt_id)
    return _page(request, receipt_id, form, status=422)


def code(request: Request) -> HttpResponse:
    """Find the receipt of a claim code."""
    form = ClaimCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(request, "commerce:receipt", read_claim_code(form.cleaned_data["code"].strip()))
        except Refusal as refusal:
            form.add_error("code", str(refusal))
    return page(request, "commerce/claim_code.html", status=422 if form.errors else 200, form=form)


def _page(request: Request, receipt_id: UUID, form: ClaimForm, *, status: int = 200) -> HttpResponse:
    sheet = get_receipt(by=request.actor, receipt_id=receipt_id)
    may_claim = sheet.can_be_claimed and request.actor.may("commerce.claim_receipts")
    return page(
        request, "commerce/receipt.html", status=status, sheet=sheet, receipt=sheet.receipt, form=form,
        may_claim=may_claim, code=claim_code(receipt_id) if sheet.can_be_claimed else "",
    )


def _given(request: Request) -> QueryDict:
    given = QueryDict(mutable=True)
    for name in ReceiptChoiceForm.base_fields:
        if request.GET.get(name, "").strip():
            given[name] = request.GET[name]
    return given


def _address(given: QueryDict, *, drop: str = "", **change: str) -> str:
    changed = given.copy()
    changed.pop(drop, None)
    for name, value in change.items():
        changed[name] = value
    return reverse("commerce:receipts") + (f"?{changed.urlencode()}" if changed else "")


def _tabs(given: QueryDict) -> list[dict[str, Any]]:
    """Quick choices above the list; each keeps the other filters."""
    quick = {name for _title, values in TABS.values() for name in values}
    tabs = []
    for key, (title, values) in TABS.items():
        changed = given.copy()
        for name in quick:
            changed.pop(name, None)
        changed.update(values)
        address = reverse("commerce:receipts") + (f"?{changed.urlencode()}" if changed else "")
        tabs.append({"key": key, "title": title, "url": address})
    return tabs


def _holds(given: QueryDict, values: dict[str, str]) -> bool:
    return all(given.get(name) == value for name, value in values.items())


def _chips(form: ReceiptChoiceForm, given: QueryDict) -> list[tuple[str, str]]:
    """What the list is narrowed by, each with the address that takes it away."""
    chips = []
    for name in given:
        field = form.fields[name]
        value = given[name]
        choices = {str(key): str(words) for key, words in getattr(field.widget, "choices", [])}
        label = _("One customer") if name == "customer" else choices.get(value, value)
        chips.append((f"{field.label}: {label}" if field.label and name != "customer" else label, _address(given, drop=name)))
    return chips
