"""Second factors as allauth keeps them: the code of an app, recovery codes, passkeys."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID

import segno
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.utils.safestring import SafeString, mark_safe

from akrab.platform.sealing import unseal
from akrab.platform.signing.adapters import NAME

APP, CODES, PASSKEY = "totp", "recovery_codes", "webauthn"
PROVES = (APP, PASSKEY)
PERIOD = 30


def has_second_factor(user_id: UUID) -> bool:
    """Whether signing in by password asks this person for more; recovery codes alone are no second factor."""
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=PROVES).exists())


def which_proof(user_id: UUID, code: str, at: datetime) -> str:
    """Which of the person's factors a code proves, used up in the same moment: app, recovery_code, or nothing."""
    rows = Authenticator.objects.select_for_update().filter(user_id=user_id, type__in=(APP, CODES))
    for row in rows.order_by("-type"):
        if row.type == APP and _uses_up_app_code(row, code, at):
            return "app"
        if row.type == CODES and RecoveryCodes(row).validate_code(code):
            return "recovery_code"
    return ""


def app_step(secret: str, code: str, at: datetime, after: int = 0) -> int | None:
    """The time step of an app's code: this one or a neighbor, and later than the last one that was used."""
    now = int(at.timestamp()) // PERIOD
    for step in (now - 1, now, now + 1):
        if step > after and compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def app_address(email: str, secret: str) -> str:
    """What an authenticator app reads from the QR code."""
    return f"otpauth://totp/{quote(f'{NAME}:{email}')}?{urlencode({'secret': secret, 'issuer': NAME})}"


def qr_picture(words: str) -> SafeString:
    """A QR code as SVG, drawn here."""
    return mark_safe(segno.make(words, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff"))  # noqa: S308


def _uses_up_app_code(row: Authenticator, code: str, at: datetime) -> bool:
    step = app_step(unseal(row.data["secret"]), code, at, after=row.data.get("step", 0))
    if step is None:
        return False
    row.data["step"], row.last_used_at = step, at
    row.save(update_fields=["data", "last_used_at"])
    return True


def new_app_secret() -> str:
    """A fresh secret for an authenticator app."""
    return str(generate_totp_secret())
