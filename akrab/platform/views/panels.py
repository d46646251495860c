"""What the platform puts into the rail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from akrab.platform.panels import nav, panel

nav("today", title=_("Today"), url="platform:home", icon="home", order=10, key="t")
nav("settings", title=_("Users"), url="platform:users", icon="users-group", verb="platform.manage_users", order=50, key="u")
nav(
    "settings", title=_("Imports"), url="platform:imports", icon="database-import", verb="platform.run_imports", order=20, key="m"
)
nav("settings", title=_("Changes"), url="platform:changes", icon="history", verb="platform.undo_changes", order=30)
nav("settings", title=_("Audit"), url="platform:audit", icon="shield-check", verb="platform.view_audit", order=56)
nav("settings", title=_("API keys"), url="platform:tokens", icon="key", verb="platform.edit_own_settings", order=60)
nav("settings", title=_("Agents"), url="platform:agents", icon="robot", verb="platform.manage_agents", order=64)
nav("settings", title=_("Proposals"), url="platform:proposals", icon="bulb", verb="platform.decide_proposals", order=25)
nav("settings", title=_("Webhooks"), url="platform:webhooks", icon="webhook", verb="platform.manage_webhooks", order=62)
nav(
    "settings",
    title=_("Preferences"),
    url="platform:preferences",
    icon="adjustments-horizontal",
    verb="platform.edit_own_settings",
    order=70,
    key="s",
)
nav("settings", title=_("Security"), url="platform:security", icon="shield-lock", verb="platform.edit_own_settings", order=75)
nav("settings", title=_("Sign-in"), url="platform:sign_in_rules", icon="shield-check", verb="platform.manage_sign_in", order=55)
nav("settings", title=_("Teams"), url="platform:teams", icon="users-group", verb="platform.manage_teams", order=51)
nav("settings", title=_("Fields"), url="platform:all_fields", icon="forms", verb="platform.manage_fields", order=53)
nav("settings", title=_("Permissions"), url="platform:permissions", icon="shield-check", verb="platform.manage_rules", order=52)
nav("settings", title=_("System"), url="platform:status", icon="server", verb="platform.view_status", order=90)
panel("create", url="platform:imports", title=_("Import"), icon="database-import", verb="platform.run_imports", order=90)
