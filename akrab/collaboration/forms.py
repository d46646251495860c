"""Shape of what the pages of tasks, notes and meetings send."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from akrab.collaboration.models.activities import Activity
from akrab.collaboration.models.notes import Note
from akrab.collaboration.models.notices import REASONS, Taste
from akrab.collaboration.models.tasks import Priority, Task
from akrab.collaboration.queries.recurring import PRESETS
from akrab.collaboration.queries.tasks import STATES, TaskChoice

MORNING = time(9, 0)
_DAY = {"type": "date"}
_TIME = {"type": "time"}


def day_field(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))


def time_field(label: Any, *, required: bool = False) -> forms.TimeField:
    return forms.TimeField(label=label, required=required, widget=forms.TimeInput(attrs=_TIME, format="%H:%M"))


def any_of(choices: Iterable[Any]) -> list[Any]:
    return [("", _("Any")), *choices]


class IdsField(forms.MultipleChoiceField):
    """Ids that were ticked; whether they exist is the operation's question."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, **more)

    def to_python(self, value: Any) -> list[Any]:
        found = []
        for one in value or []:
            try:
                found.append(UUID(str(one)))
            except ValueError as problem:
                raise forms.ValidationError(_("Choose from the list.")) from problem
        return found

    def validate(self, value: Any) -> None:
        return


