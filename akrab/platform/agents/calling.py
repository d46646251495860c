"""Calling a tool for a person: under their policy, within the caps, with a line in the log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from pydantic_core import to_json

from akrab.platform.actor import Actor
from akrab.platform.agents.models import AgentCall
from akrab.platform.agents.tools import TEXT, Tool, all_tools
from akrab.platform.api.keys import HOLDER
from akrab.platform.bulk import fetch
from akrab.platform.customizing.fields import remembering
from akrab.platform.middleware import refuse_write
from akrab.platform.models import Setting, User
from akrab.platform.operation import require
from akrab.platform.operations.tokens import hash_of
from akrab.platform.refusal import Invalid, NotFound, Refusal

CALLS_A_MINUTE = 60
ROWS_AN_HOUR = 2000
CHOSEN = "agents.tools"
_CHECKS = {"string": str, "integer": int, "object": dict, "array": list, "boolean": bool}


class TooManyCalls(Refusal):
    code = "too_many_calls"
    status = 429
    message = _("This agent has asked too often or read too much. It may go on later.")


class AgentUnknown(Refusal):
    code = "agent_unknown"
    status = 401
    message = _("Nobody is known by this key or address, or they may not sign in any more.")


def agent_of(*, email: str = "", token: str = "") -> Actor:
    """The agent of a person, named by their address on the owner's machine, or by an API key; asked anew for each call."""
    if token:
        rows = fetch(HOLDER, [hash_of(token)])
        if not rows:
            raise AgentUnknown
        *holder, _fields = rows[0]
        key, name, scopes, expires_at, revoked_at, person, person_name, address, role, language, zone, active, ruled = holder
        if revoked_at is not None or not active or (expires_at is not None and expires_at <= datetime.now(UTC)):
            raise AgentUnknown
        label = f"{person_name or address} ({name})" if name else f"{person_name or address}"
        return Actor(
            "agent", str(key), label[:200], role, "agent", tuple(json.loads(scopes)), language, zone, str(person), ruled
        )  # fmt: skip
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise AgentUnknown
    return Actor("agent", str(user.pk), str(user), user.role, "agent", (), user.language, user.zone, str(user.pk))


def offered(by: Actor) -> list[Tool]:
    """The tools that an administrator left on and that this person's role and key allow."""
    chosen = chosen_tools()
    return [one for one in all_tools().values() if one.name in chosen and by.may(one.may)]


def chosen_tools() -> frozenset[str]:
    """The tools that are on; all of them until an administrator chooses."""
    kept = Setting.objects.filter(name=CHOSEN).values_list("value", flat=True).first()
    return frozenset(all_tools() if kept is None else kept)


def call(*, by: Actor, name: str, arguments: Mapping[str, Any]) -> tuple[str, bool]:
    """The answer of a tool as JSON, and whether it is a refusal; either way the call is in the log."""
    with translation.override(by.language), remembering():
        try:
            _within_caps(by)
            answer, rows = _run(by, name, arguments)
            problem = ""
        except Refusal as refused:
            answer = {"code": refused.code, "message": str(refused), "errors": getattr(refused, "errors", {})}
            rows, problem = 0, refused.code
    kept = json.loads(to_json(dict(arguments), serialize_unknown=True))
    AgentCall.objects.create(
        person_id=by.person, agent=by.label, tool=name[:60], arguments=_shortened(kept), rows=rows, problem=problem[:60], at=now()
    )
    return to_json(answer, serialize_unknown=True).decode(), bool(problem)


def _run(by: Actor, name: str, arguments: Mapping[str, Any]) -> tuple[Any, int]:
    tool = next((one for one in offered(by) if one.name == name), None)
    if tool is None:
        raise NotFound
    require(by, tool.may)
    _check(tool, arguments)
    reading = nullcontext() if tool.proposes else connection.execute_wrapper(refuse_write)
    with transaction.atomic(), reading:
        answer = tool.run(by, arguments)
    rows = len(answer["items"]) if isinstance(answer, dict) and isinstance(answer.get("items"), list) else 1
    return _shortened(answer), rows


def _check(tool: Tool, arguments: Mapping[str, Any]) -> None:
    errors = {name: "Unknown argument." for name in arguments if name not in tool.arguments}
    errors |= {name: "Required." for name in tool.required if arguments.get(name) in (None, "")}
    for name, value in arguments.items():
        wanted = _CHECKS.get(str(tool.arguments.get(name, {}).get("type", "")))
        if wanted and not isinstance(value, wanted):
            errors[name] = f"Must be {tool.arguments[name]['type']}."
    if errors:
        raise Invalid(errors)


def _within_caps(by: Actor) -> None:
    moment = now()
    [(calls, rows)] = fetch(
        "SELECT count(*) FILTER (WHERE at > %s), coalesce(sum(rows), 0) FROM platform_agentcall WHERE person_id = %s AND at > %s",
        [moment - timedelta(minutes=1), by.person, moment - timedelta(hours=1)],
    )
    if calls >= CALLS_A_MINUTE or rows >= ROWS_AN_HOUR:
        raise TooManyCalls


def _shortened(value: Any) -> Any:
    """Long texts end early."""
    if isinstance(value, str):
        return value if len(value) <= TEXT else value[:TEXT] + "…"
    if isinstance(value, Mapping):
        return {key: _shortened(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_shortened(one) for one in value]
    return value
