"""Who is asking, through which entrance, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext

from akrab.platform import policy
from akrab.platform.tabular.sentences import gettext_noop


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, an API key, the command line or the system itself.

    `kind` is person, key, agent, command or system; `entrance` is page, api, agent, command, import, job or proposal.
    `person` is whom a key acts for; `ruled` says, where that is known already, whether there is any rule; `viewer` who looks
    through this person's eyes and may change nothing; `known` keeps what was read for them.
    """

    kind: str
    id: str
    label: str
    role: str
    entrance: str
    scopes: tuple[str, ...] = ()
    language: str = "en"
    zone: str = "Asia/Jakarta"
    person: str = ""
    ruled: bool | None = None
    viewer: str = ""
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def may(self, verb: str) -> bool:
        """Whether this actor's role, and key scopes if any, allow the verb."""
        if self.kind == "agent" and not policy.agent_allows(verb):
            return False
        return policy.allows(self.role, verb) and policy.scope_allows(self.scopes, verb)

    def through(self, entrance: str) -> Actor:
        """The same actor coming in through another entrance, for example an import it started."""
        return replace(self, entrance=entrance)

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


COMMAND_LINE = gettext_noop("Command line")


def name_of(label: str) -> str:
    """The label of an actor as its reader says it: what Akrab named itself is kept in English."""
    return gettext(label) if label == COMMAND_LINE else label


ANONYMOUS = Actor("anonymous", "", "", "", "page")
SYSTEM = Actor("system", "system", "Akrab", "administrator", "job")


def command_actor() -> Actor:
    """The person at the command line of the server, who owns the machine."""
    return Actor(
        "command",
        "command",
        COMMAND_LINE,
        "administrator",
        "command",
        language=settings.LANGUAGE_CODE,
        zone=settings.TIME_ZONE,
    )
