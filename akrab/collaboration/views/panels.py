"""What collaboration puts into the rail, the palette, the start page and the customer's profile."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from akrab.platform.panels import nav, panel

SEE, EDIT = "collaboration.view_work", "collaboration.edit_work"

nav("today", title=_("Tasks"), url="collaboration:tasks", icon="list-check", verb=SEE, order=20, key="a")

nav("today", title=_("Calendar"), url="collaboration:calendar", icon="calendar", verb=SEE, order=30, key="k")
nav("today", title=_("Notes"), url="collaboration:notes", icon="note", verb=SEE, order=40, key="n")

panel("create", url="collaboration:task_new", title=_("Task"), verb=EDIT, icon="list-check", order=20)
panel("create", url="collaboration:note_new", title=_("Note"), verb=EDIT, icon="note", order=22)
panel("create", url="collaboration:activity_new", title=_("Call or meeting"), verb=EDIT, icon="calendar-event", order=24)
panel("search", url="collaboration:task_options", title=_("Tasks"), verb=SEE, order=30)
panel("today.lists", url="collaboration:my_tasks", title=_("My tasks"), verb=SEE, order=5)
panel("customers.profile", url="collaboration:customer_tasks", title=_("Tasks"), verb=SEE, icon="list-check", order=5)
panel("customers.profile", url="collaboration:customer_notes", title=_("Notes"), verb=SEE, icon="note", order=6)
panel("customers.profile", url="collaboration:customer_upcoming", title=_("Planned"), verb=SEE, icon="calendar", order=7)
panel("customers.composer", url="collaboration:customer_composer", title=_("Note"), verb=EDIT)
panel("customers.profile", url="collaboration:following", title=_("Follow"), verb=SEE, icon="bell", order=8)
panel("top", url="collaboration:bell", title=_("Notifications"), verb=SEE, icon="bell")
nav(
    "settings",
    title=_("Working hours"),
    url="collaboration:working_hours",
    icon="clock",
    verb="collaboration.manage_calendars",
    order=30,
)
nav("today", title=_("Approvals"), url="collaboration:approvals", icon="checks", verb="collaboration.decide", order=50)
