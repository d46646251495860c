"""Addresses of the insight room."""

from django.urls import path

from akrab.insight.views import home, refreshes, reports, today
from akrab.platform.web import resource

app_name = "insight"
urlpatterns = [
    path("insight/", resource(get=home.index), name="index"),
    path("insight/refreshes/", resource(post=refreshes.create), name="refreshes"),
    path("insight/today/", resource(get=today.show), name="today"),
    path("insight/reports/<slug:name>/", resource(get=reports.show), name="report"),
    path("insight/reports/<slug:name>/csv/", resource(get=reports.download), name="report_csv"),
]