class TaskForm(forms.Form):
    """One task; a day alone, or a day and a time in the reader's zone."""

    title = forms.CharField(label=_("What is to be done?"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Task.Kind.choices, initial="todo")
    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL.value)
    due_on = day_field(_("Due on"))
    due_time = time_field(_("At"))
    remind = forms.ChoiceField(
        label=_("Remind"),
        required=False,
        choices=[
            ("", _("No reminder")),
            ("0", _("When it is due")),
            ("15", _("15 minutes before")),
            ("60", _("An hour before")),
            ("1440", _("A day before")),
        ],
    )
    rrule = forms.ChoiceField(label=_("Repeat"), required=False, choices=list(PRESETS.items()))
    body = forms.CharField(label=_("Details"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    assignee = forms.UUIDField(label=_("Who does it?"), required=False)
    customers = IdsField(label=_("Customers"))

    def __init__(self, *args: Any, zone: ZoneInfo, rule: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        repeat = self.fields["rrule"]
        assert isinstance(repeat, forms.ChoiceField)
        if rule and rule not in PRESETS:
            repeat.choices = [*PRESETS.items(), (rule, rule)]

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        day = clean.get("due_on")
        if not day:
            for name in ("due_time", "remind", "rrule"):
                if clean.get(name) not in (None, ""):
                    self.add_error("due_on", _("Choose the day first."))
                    break
        return clean

    def values(self) -> dict[str, Any]:
        """The fields of a task."""
        clean = self.cleaned_data
        day, clock = clean["due_on"], clean["due_time"]
        moment = datetime.combine(day, clock, self.zone) if day and clock else None
        return {
            "title": clean["title"],
            "kind": clean["kind"],
            "priority": clean["priority"],
            "due_on": None if moment else day,
            "due_at": moment,
            "zone": self.zone.key,
            "remind_at": self._reminder(moment),
            "rrule": clean["rrule"],
            "body": clean["body"],
            "assignee_id": clean["assignee"],
        }

    def _reminder(self, moment: datetime | None) -> datetime | None:
        """Before the moment; of a whole day, before its nine o'clock."""
        minutes, day = self.cleaned_data["remind"], self.cleaned_data["due_on"]
        if not minutes or not day:
            return None
        return (moment or datetime.combine(day, MORNING, self.zone)) - timedelta(minutes=int(minutes))


def task_values(task: Task, zone: ZoneInfo) -> dict[str, Any]:
    """What the form shows of a task."""
    due = localtime(task.due_at, zone) if task.due_at else None
    base = task.due_at or (datetime.combine(task.due_on, MORNING, zone) if task.due_on else None)
    ahead = int((base - task.remind_at).total_seconds() // 60) if base and task.remind_at else ""
    return {
        "title": task.title,
        "kind": task.kind,
        "priority": task.priority,
        "due_on": due.date() if due else task.due_on,
        "due_time": due.time() if due else None,
        "remind": str(ahead) if ahead in (0, 15, 60, 1440) else "",
        "rrule": task.rrule,
        "body": task.body,
        "assignee": task.assignee_id,
    }


class CompletionForm(forms.Form):
    """How a task went."""

    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=Task.Outcome.choices)
    note = forms.CharField(label=_("What came of it?"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class BulkForm(forms.Form):
    """One action on the ticked tasks."""

    ids = IdsField()
    action = forms.ChoiceField(choices=[(one, one) for one in ("complete", "reopen", "snooze", "assign", "due", "priority")])
    assignee = forms.UUIDField(required=False)
    due_on = forms.DateField(required=False)
    priority = forms.TypedChoiceField(required=False, choices=Priority.choices, coerce=int, empty_value=None)
    days = forms.IntegerField(required=False, min_value=1, max_value=365)


class TaskChoiceForm(forms.Form):
    """The filters of the task list; the address of the page is this form."""

    q = forms.CharField(required=False, max_length=200)
    state = forms.ChoiceField(required=False, choices=[(one, one) for one in STATES])
    whose = forms.ChoiceField(
        label=_("Whose"), required=False, choices=[("", _("Everyone's")), ("me", _("Mine")), ("nobody", _("Nobody's"))]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=any_of(Task.Kind.choices))
    priority = forms.TypedChoiceField(
        label=_("Priority"), required=False, choices=any_of(Priority.choices), coerce=int, empty_value=None
    )
    person = forms.UUIDField(required=False)
    customer = forms.UUIDField(required=False)

    def choice(self, *, me: UUID) -> TaskChoice:
        """The filters that can be read; what cannot be read filters nothing."""
        self.is_valid()
        clean = self.cleaned_data
        return TaskChoice(
            state=clean.get("state") or "open",
            assignee_id=me if clean.get("whose") == "me" else clean.get("person"),
            is_unassigned=clean.get("whose") == "nobody",
            customer_id=clean.get("customer"),
            kind=clean.get("kind") or "",
            priority=clean.get("priority"),
            words=clean.get("q") or "",
        )


class NoteForm(forms.Form):
    """Something written, and whom it names."""

    body = forms.CharField(
        label=_("Note"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("**bold**, *italic*, lists with -, links; @ names a colleague."),
    )
    visibility = forms.ChoiceField(label=_("Who sees it?"), choices=Note.Visibility.choices, initial="internal")
    mentioned = IdsField(label=_("Named"))


class ActivityForm(forms.Form):
    """A call, meeting or visit; without a time it lasts whole days."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Activity.Kind.choices, initial="meeting")
    title = forms.CharField(label=_("Subject"), max_length=200)
    status = forms.ChoiceField(
        label=_("It"),
        required=False,
        choices=[("planned", _("is planned")), ("held", _("took place"))],
    )
    starts_on = day_field(_("Day"), required=True)
    starts_time = time_field(_("Begins at"))
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=10080, initial=30)
    days = forms.IntegerField(label=_("Days"), required=False, min_value=1, max_value=366, initial=1)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    rrule = forms.ChoiceField(label=_("Repeat"), required=False, choices=list(PRESETS.items()))
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[("", "–"), *Activity.Outcome.choices])
    notes = forms.CharField(label=_("Minutes of the talk"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    is_incoming = forms.BooleanField(label=_("The customer called"), required=False)
    customers = IdsField(label=_("Customers"))
    attendees = IdsField(label=_("Colleagues"))

    def __init__(self, *args: Any, rule: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat = self.fields["rrule"]
        assert isinstance(repeat, forms.ChoiceField)
        if rule and rule not in PRESETS:
            repeat.choices = [*PRESETS.items(), (rule, rule)]

    def values(self) -> dict[str, Any]:
        """The fields of an activity."""
        clean = self.cleaned_data
        names = ("kind", "title", "starts_on", "starts_time", "place", "rrule", "outcome", "notes", "is_incoming")
        return {**{name: clean[name] for name in names}, "minutes": clean["minutes"] or 0, "days": clean["days"] or 1}


class HoldForm(forms.Form):
    """What came of a call, meeting or visit."""

    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[("", "–"), *Activity.Outcome.choices])
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=10080)
    notes = forms.CharField(label=_("Minutes of the talk"), required=False, widget=forms.Textarea(attrs={"rows": 4}))


class TasteForm(forms.Form):
    """How somebody wants to be told."""

    on = forms.MultipleChoiceField(
        label=_("Tell me when"), required=False, choices=list(REASONS.items()), widget=forms.CheckboxSelectMultiple
    )
    digest = forms.ChoiceField(label=_("Unread news by mail"), choices=Taste.Digest.choices)
    quiet_from = time_field(_("No mail from"))
    quiet_to = time_field(_("until"))


class CalendarForm(forms.Form):
    """The working hours of the company: intervals a day, holidays of a country."""

    name = forms.CharField(label=_("Name"), max_length=100)
    zone_name = forms.CharField(label=_("Time zone"), max_length=60)
    country = forms.CharField(
        label=_("Holidays of"),
        required=False,
        max_length=2,
        help_text=_("Two letters of the country, for example ID; empty: none."),
    )
    with_joint_leave = forms.BooleanField(label=_("Joint leave of the government is free"), required=False)
    day0 = forms.CharField(label=_("Monday"), required=False, max_length=100)
    day1 = forms.CharField(label=_("Tuesday"), required=False, max_length=100)
    day2 = forms.CharField(label=_("Wednesday"), required=False, max_length=100)
    day3 = forms.CharField(label=_("Thursday"), required=False, max_length=100)
    day4 = forms.CharField(label=_("Friday"), required=False, max_length=100)
    day5 = forms.CharField(label=_("Saturday"), required=False, max_length=100)
    day6 = forms.CharField(label=_("Sunday"), required=False, max_length=100)

    def week(self) -> list[list[list[str]]]:
        """Seven days of intervals."""
        return [intervals_of(self.cleaned_data[f"day{index}"]) for index in range(7)]


class CalendarDayForm(forms.Form):
    """One day that differs."""

    on = day_field(_("Day"), required=True)
    name = forms.CharField(label=_("What day is it?"), required=False, max_length=100)
    hours = forms.CharField(label=_("Hours"), required=False, max_length=100, help_text=_("Empty: nobody works."))


def intervals_of(text: str) -> list[list[str]]:
    """'08:00-12:00, 13:00-17:00' as intervals."""
    return [[edge.strip() for edge in part.replace("–", "-").split("-")] for part in text.split(",") if part.strip()]


def intervals_text(intervals: Iterable[Iterable[str]]) -> str:
    return ", ".join("-".join(one) for one in intervals)
