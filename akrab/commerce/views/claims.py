"""Claims: an anonymous receipt finds its customer, by hand or by the code printed on it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akrab.commerce.facts import ClaimRefused
from akrab.commerce.forms import ClaimCodeForm, ClaimForm
from akrab.commerce.operations.claiming import claim_receipt, read_claim_code
from akrab.commerce.views.documents import document
from akrab.customers.public import Contact
from akrab.platform.refusal import Forbidden, NotFound, Refusal
from akrab.platform.web import Request, page, redirect, toast

REASONS = {
    "already_yours": gettext_lazy("This customer has the receipt already."),
    "taken": gettext_lazy("The receipt belongs to another customer. The attempt was noted."),
    "too_late": gettext_lazy("The receipt is too old to be claimed. The attempt was noted."),
    "not_counted": gettext_lazy("Only sales that count can be claimed. The attempt was noted."),
}


def create(request: Request, receipt_id: UUID) -> HttpResponse:
    form = ClaimForm(request.POST)
    if form.is_valid():
        contact = Contact(form.identifiers(), name=form.cleaned_data["name"])
        try:
            fact = claim_receipt(
                by=request.actor, receipt_id=receipt_id, contact=contact, at=now(), customer_id=form.cleaned_data["other"]
            )
        except (Forbidden, NotFound):
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if not isinstance(fact, ClaimRefused):
                toast(request, _("The receipt belongs to its customer now."))
                return redirect(request, "commerce:receipt", receipt_id)
            form.add_error(None, str(REASONS.get(fact.reason, fact.reason)))
    return document(request, receipt_id, form, status=422)


def show_code(request: Request) -> HttpResponse:
    """Where the code of a receipt is typed, or arrives from the camera of a phone."""
    code = request.GET.get("code", "")
    return _find(request, ClaimCodeForm({"code": code})) if code else _code_page(request, ClaimCodeForm())


def find(request: Request) -> HttpResponse:
    return _find(request, ClaimCodeForm(request.POST))


def _find(request: Request, form: ClaimCodeForm) -> HttpResponse:
    if form.is_valid():
        try:
            return redirect(request, "commerce:receipt", read_claim_code(form.cleaned_data["code"].strip()))
        except Refusal as refusal:
            form.add_error("code", str(refusal))
    return _code_page(request, form)


def _code_page(request: Request, form: ClaimCodeForm) -> HttpResponse:
    return page(request, "commerce/claim_code.html", status=422 if form.errors else 200, form=form)
