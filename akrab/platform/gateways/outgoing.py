"""Requests to addresses that people type: to public addresses only, resolved once and pinned, never redirected, soon over."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

import urllib3
from django.conf import settings

from akrab.platform.tabular.sentences import Sentence, gettext_noop

TIMEOUT = 10.0
READ_MOST = 4096
KEPT = 300

Address = IPv4Address | IPv6Address
_NAT64 = ip_network("64:ff9b::/96")


class Unreachable(Exception):
    """There was no answer, or the address is one that may not be asked; the sentence says why."""

    def __init__(self, text: str, **values: object) -> None:
        self.sentence = Sentence(text, values)
        super().__init__(self.sentence.translated())


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the beginning of the text, and how long it took."""

    status: int
    text: str
    milliseconds: int

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


def check_address(address: str) -> str:
    """Why an address can never be asked, before any look-up; empty when it may be."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return gettext_noop("This is not a web address.")
    if parts.scheme not in {"http", "https"} or not host or any(letter.isspace() for letter in address):
        return gettext_noop("This is not a web address.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        return gettext_noop("Write the address without a name, a password or a #.")
    if parts.scheme == "http" and not settings.WEBHOOK_NETWORKS:
        return gettext_noop("The address must begin with https://.")
    literal = _literal(host)
    if literal is not None and not is_allowed(literal):
        return PRIVATE
    if (
        literal is None
        and not settings.WEBHOOK_NETWORKS
        and (host == "localhost" or host.endswith((".localhost", ".local", ".internal")))
    ):
        return PRIVATE
    return ""


PRIVATE = gettext_noop("This address lies in a private network. Only public addresses are asked.")


def post(address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send a body; an answer of any status comes back, no answer raises `Unreachable`."""
    refused = check_address(address)
    if refused:
        raise Unreachable(refused)
    parts = urlsplit(address)
    pinned = _resolve(parts)
    began = time.monotonic()
    pool = _pool(parts, str(pinned))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _deadline(pool):
            response = pool.urlopen(
                "POST", target, body=body, headers={**headers, "Host": parts.netloc}, redirect=False, retries=False,
                preload_content=False, decode_content=False, assert_same_host=False,
            )  # fmt: skip
            text = response.read(READ_MOST).decode("utf-8", "replace")
            response.close()
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as trouble:
        raise _why(trouble) from trouble
    finally:
        pool.close()
    took = round((time.monotonic() - began) * 1000)
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    return Answer(response.status, " ".join(clean.split())[:KEPT], took)


def is_allowed(address: Address) -> bool:
    """Whether an address is public, or lies in a network that the installation allows."""
    inner = _unwrapped(address)
    if any(inner.version == network.version and inner in network for network in _networks()):
        return True
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _networks() -> list[Any]:
    return [ip_network(one, strict=False) for one in settings.WEBHOOK_NETWORKS]


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries inside, whichever way."""
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)
    return address


def _literal(host: str) -> Address | None:
    with suppress(ValueError):
        return ip_address(host.partition("%")[0])
    return None


def _resolve(parts: SplitResult) -> Address:
    """The address to connect to; one private answer among public ones refuses them all."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as trouble:
        raise Unreachable(gettext_noop("The name %(host)s is not known."), host=str(parts.hostname)) from trouble
    addresses: Sequence[Address] = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not addresses or not all(is_allowed(one) for one in addresses):
        raise Unreachable(PRIVATE)
    return addresses[0]


def _pool(parts: SplitResult, pinned: str) -> Any:
    timeout = urllib3.Timeout(total=TIMEOUT)
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(pinned, parts.port or 80, timeout=timeout, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        pinned, parts.port or 443, timeout=timeout, maxsize=1, server_hostname=parts.hostname, assert_hostname=parts.hostname,
        cert_reqs="CERT_REQUIRED", ssl_context=ssl.create_default_context(),
    )  # fmt: skip


def _why(trouble: Exception) -> Unreachable:
    if isinstance(trouble, urllib3.exceptions.NewConnectionError):
        return Unreachable(gettext_noop("The connection failed."))
    if isinstance(trouble, urllib3.exceptions.TimeoutError | TimeoutError):
        return Unreachable(gettext_noop("No answer within %(seconds)s seconds."), seconds=int(TIMEOUT))
    if isinstance(trouble, urllib3.exceptions.SSLError | ssl.SSLError):
        return Unreachable(gettext_noop("The certificate was not accepted."))
    return Unreachable(gettext_noop("The connection failed."))


class _deadline:  # noqa: N801
    """Ends a request that trickles: a receiver that sends a byte now and then never meets a timeout of the socket."""

    def __init__(self, pool: Any) -> None:
        self.made: list[Any] = []
        self.is_over = False
        make = pool._new_conn

        def noted() -> Any:
            self.made.append(make())
            return self.made[-1]

        pool._new_conn = noted
        self.timer = threading.Timer(TIMEOUT * 1.5, self.cut)
        self.timer.daemon = True

    def cut(self) -> None:
        self.is_over = True
        for one in self.made:
            with suppress(OSError, AttributeError):
                one.sock.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> None:
        self.timer.start()

    def __exit__(self, *_problem: object) -> None:
        self.timer.cancel()
        if self.is_over:
            raise TimeoutError
