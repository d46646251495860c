"""Secrets at rest: sealed with a key derived from the signing key, so that a copy of the database alone tells nothing."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from akrab.platform.refusal import Refusal


class SealedElsewhere(Refusal):
    """A sealed secret meets another signing key than the one that sealed it."""

    code = "sealed_elsewhere"
    message = _("This secret was kept under another signing key (AKRAB_SECRET_KEY) and cannot be read. Enter it again.")


def seal(secret: str) -> str:
    """What may be kept in the database; `unseal` gives the secret back."""
    return _box(settings.SECRET_KEY).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret behind a sealed text."""
    try:
        return _box(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken as problem:
        raise SealedElsewhere from problem


@cache
def _box(signing_key: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"akrab: secrets at rest").derive(signing_key.encode())
    return Fernet(urlsafe_b64encode(derived))
