"""The audit for administrators: who signed in, changed rights, exported, undid; and whether the chain is whole."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akrab.platform.actor import SYSTEM
from akrab.platform.declaring import DECLARED
from akrab.platform.journal.telling import as_date
from akrab.platform.operations.auditing import chain_everything
from akrab.platform.presentation import tell
from akrab.platform.queries.audit import Verdict, audit_page, people_in_audit, verify_audit
from akrab.platform.web import Request, page

REASONS = {
    "missing": gettext_lazy("A link is missing."),
    "changed": gettext_lazy("A link was changed."),
    "fact_missing": gettext_lazy("The fact behind a link is missing."),
    "fact_changed": gettext_lazy("The fact behind a link was changed."),
}


def index(request: Request) -> HttpResponse:
    return _page(request)


def check(request: Request) -> HttpResponse:
    """Compute the whole chain again."""
    people_in_audit(by=request.actor)
    chain_everything(by=SYSTEM)
    verdict = verify_audit(by=request.actor)
    return _page(request, verdict)


def _page(request: Request, verdict: Verdict | None = None) -> HttpResponse:
    chosen = {name: request.GET.get(name, "") for name in ("person", "kind", "on")}
    before = request.GET.get("before", "")
    links, following = audit_page(
        by=request.actor,
        person=chosen["person"],
        kind=chosen["kind"],
        on=as_date(chosen["on"]),
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in chosen.items() if value})
    if following:
        query["before"] = str(following)
    kinds = sorted(kind for kind, what in DECLARED.items() if what.audited)
    return page(
        request,
        "platform/audit.html",
        links=[(seq, tell(**one._asdict())) for seq, one in links],
        next=f"?{query.urlencode()}" if following else "",
        people=[("", _("Everybody")), *people_in_audit(by=request.actor)],
        kinds=[("", _("Everything")), *((kind, kind) for kind in kinds)],
        chosen=chosen,
        verdict=verdict,
        reason=REASONS.get(verdict.reason, "") if verdict else "",
    )
