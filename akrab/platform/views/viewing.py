"""The view as another person: begun on the person's page, ended from the banner of every page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.operations.viewing import begin_viewing, end_viewing
from akrab.platform.viewing import VIEWING, viewed_in
from akrab.platform.web import Request, redirect, toast


def create(request: Request, user_id: UUID) -> HttpResponse:
    begin_viewing(by=request.actor, user_id=user_id, at=now())
    request.session[VIEWING] = str(user_id)
    return redirect(request, "platform:home")


def destroy(request: Request) -> HttpResponse:
    viewed = viewed_in(request)
    if viewed is None:
        return redirect(request, "platform:home")
    end_viewing(by=viewed.viewer, user_id=viewed.person.pk, at=now())
    del request.session[VIEWING]
    toast(request, _("You see Akrab with your own eyes again."))
    return redirect(request, "platform:user", viewed.person.pk)
