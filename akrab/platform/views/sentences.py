"""How the facts of the platform are told: on the audit, and on the timeline of a customer whose change was undone."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.urls import reverse
from django.utils.translation import gettext as _

from akrab.platform.export_facts import DataExported
from akrab.platform.journal.telling import title_of
from akrab.platform.journal_facts import EntryUndone
from akrab.platform.listing.facts import ViewChanged
from akrab.platform.people_facts import (
    PasswordChanged,
    SignedIn,
    SignInLinkMade,
    TokenCreated,
    TokenRevoked,
    UserChanged,
    UserCreated,
)
from akrab.platform.presentation import Told, tells
from akrab.platform.sign_in_facts import SignInFailed


@tells(EntryUndone, icon="arrow-back-up", tone="warning")
def undone(fact: EntryUndone) -> Told:
    return Told(
        _("Change undone"), title_of(fact.action, fact.label, fact.about), reverse("platform:change", args=[fact.undo_id])
    )


@tells(DataExported, icon="download", tone="warning")
def exported(fact: DataExported) -> Told:
    said = _("%(rows)s rows of %(kind)s") % {"rows": fact.rows, "kind": fact.what}
    asked = [f"{name} = {value}" for name, value in parse_qsl(fact.asked)]
    return Told(_("Data was exported"), " · ".join([said, *asked]))


@tells(SignedIn, icon="login")
def signed_in(fact: SignedIn) -> Told:
    return Told(_("Signed in"), fact.address)


@tells(SignInFailed, icon="alert-circle", tone="danger")
def sign_in_failed(fact: SignInFailed) -> Told:
    return Told(_("A sign-in failed"))


@tells(UserCreated, icon="user-plus", tone="accent")
def user_created(fact: UserCreated) -> Told:
    return Told(_("An account was made"), f"{fact.email} · {fact.role}")


@tells(UserChanged, icon="user-edit", tone="accent")
def user_changed(fact: UserChanged) -> Told:
    lines = [f"{name}: {old or '–'} → {new or '–'}" for name, (old, new) in fact.changes.items()]
    return Told(_("An account was changed"), " · ".join(lines))


@tells(PasswordChanged, icon="lock")
def password_changed(fact: PasswordChanged) -> Told:
    return Told(_("A password was changed"))


@tells(SignInLinkMade, icon="link", tone="warning")
def link_made(fact: SignInLinkMade) -> Told:
    return Told(_("A sign-in link was made"))


@tells(TokenCreated, icon="key", tone="accent")
def token_created(fact: TokenCreated) -> Told:
    return Told(_("An API key was made"), f"{fact.prefix}… {', '.join(fact.scopes)}")


@tells(TokenRevoked, icon="key", tone="warning")
def token_revoked(fact: TokenRevoked) -> Told:
    return Told(_("An API key was revoked"))


@tells(ViewChanged, icon="filter")
def view_changed(fact: ViewChanged) -> Told:
    return Told(_("A saved view was changed"), fact.name)
