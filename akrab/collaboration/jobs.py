"""What collaboration does while nobody is watching: tell people, remind them, send digests, watch clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from akrab.collaboration.facts import ApprovalChanged, CustomerHandedOver
from akrab.collaboration.operations.approving import expire_requests, remind_deciders
from akrab.collaboration.operations.notifying import News, note_mailed, note_reminded, notify
from akrab.collaboration.queries.audience import HEARD, audience, deciders, receivers
from akrab.collaboration.queries.notices import Digest, due_digests
from akrab.collaboration.queries.tasks import due_reminders
from akrab.platform.actor import SYSTEM
from akrab.platform.delivery import every, on
from akrab.platform.gateways.mail import send_mail


@on(*HEARD)
def tell_people(facts: Sequence[Any]) -> None:
    """Those who are named, assigned, invited, or follow."""
    notify(by=SYSTEM, news=[News(*one) for one in audience(facts)])


@on(ApprovalChanged)
def tell_deciders(facts: Sequence[ApprovalChanged]) -> None:
    """Those who must decide, and at the end who asked."""
    notify(by=SYSTEM, news=[News(*one) for one in deciders(facts)])


@on(CustomerHandedOver)
def tell_receivers(facts: Sequence[CustomerHandedOver]) -> None:
    """To whom a customer is handed over, and who handed it over when it was answered."""
    notify(by=SYSTEM, news=[News(*one) for one in receivers(facts)])


@every("*/10 * * * *")
def watch_approvals(at: datetime) -> None:
    """Remind once, then expire."""
    remind_deciders(by=SYSTEM, at=at)
    expire_requests(by=SYSTEM, at=at)


@every("* * * * *")
def remind_people(at: datetime) -> None:
    """Tasks whose reminder is due."""
    due = due_reminders(by=SYSTEM, at=at)
    news = [
        News(user, "task", task, title, reverse("collaboration:task", args=[task]), "reminder", at) for task, user, title in due
    ]
    notify(by=SYSTEM, news=news)
    note_reminded(by=SYSTEM, task_ids=[one.record_id for one in news], at=at)


@every("5 * * * *")
def mail_digests(at: datetime) -> None:
    """One mail to everyone whose digest is due; without a mail server nobody gets any."""
    if not settings.MAIL_URL:
        return
    for digest in due_digests(by=SYSTEM, at=at):
        with override(digest.user.language):
            send_mail(to=digest.user.email, subject=_subject(digest), text=_text(digest))
        note_mailed(by=SYSTEM, user_id=digest.user.pk, notice_ids=[one.pk for one in digest.notices], at=at)


def _subject(digest: Digest) -> str:
    number = len(digest.notices)
    return ngettext("Akrab: %(count)s thing is new", "Akrab: %(count)s things are new", number) % {"count": number}


def _text(digest: Digest) -> str:
    base = settings.PUBLIC_URL.rstrip("/")
    lines = [f"{one.title}\n  {', '.join(str(why) for why in one.reason_words)}\n  {base}{one.link}" for one in digest.notices]
    choose = _("You choose what you are told: %(address)s") % {"address": base + reverse("collaboration:notice_preferences")}
    return "\n\n".join([*lines, choose]) + "\n"
