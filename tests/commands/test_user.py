"""`akrab user` as scripts call it."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from typer.testing import CliRunner

from akrab.cli.user import app
from akrab.platform.middleware import actor_of
from akrab.platform.models import User
from akrab.platform.operations.second_factors import turn_on_app
from akrab.platform.tests.factories import NOON

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def test_an_account_is_created_and_its_lost_second_factor_is_reset() -> None:
    run = CliRunner().invoke
    made = run(app, ["create", "--email", "Sari@example.com", "--role", "manager", "--password-stdin"], "kopi-susu-2026\n")
    user = User.objects.get()
    code = format_hotp_value(hotp_value(SECRET, int(NOON.timestamp()) // 30))
    turn_on_app(by=actor_of(user), secret=SECRET, code=code, at=NOON)

    told = run(app, ["reset-two-factor", "--email", "Sari@example.com", "--json"])

    assert (made.exit_code, made.stdout) == (0, "sari@example.com: manager\n")
    assert user.check_password("kopi-susu-2026")
    assert json.loads(told.stdout) == {"user_id": str(user.pk), "email": "sari@example.com", "change": "reset"}
    assert Authenticator.objects.count() == 0
