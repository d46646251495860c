"""Retiring a choice: it is offered no more, and the records that have it keep it or get another one instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.declaring import customizable_named
from akrab.platform.customizing.facts import ChoiceReplaced
from akrab.platform.customizing.fields import forget
from akrab.platform.customizing.models import CustomField
from akrab.platform.facts import record
from akrab.platform.listing.bulk import Outcome
from akrab.platform.listing.bulk_models import BulkRun
from akrab.platform.operation import operation
from akrab.platform.operations.custom_fields import MANAGE
from akrab.platform.refusal import Invalid, NotFound
from akrab.platform.rights.standing import person_of

RUN = "custom_field"
_HAS = {"choice": "{0}.custom->>%(key)s = %(choice)s", "choices": "{0}.custom->%(key)s ? %(choice)s"}
_GIVES = {
    "choice": "to_jsonb(%(instead)s::text)",
    "choices": (
        "(SELECT jsonb_agg(DISTINCT CASE WHEN one = %(choice)s THEN %(instead)s ELSE one END "
        "ORDER BY CASE WHEN one = %(choice)s THEN %(instead)s ELSE one END) "
        "FROM jsonb_array_elements_text(t.custom->%(key)s) AS one)"
    ),
}


@operation(may=MANAGE, journal=gettext_lazy("Retired a choice of %(subject)s"))
def retire_choice(*, by: Actor, field_id: UUID, choice: str, at: datetime, instead: str = "") -> BulkRun | None:
    """Offer a choice no more; with `instead` a run is noted that gives that one to all records that have it."""
    field = _field(field_id)
    choices = [dict(one) for one in field.options["choices"]]
    known = {one["code"]: one for one in choices}
    if choice not in known:
        raise NotFound
    if instead and (instead == choice or known.get(instead, {"is_retired": True})["is_retired"]):
        raise Invalid({"instead": _("Choose another one that is in use.")})
    known[choice]["is_retired"] = True
    field.options = {**field.options, "choices": choices}
    field.version += 1
    field.changed_at = at
    field.save(update_fields=["options", "version", "changed_at"])
    forget()
    total = count_of_choice(field, choice)
    fact = ChoiceReplaced(
        field_id=field.pk, at=at, object=field.object, key=field.key, choice=choice, by_choice=instead, changed=total
    )
    record([fact], by=by)
    person = person_of(by)
    if not instead or not total or person is None:
        return None
    change = {"field_id": str(field.pk), "choice": choice, "instead": instead}
    return BulkRun.objects.create(object=RUN, change=change, total=total, by_id=person, created_at=at)


@operation(may=MANAGE, journal=gettext_lazy("Replaced a choice"))
def replace_choice(*, by: Actor, field_id: UUID, choice: str, instead: str, ids: Sequence[UUID], at: datetime) -> Outcome:
    """Give these records another choice; those that do not have the old one stay as they are."""
    field = _field(field_id)
    what = customizable_named(field.object)
    rows = fetch(
        f"UPDATE {what.table} t SET custom = t.custom || jsonb_build_object(%(key)s::text, {_GIVES[field.type]}), "
        "version = version + 1, changed_at = %(at)s, changed_xid = pg_current_xact_id()::text::bigint "
        f"WHERE id = ANY(%(ids)s::uuid[]) AND {_HAS[field.type].format('t')} RETURNING 1",
        {"key": field.key, "choice": choice, "instead": instead, "ids": list(ids), "at": at},
    )
    return Outcome(len(rows), len(ids) - len(rows))


def having(field_id: UUID, choice: str, after: UUID | None, size: int) -> list[UUID]:
    """The next records that have a choice."""
    field = _field(field_id)
    rows = fetch(
        f"SELECT id FROM {customizable_named(field.object).table} t WHERE id > %(after)s AND {_HAS[field.type].format('t')} "
        "ORDER BY id LIMIT %(size)s",
        {"key": field.key, "choice": choice, "after": after or UUID(int=0), "size": size},
    )
    return [row[0] for row in rows]


def count_of_choice(field: CustomField, choice: str) -> int:
    table = customizable_named(field.object).table
    sql = f"SELECT count(*) FROM {table} t WHERE {_HAS[field.type].format('t')}"
    return int(fetch(sql, {"key": field.key, "choice": choice})[0][0])


def _field(field_id: UUID) -> CustomField:
    field = CustomField.objects.filter(pk=field_id, trashed_at=None, type__in=list(_HAS)).first()
    if field is None:
        raise NotFound
    return field
