"""What insight puts into the rail and the start page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from akrab.platform.panels import nav, panel

nav("insight", title=_("Insight"), url="insight:index", icon="chart-dots", verb="insight.view_insight", order=10, key="i")
panel("today", url="insight:today", title=_("Insight"), verb="insight.view_insight", icon="chart-dots", order=60)
