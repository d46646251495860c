"""Addresses of the platform's own pages."""

from django.urls import path

from akrab.platform.views import home, imports, preferences, sessions, status, tokens, users
from akrab.platform.web import resource

app_name = "platform"
urlpatterns = [
    path("", resource(get=home.show), name="home"),
    path("sign-in/", resource(get=sessions.show, post=sessions.create, delete=sessions.destroy, public=True), name="session"),
    path("sign-in/<str:token>/", resource(get=sessions.show_link, post=sessions.use_link, public=True), name="sign_in_link"),
    path("language/", resource(post=preferences.choose_language, public=True), name="language"),
    path("preferences/", resource(get=preferences.show, post=preferences.update, patch=preferences.choose), name="preferences"),
    path("preferences/password/", resource(post=preferences.update_password), name="password"),
    path("users/", resource(get=users.index, post=users.create), name="users"),
    path("users/new/", resource(get=users.new), name="user_new"),
    path("users/<uuid:user_id>/", resource(get=users.show, post=users.update), name="user"),
    path("users/<uuid:user_id>/link/", resource(post=users.create_link), name="user_link"),
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
