"""Tasks: the list, one task, and the forms for a new and a changed one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.collaboration.forms import CompletionForm, TaskChoiceForm, TaskForm, task_values
from akrab.collaboration.models.tasks import Task
from akrab.collaboration.operations.editing import edit_task
from akrab.collaboration.operations.opening import TaskDraft, open_tasks
from akrab.collaboration.queries.people import people_named, person_of
from akrab.collaboration.queries.tasks import TaskChoice, count_tasks, get_task, list_tasks
from akrab.collaboration.views.pickers import chosen_customers
from akrab.collaboration.views.rows import TaskRow, rows_of
from akrab.platform.operation import require
from akrab.platform.presentation import tell
from akrab.platform.queries.stories import happenings
from akrab.platform.refusal import Invalid, StaleVersion
from akrab.platform.web import Request, fragment, is_partial, page, redirect, toast

EDIT = "collaboration.edit_work"


def index(request: Request) -> HttpResponse:
    me, at = person_of(request.actor), now()
    form = TaskChoiceForm(request.GET)
    choice = form.choice(me=me)
    found = list_tasks(by=request.actor, choice=choice, at=at, cursor=request.GET.get("cursor", ""))
    given = _given(request)
    results = {
        "rows": rows_of(found.items, request.actor, at),
        "page": found,
        "tabs": _tabs(given),
        "state": choice.state,
        "chips": _chips(request, choice, given),
        "next": _address(given, cursor=found.next) if found.next else "",
        "previous": _address(given, cursor=found.previous) if found.previous else "",
        "count_address": f"{reverse('collaboration:task_count')}?{given.urlencode()}",
        "is_filtered": bool(set(given) - {"state"}),
        "may_edit": request.actor.may(EDIT),
    }
    response = page(
        request,
        "collaboration/tasks.html",
        part="collaboration.task-list",
        form=form,
        filters=[form["whose"], form["kind"], form["priority"]],
        results=results,
    )
    if is_partial(request):
        response["HX-Replace-Url"] = request.path + (f"?{given.urlencode()}" if given else "")
    return response


def count(request: Request) -> HttpResponse:
    choice = TaskChoiceForm(request.GET).choice(me=person_of(request.actor))
    return fragment(request, "collaboration.count", count=count_tasks(by=request.actor, choice=choice, at=now()))


def options(request: Request) -> HttpResponse:
    """Tasks for the command palette."""
    words = request.GET.get("q", "").strip()
    found = list_tasks(by=request.actor, choice=TaskChoice(words=words), at=now(), size=5).items if len(words) > 1 else []
    return fragment(request, "collaboration.options", tasks=rows_of(found, request.actor, now()))


def new(request: Request) -> HttpResponse:
    require(request.actor, EDIT)
    kind = request.GET.get("kind", "")
    start = {"assignee": person_of(request.actor), "kind": kind if kind in Task.Kind.values else "todo"}
    form = TaskForm(initial=start, zone=request.actor.tzinfo)
    return _form(request, form, assignee=person_of(request.actor), customers=request.GET.getlist("customer"))


def create(request: Request) -> HttpResponse:
    require(request.actor, EDIT)
    form = TaskForm(request.POST, zone=request.actor.tzinfo)
    if form.is_valid():
        try:
            draft = TaskDraft(**form.values(), customer_ids=tuple(form.cleaned_data["customers"]))
            (fact, *_others) = open_tasks(by=request.actor, tasks=[draft], at=now())
        except Invalid as refusal:
            _show_errors(form, refusal)
        else:
            toast(request, _("The task is on the list."))
            return redirect(request, "collaboration:task", fact.task_id)
    return _form(request, form, assignee=request.POST.get("assignee"), customers=request.POST.getlist("customers"), status=422)


def show(request: Request, task_id: UUID) -> HttpResponse:
    task = get_task(by=request.actor, task_id=task_id)
    told = happenings(
        by=request.actor,
        may="collaboration.view_work",
        subject_kind="task",
        subject_id=task_id,
        since=task.created_at,
        until=now(),
    )
    seen: set[Any] = set()
    stories = [
        tell(**one._asdict())
        for one in told
        if (key := (one.kind, one.recorded_at)) not in seen and not seen.add(key)  # type: ignore[func-returns-value]
    ]
    return page(
        request,
        "collaboration/task.html",
        row=TaskRow.of(task, request.actor, now()),
        task=task,
        stories=stories,
        completion=CompletionForm(initial={"outcome": "done" if task.kind != "call" else "reached"}),
        may_edit=request.actor.may(EDIT),
    )


def edit(request: Request, task_id: UUID) -> HttpResponse:
    require(request.actor, EDIT)
    task = get_task(by=request.actor, task_id=task_id)
    form = TaskForm(initial=task_values(task, request.actor.tzinfo), zone=request.actor.tzinfo, rule=task.rrule)
    return _form(request, form, task=task, assignee=task.assignee_id, customers=[one.pk for one in task.customers.all()])


def update(request: Request, task_id: UUID) -> HttpResponse:
    require(request.actor, EDIT)
    task = get_task(by=request.actor, task_id=task_id)
    form = TaskForm(request.POST, zone=request.actor.tzinfo, rule=task.rrule)
    if form.is_valid():
        try:
            edit_task(
                by=request.actor,
                task_id=task_id,
                changes=form.values(),
                customer_ids=form.cleaned_data["customers"],
                version=int(request.POST.get("version") or 0) or None,
                at=now(),
            )
        except Invalid as refusal:
            _show_errors(form, refusal)
        except StaleVersion:
            form.add_error(None, _("Somebody changed this task meanwhile. Look at it below; saving again keeps what you typed."))
        else:
            toast(request, _("Saved."))
            return redirect(request, "collaboration:task", task_id)
    return _form(
        request,
        form,
        task=task,
        assignee=request.POST.get("assignee"),
        customers=request.POST.getlist("customers"),
        status=422,
    )


def _form(
    request: Request, form: TaskForm, *, task: Task | None = None, assignee: Any = None, customers: Any = (), status: int = 200
) -> HttpResponse:
    people = people_named(by=request.actor, ids=[one] if (one := _id(assignee)) else [])
    return page(
        request,
        "collaboration/task_form.html",
        form=form,
        task=task,
        people=[{"id": pk, "name": name} for pk, name in people.items()],
        customers=chosen_customers(request.actor, customers),
        status=status,
    )


def _id(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _show_errors(form: TaskForm, refusal: Invalid) -> None:
    for name, reason in refusal.errors.items():
        form.add_error(name if name in form.fields else None, reason)


def _given(request: Request) -> QueryDict:
    """The parameters that filter, without empty ones and without the cursor."""
    given = QueryDict(mutable=True)
    for name in TaskChoiceForm.base_fields:
        if value := request.GET.get(name, "").strip():
            given[name] = value
    return given


def _address(given: QueryDict, *, drop: tuple[str, ...] = (), **change: str) -> str:
    changed = given.copy()
    for name in drop:
        changed.pop(name, None)
    for name, value in change.items():
        changed[name] = value
    return reverse("collaboration:tasks") + (f"?{changed.urlencode()}" if changed else "")


def _tabs(given: QueryDict) -> list[dict[str, Any]]:
    titles = {
        "open": _("Open"),
        "overdue": _("Overdue"),
        "today": _("Today"),
        "week": _("7 days"),
        "snoozed": _("Put aside"),
        "done": _("Done"),
    }
    return [
        {"key": key, "title": title, "url": _address(given, drop=("state",)) if key == "open" else _address(given, state=key)}
        for key, title in titles.items()
    ]


def _chips(request: Request, choice: TaskChoice, given: QueryDict) -> list[tuple[str, str]]:
    chips = []
    if choice.customer_id:
        cards = chosen_customers(request.actor, [choice.customer_id])
        chips.append((cards[0].name if cards else _("Unknown customer"), _address(given, drop=("customer",))))
    if given.get("person") and choice.assignee_id:
        names = people_named(by=request.actor, ids=[choice.assignee_id])
        chips.append((names.get(choice.assignee_id, "?"), _address(given, drop=("person",))))
    return chips
