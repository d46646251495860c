"""Files of customers: all rows are read and staged first, then saved batch by batch in the order of the file."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from akrab.customers.forms import ChoiceForm
from akrab.customers.intake.fields import FIELDS, IDENTIFIERS, SETTINGS, lacking
from akrab.customers.intake.presets import CUSTOMER_PRESETS
from akrab.customers.intake.reading import RowReader
from akrab.customers.models import CUSTOMER
from akrab.customers.operations.saving import CustomerMessage, Saved, save_customers
from akrab.customers.queries.exports import CUSTOMER_ROWS
from akrab.customers.queries.identifying import key_of
from akrab.customers.queries.listing import matching
from akrab.platform.actor import Actor
from akrab.platform.bulk import named
from akrab.platform.customizing.fields import remembering
from akrab.platform.customizing.files import import_fields
from akrab.platform.importing.earlier import Earlier
from akrab.platform.importing.kinds import Kind, register
from akrab.platform.importing.session import Session
from akrab.platform.importing.staging import Staging
from akrab.platform.tabular.sentences import Sentence, gettext_noop

BATCH = 2000
_NAMES = ("name", "company", "given_name", "family_name")
_SAID_IN = {"name": _NAMES, "display_name": _NAMES}
_NAMELESS = gettext_noop("This row has no name; the customer is called by the e-mail address, phone number or id that it has.")
_LEFT_OUT = {
    "phone": gettext_noop("This is no phone number; the customer is taken without it."),
    "whatsapp": gettext_noop("This is no WhatsApp number; the customer is taken without it."),
    "email": gettext_noop("This is no e-mail address; the customer is taken without it."),
    "card": gettext_noop("This is no card number; the customer is taken without it."),
}
_COLUMN_OF = {kind: name for name, kind in IDENTIFIERS.items()}
_NOBODY = gettext_noop("The row has no name and nothing that identifies a customer.")


def shown_by(by: Actor, query: str) -> tuple[str, dict[str, Any]]:
    """Which rows of the export a saved view shows."""
    rows = matching(ChoiceForm(QueryDict(query)).choice(), by=by).order_by().values("pk")
    sql, values = named(*rows.query.sql_with_params(), prefix="shown")
    return f"c.id IN ({sql})", values


def take_customers(session: Session) -> None:
    """Create customers or update those whom an identifier finds; blank cells never empty what is known."""
    with remembering():
        _take(session)


def _take(session: Session) -> None:
    staging = Staging(session, {one.name: one.kind for one in CUSTOMERS.all_fields})
    for batch in session.batches():
        staging.add(batch)
    reader = RowReader(
        staging.names, session.source, session.setting("kind") or "person", session.setting("zone") or settings.TIME_ZONE
    )
    earlier = Earlier(session)
    again = replace(reader, dropped=Counter())
    tally: Counter[str] = Counter()
    for part in staging.parts(BATCH):
        rows, messages = _messages(session, reader, part)
        before = [again.message(text) for text in earlier.before(zip(rows, map(_keys, messages), strict=True))]
        with session.batch():
            if before:
                _save(session, before)
            saved = _save(session, messages)
        for row, message, outcome in zip(rows, messages, saved, strict=True):
            _account(session, row, outcome, tally)
            if outcome.result == "created" and not message.fields.get("display_name"):
                session.remark(row, Sentence(_NAMELESS), _column(session, "name"))
        session.progress.tick()
    session.details["customers"] = {name: tally[name] for name in ("created", "updated", "unchanged")}
    session.details["identifiers_left_out"] = dict(reader.dropped)
    session.details["unused_columns"] = session.unused_columns()


def _save(session: Session, messages: list[CustomerMessage]) -> list[Saved]:
    return save_customers(by=session.by, customers=messages, at=session.at, source=session.source, mode=session.mode)


def _keys(message: CustomerMessage) -> set[str]:
    said = [*message.identifiers, *((kind, message.fields.get(kind, "")) for kind in ("email", "phone"))]
    return {" ".join(key) for kind, value in said if value and (key := key_of(kind, value))}


def _messages(session: Session, reader: RowReader, part: list[tuple[int, str]]) -> tuple[list[int], list[CustomerMessage]]:
    rows, messages = [], []
    for row, text in part:
        dropped = reader.dropped.copy()
        message = reader.message(text)
        if len(message.fields) == 1 and not any(value for _kind, value in message.identifiers if "/row-" not in value):
            session.reject(row, Sentence(_NOBODY))
            continue
        for kind in reader.dropped - dropped:
            session.remark(row, Sentence(_LEFT_OUT[kind]), session.column_of(_COLUMN_OF[kind]))
        rows.append(row)
        messages.append(message)
    return rows, messages


def _account(session: Session, row: int, outcome: Saved, tally: Counter[str]) -> None:
    if outcome.result == "error" and outcome.code == "identifier_taken":
        session.count("skipped")
    elif outcome.wrong:
        session.fail(row)
        for name, sentence in outcome.wrong.items():
            session.note(row, sentence, _column(session, name))
    elif outcome.result == "error":
        session.reject(row, outcome.why or Sentence(_NOBODY))
    else:
        tally[outcome.result] += 1
        session.count(outcome.result)


def _column(session: Session, name: str) -> str:
    """The column of the file in which a part of a customer was said."""
    return next(filter(None, map(session.column_of, _SAID_IN.get(name, (name,)))), "")


CUSTOMERS = register(
    Kind(
        name="customers",
        label=gettext_lazy("Customers"),
        may="customers.edit_customers",
        fields=FIELDS,
        more=lambda: import_fields(CUSTOMER.name),
        settings=SETTINGS,
        presets=CUSTOMER_PRESETS,
        needs=lacking,
        take=take_customers,
        export=replace(CUSTOMER_ROWS, narrow=shown_by),
    )
)
