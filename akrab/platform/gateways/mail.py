"""Outgoing mail over SMTP, to the server of AKRAB_MAIL_URL; only jobs send."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

TIMEOUT = 30
BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes: smtp://user:password@host:587 (STARTTLS), smtps:// (TLS from the start), smtp://host:25 (in the clear)."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: bool


def server_of(url: str) -> MailServer:
    """The server that an address names; `?starttls=1` asks for STARTTLS on another port than 587."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    tls = parts.scheme == "smtps"
    port = parts.port or (465 if tls else 587 if parts.username else 25)
    starttls = not tls and options.get("starttls", "1" if port == 587 else "0") == "1"
    return MailServer(
        parts.hostname or "localhost", port, unquote(parts.username or ""), unquote(parts.password or ""), tls, starttls
    )


def send_mail(*, to: str, subject: str, text: str) -> None:
    """One plain message to one person; an error of the server is raised, so that the job tries again."""
    server = server_of(settings.MAIL_URL)
    connection = get_connection(
        BACKEND, host=server.host, port=server.port, username=server.user, password=server.password,
        use_ssl=server.tls, use_tls=server.starttls, timeout=TIMEOUT,
    )  # fmt: skip
    EmailMessage(subject, text, settings.MAIL_FROM or _own_address(), [to], connection=connection).send()


def _own_address() -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"Akrab <akrab@{host}>"
