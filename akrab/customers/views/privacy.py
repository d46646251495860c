"""Privacy requests: the list with clocks, one case with its steps, and what is handed out."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from akrab.customers.forms import DecisionForm, HandlingForm, PrivacyRequestForm
from akrab.customers.operations.consenting import withdraw_everything
from akrab.customers.operations.handing_out import hand_out
from akrab.customers.operations.requesting import close_request, handle_request, open_request
from akrab.customers.queries.privacy import assignees, get_request, privacy_requests, restriction_of
from akrab.customers.queries.profiles import get_customer
from akrab.platform.operation import require
from akrab.platform.refusal import Invalid, Refusal
from akrab.platform.web import Request, page, redirect, toast

MAY = "customers.manage_privacy"


def tabs() -> list[dict[str, str]]:
    """The pages of the privacy desk."""
    return [
        {"key": "open", "title": _("Open requests"), "url": reverse("customers:privacy")},
        {"key": "closed", "title": _("Answered"), "url": reverse("customers:privacy") + "?closed=1"},
        {"key": "erasures", "title": _("Erasures"), "url": reverse("customers:erasures")},
        {"key": "retention", "title": _("Retention"), "url": reverse("customers:retention")},
        {"key": "purposes", "title": _("Purposes"), "url": reverse("customers:purposes")},
    ]


def index(request: Request) -> HttpResponse:
    closed = request.GET.get("closed") == "1"
    found = privacy_requests(by=request.actor, at=now(), closed=closed)
    return page(request, "customers/privacy.html", requests=found, closed=closed, tabs=tabs())


def new(request: Request, customer_id: UUID) -> HttpResponse:
    require(request.actor, MAY)
    customer = get_customer(by=request.actor, customer_id=customer_id)
    here = localtime(now(), ZoneInfo(request.actor.zone))
    return page(request, "customers/privacy_new.html", form=PrivacyRequestForm(initial={"received_at": here}), customer=customer)


def create(request: Request, customer_id: UUID) -> HttpResponse:
    form = PrivacyRequestForm(request.POST)
    if form.is_valid():
        try:
            made = open_request(by=request.actor, customer_id=customer_id, at=now(), **form.cleaned_data)
        except Invalid as refusal:
            _explain(form, refusal)
        else:
            return redirect(request, "customers:privacy_request", made.request_id)
    customer = get_customer(by=request.actor, customer_id=customer_id)
    return page(request, "customers/privacy_new.html", status=422, form=form, customer=customer)


def show(request: Request, request_id: UUID) -> HttpResponse:
    return _page(request, request_id)


def handle(request: Request, request_id: UUID) -> HttpResponse:
    form = _handling(request, request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            handle_request(
                by=request.actor,
                request_id=request_id,
                identity=values["identity"],
                identity_how=values["identity_how"],
                assignee_id=UUID(values["assignee"]) if values["assignee"] else None,
                at=now(),
            )
        except Invalid as refusal:
            _explain(form, refusal)
        else:
            toast(request, _("Saved."))
            return redirect(request, "customers:privacy_request", request_id)
    return _page(request, request_id, status=422, handling=form)


def decide(request: Request, request_id: UUID) -> HttpResponse:
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            close_request(by=request.actor, request_id=request_id, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("reason" if refusal.code == "refused_without_reason" else None, str(refusal))
        else:
            toast(request, _("Answered and closed."))
            return redirect(request, "customers:privacy_request", request_id)
    return _page(request, request_id, status=422, deciding=form)


def handout(request: Request, customer_id: UUID) -> HttpResponse:
    """The file with everything; it is made by a POST because that it was made is noted."""
    content = hand_out(by=request.actor, customer_id=customer_id, at=now())
    name = f"customer-{customer_id}.zip"
    return HttpResponse(
        content, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def withdraw(request: Request, customer_id: UUID) -> HttpResponse:
    withdraw_everything(by=request.actor, customer_id=customer_id, at=now(), evidence=_("Objection"))
    toast(request, _("Every consent is withdrawn."))
    return redirect(request, "customers:show", customer_id)


def _page(
    request: Request,
    request_id: UUID,
    *,
    status: int = 200,
    handling: HandlingForm | None = None,
    deciding: DecisionForm | None = None,
) -> HttpResponse:
    found = get_request(by=request.actor, request_id=request_id, at=now())
    case = found.request
    initial = {"identity": case.identity, "identity_how": case.identity_how, "assignee": str(case.assignee_id or "")}
    restricted = found.name and restriction_of(by=request.actor, customer_id=case.customer_id)
    return page(
        request,
        "customers/privacy_request.html",
        status=status,
        line=found,
        case=case,
        handling=handling or _handling(request, initial=initial),
        deciding=deciding or DecisionForm(),
        restricted=bool(restricted),
        may_erase=request.actor.may("customers.erase_customers"),
    )


def _handling(request: Request, data: Any = None, **options: Any) -> HandlingForm:
    people = [(str(one.pk), str(one)) for one in assignees(by=request.actor)]
    return HandlingForm(data, people=people, **options)


def _explain(form: Any, refusal: Invalid) -> None:
    for name, reason in refusal.errors.items():
        form.add_error(name if name in form.fields else None, reason)
