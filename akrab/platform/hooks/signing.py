"""Signatures of webhooks, as Standard Webhooks writes them: HMAC-SHA256 over id, moment and body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

STARTS = "whsec_"


def new_secret() -> str:
    return STARTS + base64.b64encode(secrets.token_bytes(32)).decode()


def headers_for(message: str, moment: int, body: bytes, keys: Sequence[str]) -> dict[str, str]:
    """The three headers; after a change of the secret the old one signs too, for a day."""
    signed = f"{message}.{moment}.".encode() + body
    marks = [base64.b64encode(hmac.new(_key(one), signed, hashlib.sha256).digest()).decode() for one in keys]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(STARTS))
