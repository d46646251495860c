"""Addresses of every room; the only URL table that sees them all."""

from django.urls import include, path

from akrab.config import api
from akrab.platform.views import health

handler400 = "akrab.platform.views.errors.bad_request"
handler403 = "akrab.platform.views.errors.permission_denied"
handler404 = "akrab.platform.views.errors.not_found"
handler500 = "akrab.platform.views.errors.server_error"

urlpatterns = [
    path("readyz", health.show_readiness, name="readyz"),
    path("metrics", health.show_metrics, name="metrics"),
    *api.urlpatterns,
    path("", include("akrab.platform.urls")),
    path("", include("akrab.platform.listing.urls")),
    path("", include("akrab.customers.urls")),
    path("", include("akrab.collaboration.urls")),
    path("", include("akrab.commerce.urls")),
    path("", include("akrab.insight.urls")),
]
