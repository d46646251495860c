"""What people's work holds about a customer: tasks, calls and meetings, notes with their files.

What is about this customer alone goes; what is about others too loses the link, and the person's name in its texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from akrab.platform.bulk import fetch
from akrab.platform.holdings import Erasing, Gone, Holding, Rows, count_of, holds, mentions_others, rows_of, stays_in_facts
from akrab.platform.merging import repoints


def read_tasks(customer_id: UUID) -> Rows:
    return rows_of(
        "SELECT t.* FROM collaboration_task t JOIN collaboration_taskcustomer c ON c.task_id = t.id WHERE c.customer_id = %s "
        "ORDER BY t.id",
        [customer_id],
    )


def read_activities(customer_id: UUID) -> Rows:
    return rows_of(
        "SELECT a.* FROM collaboration_activity a JOIN collaboration_guest g ON g.activity_id = a.id WHERE g.customer_id = %s "
        "ORDER BY a.starts_at, a.id",
        [customer_id],
    )


def read_notes(customer_id: UUID) -> Rows:
    return rows_of(
        "SELECT n.body, n.author_name, n.created_at, n.visibility, (SELECT jsonb_agg(jsonb_build_object('name', a.name, "
        "'size', a.size)) FROM collaboration_attachment a WHERE a.note_id = n.id) AS files "
        "FROM collaboration_note n WHERE n.customer_id = %s ORDER BY n.created_at, n.id",
        [customer_id],
    )


def read_handovers(customer_id: UUID) -> Rows:
    return rows_of(
        "SELECT department, situation, promised, open_points, checklist, status, reason, offered_at, answered_at "
        "FROM collaboration_handover WHERE customer_id = %s ORDER BY offered_at, id",
        [customer_id],
    )


def read_news(customer_id: UUID) -> Rows:
    return rows_of(
        "SELECT title, reasons, count, last_at FROM collaboration_notice WHERE record_kind = 'customer' AND record_id = %s "
        "ORDER BY last_at, id",
        [customer_id],
    )


def erase_tasks(erasing: Erasing) -> Gone:
    return _erase_shared(erasing, "task", "taskcustomer", ("title", "body", "outcome_note"))


def erase_activities(erasing: Erasing) -> Gone:
    return _erase_shared(erasing, "activity", "guest", ("title", "place", "notes"))


def erase_notes(erasing: Erasing) -> Gone:
    """Notes about the customer with their files; in other notes the person is cut out."""
    notes = [row[0] for row in fetch("SELECT id FROM collaboration_note WHERE customer_id = %s", [erasing.customer_id])]
    digests = fetch(
        "DELETE FROM collaboration_attachment a WHERE note_id = ANY(%s) RETURNING digest, EXISTS "
        "(SELECT 1 FROM collaboration_attachment o WHERE o.digest = a.digest AND o.note_id <> ALL(%s))",
        [notes, notes],
    )
    fetch("DELETE FROM collaboration_mention WHERE note_id = ANY(%s)", [notes])
    removed = count_of("DELETE FROM collaboration_note WHERE id = ANY(%s)", [notes])
    for part in ("note", "attachment", "mention"):
        _forget_images(part, notes)
    folder = Path(settings.FILES_ROOT) / "attachments"
    doomed = sorted({str(folder / digest[:2] / digest) for digest, is_shared in digests if not is_shared})
    return Gone(removed=removed + len(digests), cleaned=_cut_out(erasing, "note", ("body",)), doomed=doomed)


def erase_handovers(erasing: Erasing) -> Gone:
    ids = [row[0] for row in fetch("SELECT id FROM collaboration_handover WHERE customer_id = %s", [erasing.customer_id])]
    removed = count_of("DELETE FROM collaboration_handover WHERE id = ANY(%s)", [ids])
    _forget_images("handover", ids)
    return Gone(removed=removed, cleaned=_cut_out(erasing, "handover", ("situation", "promised", "open_points", "reason")))


def erase_news(erasing: Erasing) -> Gone:
    """News of the customer and the wish to hear it go; in news of other records the name is cut out."""
    removed = sum(
        count_of(f"DELETE FROM collaboration_{table} WHERE record_kind = 'customer' AND record_id = %s", [erasing.customer_id])
        for table in ("notice", "follow")
    )
    return Gone(removed=removed, cleaned=_cut_out(erasing, "notice", ("title",)))


def _erase_shared(erasing: Erasing, table: str, link: str, texts: Sequence[str]) -> Gone:
    """Rows about this customer alone are deleted; of the others the link."""
    alone = [
        row[0]
        for row in fetch(
            f"SELECT c.{table}_id FROM collaboration_{link} c WHERE c.customer_id = %s AND NOT EXISTS (SELECT 1 "
            f"FROM collaboration_{link} o WHERE o.{table}_id = c.{table}_id AND o.customer_id <> c.customer_id)",
            [erasing.customer_id],
        )
    ]
    removed = count_of(f"DELETE FROM collaboration_{link} WHERE customer_id = %s", [erasing.customer_id])
    for child in ("attendee",) if table == "activity" else ():
        fetch(f"DELETE FROM collaboration_{child} WHERE {table}_id = ANY(%s)", [alone])
    removed += count_of(f"DELETE FROM collaboration_{table} WHERE id = ANY(%s)", [alone])
    _forget_images(table, alone)
    return Gone(removed=removed, cleaned=_cut_out(erasing, table, texts))


def _cut_out(erasing: Erasing, table: str, columns: Sequence[str]) -> int:
    cleaned = 0
    for text in erasing.texts:
        new = ", ".join(f"{one} = coalesce(nullif(replace({one}, %(text)s, ''), ''), '-')" for one in columns)
        named = " OR ".join(f"position(%(text)s IN {one}) > 0" for one in columns)
        sql = f"UPDATE collaboration_{table} SET {new} WHERE {named} RETURNING 1"
        cleaned += len(fetch(sql, {"text": text}))
    return cleaned


def _forget_images(table: str, ids: Sequence[UUID]) -> None:
    fetch("DELETE FROM platform_journalrow WHERE relation LIKE %s AND owner_id = ANY(%s)", [f"collaboration_{table}%", list(ids)])


for _kind in ("opened", "edited", "completed", "reopened", "snoozed"):
    stays_in_facts(f"collaboration.task_{_kind}", "kind", "outcome", "due", "by_id")
    mentions_others(f"collaboration.task_{_kind}", "title", "changes", "note")

repoints("collaboration_taskcustomer", title=_("Tasks"), unique=("task_id",), key="bigint")
repoints("collaboration_guest", title=_("Calls and meetings"), unique=("activity_id",), key="bigint")
repoints("collaboration_note", title=_("Notes"))
repoints("collaboration_handover", title=_("Handovers"))
repoints(
    "collaboration_follow", "record_id", title=_("Followers"), unique=("user_id",), only="record_kind = 'customer'"
)  # fmt: skip

holds(
    Holding(
        "collaboration.tasks",
        _("Tasks"),
        ("collaboration_task", "collaboration_taskcustomer"),
        read_tasks,
        erase_tasks,
        order=30,
    ),
    Holding(
        "collaboration.activities",
        _("Calls and meetings"),
        ("collaboration_activity", "collaboration_guest"),
        read_activities,
        erase_activities,
        order=31,
    ),
    Holding(
        "collaboration.notes",
        _("Notes with their files"),
        ("collaboration_note", "collaboration_attachment", "collaboration_mention"),
        read_notes,
        erase_notes,
        order=32,
    ),
    Holding("collaboration.handovers", _("Handovers"), ("collaboration_handover",), read_handovers, erase_handovers, order=33),
    Holding(
        "collaboration.news",
        _("News about records"),
        ("collaboration_notice", "collaboration_follow"),
        read_news,
        erase_news,
        order=34,
    ),
)
