"""The consent of a customer: a panel with a grid of channels and purposes, its history, and the rights of the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.customers.forms import ConsentForm
from akrab.customers.operations.consenting import ConsentMessage, record_consents
from akrab.customers.operations.requesting import lift_restriction, restrict_processing
from akrab.customers.queries.consents import consent_history, consents_of, newest_wordings, purposes
from akrab.customers.queries.privacy import requests_of, restriction_of
from akrab.customers.tables.consent import Channel, ConsentEvent, Purpose
from akrab.platform.operation import require
from akrab.platform.web import Request, answer, fragment

SIGNS = {"granted": ("check", "success"), "withdrawn": ("x", "danger"), "expired": ("clock", "warning"), "": ("minus", "neutral")}


@dataclass(frozen=True, slots=True)
class Cell:
    """One channel and purpose in the grid."""

    channel: str
    title: str
    state: str
    basis: Any = Purpose.Basis.CONSENT

    @property
    def is_allowed(self) -> bool:
        """Consent was given; a purpose with another basis is allowed until somebody objects."""
        return self.state == "granted" or (self.basis != Purpose.Basis.CONSENT and self.state != "withdrawn")

    @property
    def icon(self) -> str:
        return SIGNS["granted" if self.is_allowed else self.state][0]

    @property
    def words(self) -> str:
        if self.is_allowed and self.state != "granted":
            return _("Allowed: %(basis)s") % {"basis": Purpose.Basis(self.basis).label}
        return str(ConsentEvent.State(self.state).label) if self.state else _("Not asked yet")

    @property
    def tone(self) -> str:
        return SIGNS["granted" if self.is_allowed else self.state][1]


def index(request: Request, customer_id: UUID) -> HttpResponse:
    purpose, channel = request.GET.get("purpose", ""), request.GET.get("channel", "")
    form = _form(request, initial={"purpose": purpose, "channel": [channel], "state": "granted", "wording_language": "id"})
    return fragment(request, "customers.consents", **_shown(request, customer_id, form, giving=bool(purpose)))


def create(request: Request, customer_id: UUID) -> HttpResponse:
    require(request.actor, "customers.edit_customers")
    form = _form(request, request.POST)
    if form.is_valid():
        values = form.cleaned_data
        texts = newest_wordings(by=request.actor, language=values["wording_language"] or "id")
        asked = texts.get(values["purpose"]) if values["state"] == "granted" else None
        messages = [
            ConsentMessage(
                channel=channel,
                purpose=values["purpose"],
                state=values["state"],
                customer_id=customer_id,
                evidence=values["evidence"],
                where=values["where"],
                wording_version=asked[0] if asked else None,
                wording_language=(values["wording_language"] or "id") if asked else "",
            )
            for channel in values["channel"]
        ]
        taken = record_consents(by=request.actor, consents=messages, at=now(), source=request.actor.entrance)
        errors = {name: reason for one in taken for name, reason in one.errors.items()}
        if not errors:
            to = reverse("customers:show", args=[customer_id])
            return answer(request, "customers.consents", to=to, **_shown(request, customer_id, _form(request)))
        for name, reason in errors.items():
            form.add_error(name if name in form.fields else None, reason)
    return fragment(request, "customers.consents", status=422, **_shown(request, customer_id, form, giving=True))


def restrict(request: Request, customer_id: UUID) -> HttpResponse:
    restrict_processing(by=request.actor, customer_id=customer_id, reason=request.POST.get("reason", ""), at=now())
    return _changed(request, customer_id)


def lift(request: Request, customer_id: UUID) -> HttpResponse:
    lift_restriction(by=request.actor, customer_id=customer_id, at=now())
    return _changed(request, customer_id)


def _changed(request: Request, customer_id: UUID) -> HttpResponse:
    to = reverse("customers:show", args=[customer_id])
    return answer(request, "customers.consents", to=to, **_shown(request, customer_id, _form(request)))


def _form(request: Request, data: Any = None, **options: Any) -> ConsentForm:
    return ConsentForm(data, purposes=[(one.code, str(one)) for one in purposes(by=request.actor)], **options)


def _shown(request: Request, customer_id: UUID, form: ConsentForm, *, giving: bool = False) -> dict[str, Any]:
    at = now()
    states = {(one.channel, one.purpose): one.state for one in consents_of(by=request.actor, customer_id=customer_id, at=at)}
    rows = [
        (one, [Cell(code, str(title), states.get((code, one.code), ""), one.basis) for code, title in Channel.choices])
        for one in purposes(by=request.actor)
    ]
    officer = request.actor.may("customers.manage_privacy")
    if giving:
        form.fields["purpose"].widget.attrs["autofocus"] = True
    wording = newest_wordings(by=request.actor, language="id").get(form["purpose"].value() or "") if giving else None
    return {
        "customer_id": customer_id,
        "rows": rows,
        "history": consent_history(by=request.actor, customer_id=customer_id, size=30),
        "form": form,
        "wording": wording[1] if wording else "",
        "giving": giving,
        "restriction": restriction_of(by=request.actor, customer_id=customer_id),
        "requests": requests_of(by=request.actor, customer_id=customer_id, at=at) if officer else [],
        "officer": officer,
        "may_edit": request.actor.may("customers.edit_customers"),
        "may_erase": request.actor.may("customers.erase_customers"),
    }
