"""Where people are signed in: seen, listed in words, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM
from akrab.platform.models import User
from akrab.platform.operations.sessions import forget_ended_sessions
from akrab.platform.operations.users import create_user
from akrab.platform.signing.devices import device_of
from akrab.platform.tests.factories import NOON, facts_recorded

pytestmark = pytest.mark.django_db

PASSWORD = "kopi-susu-2026"
PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def signed_in(agent: str, email: str = "sari@example.com") -> Client:
    if not User.objects.filter(email=email).exists():
        create_user(by=SYSTEM, email=email, role="staff", at=NOON, password=PASSWORD)
    client = Client(headers={"User-Agent": agent})
    client.post("/sign-in/", {"email": email, "password": PASSWORD})
    return client


def test_the_page_names_devices_in_words_and_marks_this_one() -> None:
    signed_in(PHONE)
    shown = signed_in(LAPTOP).get("/security/").content.decode()

    assert "Chrome · Android" in shown
    assert "Firefox · Linux" in shown
    assert shown.index("Firefox · Linux") < shown.index("This device") < shown.index("Chrome · Android")
    assert shown.count("127.0.0.1") == 2


def test_one_other_device_is_signed_out() -> None:
    phone, laptop = signed_in(PHONE), signed_in(LAPTOP)
    row = UserSession.objects.get(user_agent=PHONE)

    assert laptop.post(f"/security/sessions/{row.pk}/", {"_method": "delete"}).status_code == 303

    assert phone.get("/preferences/").status_code == 302
    assert laptop.get("/preferences/").status_code == 200
    assert facts_recorded("platform.session_ended") == ["platform.session_ended"]


def test_all_others_are_signed_out_at_once() -> None:
    phone, tablet, laptop = signed_in(PHONE), signed_in(PHONE), signed_in(LAPTOP)

    laptop.post("/security/sessions/", {"_method": "delete"})

    assert [one.get("/preferences/").status_code for one in (phone, tablet, laptop)] == [302, 302, 200]
    assert UserSession.objects.count() == 1


def test_nobody_ends_the_session_of_somebody_else() -> None:
    sari, budi = signed_in(PHONE), signed_in(LAPTOP, "budi@example.com")
    row = UserSession.objects.get(user__email="sari@example.com")

    assert budi.post(f"/security/sessions/{row.pk}/", {"_method": "delete"}).status_code == 404
    assert sari.get("/preferences/").status_code == 200


def test_signing_out_leaves_the_list() -> None:
    signed_in(PHONE).post("/sign-in/", {"_method": "delete"})

    assert UserSession.objects.count() == 0


def test_a_session_is_seen_again_after_five_minutes_and_not_before() -> None:
    client = signed_in(PHONE)
    long_ago = now() - timedelta(minutes=6)
    UserSession.objects.update(last_seen_at=long_ago)

    client.get("/preferences/")
    assert UserSession.objects.get().last_seen_at == long_ago
    session = client.session
    session["sign_in.seen_at"] = long_ago.isoformat()
    session.save()
    client.get("/preferences/")

    assert UserSession.objects.get().last_seen_at > long_ago


def test_a_new_password_leaves_this_session_alone_on_the_list() -> None:
    phone, laptop = signed_in(PHONE), signed_in(LAPTOP)

    laptop.post("/preferences/password/", {"current": PASSWORD, "new": "teh-tarik-panas-7"})

    assert [one.get("/preferences/").status_code for one in (phone, laptop)] == [302, 200]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [laptop.session.session_key]


def test_sessions_whose_time_is_over_are_forgotten() -> None:
    client = signed_in(PHONE)
    forget_ended_sessions(by=SYSTEM, before=now())
    assert client.get("/preferences/").status_code == 200

    forget_ended_sessions(by=SYSTEM, before=now() + timedelta(days=15))

    assert (UserSession.objects.count(), Session.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Safari/604.1", "Safari · iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-A146P) SamsungBrowser/25.0 Chrome/121.0 Safari/537.36",
            "Samsung Internet · Android",
        ),
        ("curl/8.5", ""),
    ],
)
def test_a_device_in_words(agent: str, words: str) -> None:
    assert device_of(agent).words == words
