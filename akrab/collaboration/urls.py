"""Addresses of the collaboration room."""

from django.urls import path

from akrab.collaboration.views import completions, customer_tasks, pickers, tasks, today
from akrab.platform.web import resource

app_name = "collaboration"
urlpatterns = [
    path("tasks/", resource(get=tasks.index, post=tasks.create), name="tasks"),
    path("tasks/count/", resource(get=tasks.count), name="task_count"),
    path("tasks/options/", resource(get=tasks.options), name="task_options"),
    path("tasks/new/", resource(get=tasks.new), name="task_new"),
    path("tasks/today/", resource(get=today.show), name="my_tasks"),
    path("tasks/bulk/", resource(post=completions.bulk), name="task_bulk"),
    path("tasks/reopening/", resource(post=completions.reopen), name="task_reopening"),
    path("tasks/<uuid:task_id>/", resource(get=tasks.show, post=tasks.update), name="task"),
    path("tasks/<uuid:task_id>/edit/", resource(get=tasks.edit), name="task_edit"),
    path(
        "tasks/<uuid:task_id>/completion/",
        resource(post=completions.create, delete=completions.destroy),
        name="task_completion",
    ),
    path("tasks/<uuid:task_id>/snooze/", resource(post=completions.snooze), name="task_snooze"),
    path("pick/customers/", resource(get=pickers.customers), name="pick_customers"),
    path("pick/people/", resource(get=pickers.people), name="pick_people"),
    path(
        "customers/<uuid:customer_id>/tasks/",
        resource(get=customer_tasks.index, post=customer_tasks.create),
        name="customer_tasks",
    ),
]
