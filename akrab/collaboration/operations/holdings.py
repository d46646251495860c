"""What people's work holds about a customer: the tasks about them; a task about others too only loses the link."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.bulk import fetch
from akrab.platform.holdings import Erasing, Gone, Holding, Rows, count_of, holds, rows_of, stays_in_facts

_ALONE = (
    "SELECT c.task_id FROM collaboration_taskcustomer c WHERE c.customer_id = %s AND NOT EXISTS "
    "(SELECT 1 FROM collaboration_taskcustomer o WHERE o.task_id = c.task_id AND o.customer_id <> c.customer_id)"
)


def read_tasks(customer_id: UUID) -> Rows:
    return rows_of(
        "SELECT t.* FROM collaboration_task t JOIN collaboration_taskcustomer c ON c.task_id = t.id WHERE c.customer_id = %s "
        "ORDER BY t.id",
        [customer_id],
    )


def erase_tasks(erasing: Erasing) -> Gone:
    """Tasks about this customer alone go; of the others, what names the person is cut out."""
    one = erasing.customer_id
    alone = [row[0] for row in fetch(_ALONE, [one])]
    links = count_of("DELETE FROM collaboration_taskcustomer WHERE customer_id = %s", [one])
    removed = count_of("DELETE FROM collaboration_task WHERE id = ANY(%s)", [alone])
    fetch("DELETE FROM platform_journalrow WHERE relation LIKE 'collaboration_task%%' AND owner_id = ANY(%s)", [alone])
    cleaned = 0
    for text in erasing.texts:
        cleaned += count_of(
            "UPDATE collaboration_task SET title = coalesce(nullif(replace(title, %s, ''), ''), '-'), "
            "body = replace(body, %s, ''), outcome_note = replace(outcome_note, %s, '') "
            "WHERE position(%s IN concat_ws(' ', title, body, outcome_note)) > 0",
            [text, text, text, text],
        )
    return Gone(removed=removed + links, cleaned=cleaned)


for _kind in ("opened", "edited", "completed", "reopened", "snoozed"):
    stays_in_facts(f"collaboration.task_{_kind}", "kind", "outcome", "due", "by_id")

holds(
    Holding(
        "collaboration.tasks",
        _("Tasks"),
        ("collaboration_task", "collaboration_taskcustomer"),
        read_tasks,
        erase_tasks,
        order=30,
    )
)
