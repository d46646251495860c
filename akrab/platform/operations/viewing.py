"""Looking at Akrab as another person sees it: both ends are audited, and nothing can be changed in between."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import User
from akrab.platform.operation import operation
from akrab.platform.refusal import NotFound, Refusal
from akrab.platform.rights.facts import ViewedAs


class NobodyElse(Refusal):
    code = "nobody_else"
    status = 422
    message = _("This is you. Choose somebody else whose view you want to see.")


class CannotSignIn(Refusal):
    code = "cannot_sign_in"
    message = _("This person is switched off and sees nothing.")


@operation(may="platform.view_as")
def begin_viewing(*, by: Actor, user_id: UUID, at: datetime) -> ViewedAs:
    """Begin to see Akrab as another person does."""
    person = User.objects.filter(pk=user_id).first()
    if person is None:
        raise NotFound
    if str(person.pk) == by.id:
        raise NobodyElse
    if not person.is_active:
        raise CannotSignIn
    fact = ViewedAs(user_id=user_id, at=at, name=str(person))
    record([fact], by=by)
    return fact


@operation(may="platform.view_as")
def end_viewing(*, by: Actor, user_id: UUID, at: datetime) -> ViewedAs:
    """See Akrab with one's own eyes again."""
    person = User.objects.filter(pk=user_id).first()
    fact = ViewedAs(user_id=user_id, at=at, name=str(person or ""), ended=True)
    record([fact], by=by)
    return fact
