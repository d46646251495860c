"""Addresses of the collaboration room."""

from django.urls import path

from akrab.collaboration.views import (
    activities,
    calendars,
    completions,
    customer_tasks,
    feeds,
    notes,
    notices,
    pickers,
    tasks,
    today,
    working_calendars,
)
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
    path("notes/", resource(get=notes.index, post=notes.create), name="notes"),
    path("notes/new/", resource(get=notes.new), name="note_new"),
    path("notes/<uuid:note_id>/", resource(get=notes.show, post=notes.update, delete=notes.destroy), name="note"),
    path("notes/<uuid:note_id>/pin/", resource(post=notes.pin), name="note_pin"),
    path("notes/files/<uuid:attachment_id>/", resource(get=notes.attachment), name="attachment"),
    path("calendar/", resource(get=calendars.index), name="calendar"),
    path("calendar/feed/", resource(post=feeds.create, delete=feeds.destroy), name="feed"),
    path("calendar/feed/<str:secret>.ics", resource(get=feeds.show, public=True), name="feed_file"),
    path("activities/", resource(post=activities.create), name="activities"),
    path("activities/new/", resource(get=activities.new), name="activity_new"),
    path(
        "activities/<uuid:activity_id>/",
        resource(get=activities.show, post=activities.update, delete=activities.cancel),
        name="activity",
    ),
    path("activities/<uuid:activity_id>/edit/", resource(get=activities.edit), name="activity_edit"),
    path("activities/<uuid:activity_id>/holding/", resource(post=activities.hold), name="activity_holding"),
    path("notifications/", resource(get=notices.index), name="notices"),
    path("notifications/bell/", resource(get=notices.bell), name="bell"),
    path("notifications/read/", resource(post=notices.read_all), name="notices_read"),
    path(
        "notifications/preferences/",
        resource(get=notices.preferences, post=notices.choose),
        name="notice_preferences",
    ),
    path("notifications/<uuid:notice_id>/", resource(post=notices.open_one), name="notice"),
    path("notifications/<uuid:notice_id>/mute/", resource(post=notices.mute), name="notice_mute"),
    path("settings/working-hours/", resource(get=working_calendars.show, post=working_calendars.update), name="working_hours"),
    path("settings/working-hours/days/", resource(post=working_calendars.add_day), name="working_day"),
    path(
        "customers/<uuid:customer_id>/following/",
        resource(get=notices.following, post=notices.following),
        name="following",
    ),
    path("pick/customers/", resource(get=pickers.customers), name="pick_customers"),
    path("pick/people/", resource(get=pickers.people), name="pick_people"),
    path(
        "customers/<uuid:customer_id>/tasks/",
        resource(get=customer_tasks.index, post=customer_tasks.create),
        name="customer_tasks",
    ),
    path("customers/<uuid:customer_id>/notes/", resource(get=notes.panel), name="customer_notes"),
    path("customers/<uuid:customer_id>/composer/", resource(get=notes.composer), name="customer_composer"),
    path("customers/<uuid:customer_id>/upcoming/", resource(get=calendars.upcoming), name="customer_upcoming"),
]
