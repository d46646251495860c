"""Tasks and their like for tests: each factory fills in what the test does not care about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from akrab.collaboration.models.tasks import Task
from akrab.collaboration.operations.opening import TaskDraft, open_tasks
from akrab.platform.actor import Actor
from akrab.platform.middleware import actor_of
from akrab.platform.models import User
from akrab.platform.tests.factories import NOON


def make_person(name: str = "Rina", role: str = "manager", **more: Any) -> User:
    """Somebody who uses Akrab."""
    return User.objects.create(email=f"{name.lower()}@example.com", name=name, role=role, **more)


def make_colleague(name: str = "Rina", role: str = "manager", **more: Any) -> Actor:
    """The same, as an actor."""
    return actor_of(make_person(name, role, **more))


def make_task(by: Actor, title: str = "Call about the order", *, customers: tuple[UUID, ...] = (), **what_matters: Any) -> Task:
    values: dict[str, Any] = {"assignee_id": UUID(by.id), **what_matters}
    (fact, *_others) = open_tasks(by=by, tasks=[TaskDraft(title=title, customer_ids=customers, **values)], at=NOON)
    return Task.objects.get(pk=fact.task_id)
