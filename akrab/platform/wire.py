"""What the wire can do to a request before Django sees it: odd bytes, doubled header names, a sender that leaves."""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send


def guarded(app: ASGIApp) -> ASGIApp:
    """Wrap a WSGI adapter so that it gets only what WSGI can express."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await app(expressible(scope), whole(receive), send)

    return application


def expressible(scope: Scope) -> Scope:
    """Query strings in ASCII; no header with an underscore, which would pose as one with a hyphen."""
    changed: dict[str, Any] = {}
    if not scope["query_string"].isascii():
        changed["query_string"] = b"".join(bytes([byte]) if byte < 128 else b"%%%02X" % byte for byte in scope["query_string"])
    if any(b"_" in name for name, _ in scope["headers"]):
        changed["headers"] = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    return {**scope, **changed} if changed else scope


def whole(receive: Receive) -> Receive:
    """A body that breaks off is an error, not a shorter body."""
    complete = False

    async def receive_whole() -> Message:
        nonlocal complete
        message = await receive()
        if message["type"] == "http.disconnect" and not complete:
            raise ConnectionResetError("the sender left before the body was complete")
        complete = not message.get("more_body", False)
        return message

    return receive_whole
