"""Addresses of the platform's own pages."""

from django.urls import path

from akrab.platform.views import (
    home,
    imports,
    invitations,
    passkeys,
    preferences,
    provider,
    resets,
    second_factor,
    security,
    sessions,
    sign_in_rules,
    status,
    tokens,
    users,
)
from akrab.platform.web import resource

app_name = "platform"
urlpatterns = [
    path("", resource(get=home.show), name="home"),
    path("sign-in/", resource(get=sessions.show, post=sessions.create, delete=sessions.destroy, public=True), name="session"),
    path("sign-in/code/", resource(get=second_factor.show, post=second_factor.create, public=True), name="second_factor"),
    path("sign-in/passkey/", resource(post=passkeys.create, public=True), name="passkey_sign_in"),
    path("sign-in/passkey/challenge/", resource(post=passkeys.challenge, public=True), name="passkey_challenge"),
    path("sign-in/company/", resource(get=provider.show, public=True), name="provider"),
    path(
        "sign-in/company/answer/", resource(get=provider.show_answer, post=provider.create, public=True), name="provider_answer"
    ),
    path("sign-in/password/", resource(get=resets.new, post=resets.create, public=True), name="resets"),
    path("sign-in/password/<str:token>/", resource(get=resets.show, post=resets.update, public=True), name="reset"),
    path("sign-in/<str:token>/", resource(get=sessions.show_link, post=sessions.use_link, public=True), name="sign_in_link"),
    path("language/", resource(post=preferences.choose_language, public=True), name="language"),
    path("preferences/", resource(get=preferences.show, post=preferences.update, patch=preferences.choose), name="preferences"),
    path("preferences/password/", resource(post=preferences.update_password), name="password"),
    path("security/", resource(get=security.show), name="security"),
    path("security/again/", resource(get=security.show_confirmation, post=security.create_confirmation), name="confirmation"),
    path("security/app/", resource(get=security.show_app, post=security.create_app, delete=security.destroy_app), name="app"),
    path("security/codes/", resource(post=security.create_codes), name="recovery_codes"),
    path("security/passkeys/", resource(get=security.new_passkey, post=security.create_passkey), name="passkeys"),
    path("security/passkeys/challenge/", resource(post=security.challenge), name="new_passkey_challenge"),
    path("security/passkeys/<int:passkey_id>/", resource(delete=security.destroy_passkey), name="passkey"),
    path("security/sessions/", resource(delete=security.destroy_other_sessions), name="sessions"),
    path("security/sessions/<int:session_id>/", resource(delete=security.destroy_session), name="one_session"),
    path("sign-in-rules/", resource(get=sign_in_rules.show, post=sign_in_rules.update_roles), name="sign_in_rules"),
    path(
        "sign-in-rules/provider/",
        resource(post=sign_in_rules.update_provider, delete=sign_in_rules.destroy_provider),
        name="sign_in_provider",
    ),
    path("invitations/", resource(get=invitations.new, post=invitations.create), name="invitations"),
    path("invitations/<uuid:invitation_id>/", resource(delete=invitations.destroy), name="open_invitation"),
    path("invitations/<uuid:invitation_id>/link/", resource(post=invitations.create_link), name="invitation_link"),
    path("welcome/<str:token>/", resource(get=invitations.show, post=invitations.accept, public=True), name="invitation"),
    path("users/", resource(get=users.index, post=users.create), name="users"),
    path("users/new/", resource(get=users.new), name="user_new"),
    path("users/<uuid:user_id>/", resource(get=users.show, post=users.update), name="user"),
    path("users/<uuid:user_id>/link/", resource(post=users.create_link), name="user_link"),
    path("users/<uuid:user_id>/two-factor/", resource(delete=users.destroy_two_factor), name="user_two_factor"),
    path("imports/", resource(get=imports.index, post=imports.create), name="imports"),
    path("imports/<uuid:import_id>/", resource(get=imports.show, post=imports.update), name="import"),
    path("imports/<uuid:import_id>/progress/", resource(get=imports.progress), name="import_progress"),
    path("imports/<uuid:import_id>/errors/", resource(get=imports.errors), name="import_errors"),
    path("imports/<uuid:import_id>/copy/", resource(post=imports.repeat), name="import_copy"),
    path("imports/<uuid:import_id>/run/", resource(delete=imports.cancel), name="import_run"),
    path("system/", resource(get=status.show, post=status.retry), name="status"),
    path("keys/", resource(get=tokens.index, post=tokens.create), name="tokens"),
    path("keys/<uuid:token_id>/", resource(delete=tokens.destroy), name="token"),
]
