"""How the facts of the customers room are told on a timeline."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from akrab.customers.facts import (
    AccountTeamChanged,
    CustomerAssigned,
    CustomerEdited,
    CustomerRegistered,
    CustomerRestored,
    CustomerTrashed,
    IdentifierRemoved,
    IdentifiersAdded,
    RelationshipChanged,
    ReviewSettled,
    StageChanged,
)
from akrab.customers.forms import CustomerForm
from akrab.customers.models import AccountMember, Identifier, Relationship, Stage
from akrab.platform.presentation import Told, tells


@tells(CustomerRegistered, icon="user-plus", tone="accent")
def registered(fact: CustomerRegistered) -> Told:
    return Told(_("Became known"), _("as %(name)s") % {"name": fact.name} if fact.name else "")


@tells(CustomerEdited, icon="edit")
def edited(fact: CustomerEdited) -> Told:
    lines = [f"{_field(name)}: {old or '–'} → {new or '–'}" for name, (old, new) in fact.changes.items()]
    title = _("%(field)s was changed") % {"field": _field(next(iter(fact.changes)))} if len(lines) == 1 else _("Was edited")
    return Told(title, " · ".join(lines))


@tells(CustomerTrashed, icon="trash", tone="warning")
def trashed(fact: CustomerTrashed) -> Told:
    return Told(_("Was moved to the trash"))


@tells(CustomerRestored, icon="arrow-back-up")
def restored(fact: CustomerRestored) -> Told:
    return Told(_("Came back from the trash"))


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
    field = CustomerForm.base_fields.get(name)
    return str(field.label) if field else name


def _identifier(kind: str) -> str:
    return str(Identifier.Kind(kind).label) if kind in Identifier.Kind.values else kind


def _stage(code: str) -> str:
    return str(Stage(code).label) if code in Stage.values else code
