"""How the facts of the customers room are told on a timeline."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akrab.customers.facts import (
    AccountTeamChanged,
    ConsentRecorded,
    CustomerAssigned,
    CustomerEdited,
    CustomerErased,
    CustomerRegistered,
    CustomerRestored,
    CustomersMerged,
    CustomerTrashed,
    DataHandedOut,
    IdentifierRemoved,
    IdentifiersAdded,
    MergeUndone,
    PrivacyRequestClosed,
    PrivacyRequested,
    PrivacyRequestHandled,
    ProcessingRestricted,
    RelationshipChanged,
    ReviewSettled,
    StageChanged,
)
from akrab.customers.forms import CustomerForm
from akrab.customers.models import CUSTOMER, AccountMember, Customer, Identifier, Relationship, Stage
from akrab.customers.tables.consent import Channel, ConsentEvent
from akrab.customers.tables.privacy import PrivacyRequest
from akrab.platform.customizing.fields import custom_field
from akrab.platform.customizing.history import people_and_records
from akrab.platform.customizing.values import said
from akrab.platform.customizing.writing import from_fact
from akrab.platform.presentation import Told, tells
from akrab.platform.templatetags.shell import day


@tells(CustomerRegistered, icon="user-plus", tone="accent")
def registered(fact: CustomerRegistered) -> Told:
    return Told(_("Became known"), _("as %(name)s") % {"name": fact.name} if fact.name else "")


@tells(CustomerEdited, icon="edit")
def edited(fact: CustomerEdited) -> Told:
    lines = [f"{_field(name)}: {_value(name, old)} → {_value(name, new)}" for name, (old, new) in fact.changes.items()]
    title = _("%(field)s was changed") % {"field": _field(next(iter(fact.changes)))} if len(lines) == 1 else _("Was edited")
    return Told(title, " · ".join(lines))


@tells(CustomerTrashed, icon="trash", tone="warning")
def trashed(fact: CustomerTrashed) -> Told:
    return Told(_("Was moved to the trash"))


@tells(CustomerRestored, icon="arrow-back-up")
def restored(fact: CustomerRestored) -> Told:
    return Told(_("Came back from the trash"))


@tells(CustomersMerged, icon="git-merge", tone="accent")
def merged(fact: CustomersMerged) -> Told:
    many = len(fact.merged_ids)
    title = ngettext("%(count)s customer was merged into this one", "%(count)s customers were merged into this one", many)
    return Told(title % {"count": many}, fact.reason, reverse("customers:merge", args=[fact.merge_id]))


@tells(MergeUndone, icon="arrow-back-up", tone="warning")
def merge_undone(fact: MergeUndone) -> Told:
    return Told(_("A merge was undone"), "", reverse("customers:merge", args=[fact.merge_id]))


@tells(IdentifiersAdded, icon="id-badge-2")
def identifiers_added(fact: IdentifiersAdded) -> Told:
    return Told(_("New identifier: %(kinds)s") % {"kinds": ", ".join(_identifier(kind) for kind in fact.kinds)})


@tells(IdentifierRemoved, icon="id-badge-2", tone="warning")
def identifier_removed(fact: IdentifierRemoved) -> Told:
    return Told(_("%(kind)s was removed") % {"kind": _identifier(fact.kind)}, fact.value)


@tells(StageChanged, icon="progress", tone="info")
def stage_changed(fact: StageChanged) -> Told:
    words = {"before": _stage(fact.before), "after": _stage(fact.after)}
    return Told(_("Stage: %(before)s → %(after)s") % words)


@tells(RelationshipChanged, icon="affiliate")
def relationship_changed(fact: RelationshipChanged) -> Told:
    kind = str(Relationship.Kind(fact.kind).label) if fact.kind in Relationship.Kind.values else fact.kind
    words = {"name": fact.other_name or _("another customer"), "kind": kind}
    title = _("Relationship with %(name)s ended") if fact.ended else _("Relationship with %(name)s")
    return Told(title % words, kind, reverse("customers:show", args=[fact.other_id]) if fact.other_id else "")


@tells(ReviewSettled, icon="checks")
def review_settled(fact: ReviewSettled) -> Told:
    return Told(_("Doubtful evidence was looked at and settled"))


@tells(CustomerAssigned, icon="user-check", tone="info")
def assigned(fact: CustomerAssigned) -> Told:
    lines = []
    if fact.owner_name != fact.owner_before:
        lines.append(_("Owner: %(before)s → %(after)s") % {"before": fact.owner_before or "–", "after": fact.owner_name or "–"})
    if fact.team_name != fact.team_before:
        lines.append(_("Office: %(before)s → %(after)s") % {"before": fact.team_before or "–", "after": fact.team_name or "–"})
    return Told(_("Assigned to %(name)s") % {"name": fact.owner_name or fact.team_name or _("nobody")}, " · ".join(lines))


@tells(AccountTeamChanged, icon="users-group")
def account_team_changed(fact: AccountTeamChanged) -> Told:
    title = _("%(name)s left the account team") if fact.ended else _("%(name)s joined the account team")
    role = str(AccountMember.Role(fact.role).label) if fact.role in AccountMember.Role.values else fact.role
    return Told(title % {"name": fact.person_name}, role)


def _field(name: str) -> str:
    if custom := custom_field(CUSTOMER.name, name):
        return custom.title
    field = CustomerForm.base_fields.get(name)
    return str(field.label) if field else name


def _value(name: str, text: str) -> str:
    """A value as a fact has it, told as the profile tells the field."""
    if not text:
        return "–"
    if custom := custom_field(CUSTOMER.name, name):
        value = from_fact(custom, text)
        return said(custom, value, people_and_records(custom, value))
    if name == "kind" and text in Customer.Kind.values:
        return str(Customer.Kind(text).label)
    try:
        return day(date.fromisoformat(text)) if name == "born_on" else text
    except ValueError:  # the dots of a hidden value
        return text


def _identifier(kind: str) -> str:
    return str(Identifier.Kind(kind).label) if kind in Identifier.Kind.values else kind


def _stage(code: str) -> str:
    return str(Stage(code).label) if code in Stage.values else code


@tells(ConsentRecorded, icon="shield-check", tone="info")
def consent_recorded(fact: ConsentRecorded) -> Told:
    state = str(ConsentEvent.State(fact.state).label) if fact.state in ConsentEvent.State.values else fact.state
    channel = str(Channel(fact.channel).label) if fact.channel in Channel.values else fact.channel
    return Told(_("Consent: %(state)s") % {"state": state}, f"{fact.purpose}, {channel}")


@tells(PrivacyRequested, icon="shield-lock", tone="warning")
def privacy_requested(fact: PrivacyRequested) -> Told:
    link = reverse("customers:privacy_request", args=[fact.request_id])
    return Told(_("Privacy request: %(kind)s") % {"kind": _right(fact.kind)}, "", link)


@tells(PrivacyRequestHandled, icon="user-check")
def privacy_request_handled(fact: PrivacyRequestHandled) -> Told:
    identity = PrivacyRequest.Identity(fact.identity).label if fact.identity in PrivacyRequest.Identity.values else fact.identity
    words = _("Identity behind a privacy request: %(identity)s") % {"identity": identity}
    return Told(words, fact.assignee, reverse("customers:privacy_request", args=[fact.request_id]))


@tells(PrivacyRequestClosed, icon="shield-check", tone="success")
def privacy_request_closed(fact: PrivacyRequestClosed) -> Told:
    decision = PrivacyRequest.Decision(fact.decision).label if fact.decision in PrivacyRequest.Decision.values else fact.decision
    words = _("Privacy request closed: %(kind)s") % {"kind": _right(fact.kind)}
    detail = f"{decision} · {_('late')}" if fact.late else str(decision)
    return Told(words, detail, reverse("customers:privacy_request", args=[fact.request_id]))


@tells(DataHandedOut, icon="download")
def data_handed_out(fact: DataHandedOut) -> Told:
    return Told(_("Everything held on this customer was handed out"))


@tells(ProcessingRestricted, icon="shield-lock", tone="warning")
def processing_restricted(fact: ProcessingRestricted) -> Told:
    return Told(_("Restriction of processing lifted") if fact.lifted else _("Processing restricted"))


@tells(CustomerErased, icon="trash", tone="danger")
def customer_erased(fact: CustomerErased) -> Told:
    return Told(_("Customer erased"), "", reverse("customers:erasure", args=[fact.erasure_id]))


def _right(kind: str) -> str:
    return str(PrivacyRequest.Kind(kind).label) if kind in PrivacyRequest.Kind.values else kind
