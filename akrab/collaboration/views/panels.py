"""What collaboration puts into the rail, the palette, the start page and the customer's profile."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from akrab.platform.panels import nav, panel

SEE, EDIT = "collaboration.view_work", "collaboration.edit_work"

nav("today", title=_("Tasks"), url="collaboration:tasks", icon="list-check", verb=SEE, order=20, key="a")

panel("create", url="collaboration:task_new", title=_("Task"), verb=EDIT, icon="list-check", order=20)
panel("search", url="collaboration:task_options", title=_("Tasks"), verb=SEE, order=30)
panel("today.lists", url="collaboration:my_tasks", title=_("My tasks"), verb=SEE, order=5)
panel("customers.profile", url="collaboration:customer_tasks", title=_("Tasks"), verb=SEE, icon="list-check", order=5)
