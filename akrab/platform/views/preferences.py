"""Your preferences: language, zone, theme, density, shortcuts, and your password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.forms import PasswordForm, PreferencesForm
from akrab.platform.models import User
from akrab.platform.operations.sessions import move_session
from akrab.platform.operations.users import change_password, change_preferences
from akrab.platform.refusal import Invalid, Refusal
from akrab.platform.views.arriving import way_back
from akrab.platform.web import Request, page, redirect, toast

QUICK = ("language", "theme", "density", "zone")


def show(request: Request) -> HttpResponse:
    return _page(request, form=PreferencesForm(initial=_current(request.user)))


def update(request: Request) -> HttpResponse:
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    change_preferences(by=request.actor, at=now(), **form.cleaned_data)
    with translation.override(form.cleaned_data["language"]):
        toast(request, _("Your preferences are saved."))
    return redirect(request, "platform:preferences")


def choose(request: Request) -> HttpResponse:
    """One choice from the person menu."""
    chosen = {name: request.POST[name] for name in QUICK if name in request.POST}
    change_preferences(by=request.actor, at=now(), **chosen)
    if request.htmx:
        return HttpResponse(status=204)
    return redirect(request, way_back(request, request.POST.get("next")))


def update_password(request: Request) -> HttpResponse:
    password_form = PasswordForm(request.POST, has_password=request.user.has_usable_password())
    if password_form.is_valid():
        try:
            change_password(by=request.actor, at=now(), **password_form.cleaned_data)
        except Invalid as refusal:
            password_form.add_error("new", refusal.errors.get("password", str(refusal)))
        except Refusal as refusal:
            password_form.add_error("current", str(refusal))
        else:
            old = str(request.session.session_key)
            update_session_auth_hash(request, User.objects.get(pk=request.actor.id))
            move_session(by=request.actor, old=old, new=str(request.session.session_key), at=now())
            toast(request, _("Your password is changed. Other devices are signed out."))
            return redirect(request, "platform:preferences")
    return _page(request, form=PreferencesForm(initial=_current(request.user)), password_form=password_form, status=422)


def choose_language(request: Request) -> HttpResponse:
    """The language of someone who has not signed in is kept in a cookie."""
    response = redirect(request, way_back(request, request.POST.get("next")))
    if (code := request.POST.get("language")) in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, str(code), max_age=31536000, samesite="Lax")
    return response


def _page(request: Request, *, status: int = 200, **context: Any) -> HttpResponse:
    has_password = request.user.has_usable_password()
    context.setdefault("password_form", PasswordForm(has_password=has_password))
    return page(request, "platform/preferences.html", status=status, has_password=has_password, **context)


def _current(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in PreferencesForm.base_fields}
