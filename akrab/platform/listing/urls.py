"""Addresses of saved views."""

from django.urls import path

from akrab.platform.views import bulk_runs, saved_views
from akrab.platform.web import resource

app_name = "listing"
urlpatterns = [
    path("views/", resource(post=saved_views.create), name="views"),
    path("views/new/", resource(get=saved_views.new), name="view_new"),
    path(
        "views/<uuid:view_id>/",
        resource(get=saved_views.show, post=saved_views.update, delete=saved_views.destroy),
        name="view",
    ),
    path("views/<uuid:view_id>/mark/", resource(post=saved_views.mark), name="view_mark"),
    path("bulk/<uuid:run_id>/", resource(get=bulk_runs.show, delete=bulk_runs.destroy), name="bulk_run"),
]
