"""Invitations and password resets, with mail through a real SMTP server on loopback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.test import Client
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM
from akrab.platform.delivery import LISTENERS
from akrab.platform.gateways.mail import server_of
from akrab.platform.models import Invitation, PasswordReset, User
from akrab.platform.operations.inviting import InvitationClosed, accept_invitation, invite, withdraw_invitation
from akrab.platform.operations.resetting_passwords import ResetLinkClosed, ask_for_reset, reset_password
from akrab.platform.operations.users import UserExists, create_user
from akrab.platform.ports import free_port
from akrab.platform.refusal import Forbidden, Invalid
from akrab.platform.signing.mailing import mail_invitations, mail_password_resets
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

pytestmark = pytest.mark.django_db

PASSWORD = "teh-tarik-panas-7"


class Postbox:
    """What the mail server took."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(  # noqa: N802
        self, server: object, session: object, envelope: object
    ) -> str:
        content = envelope.content  # type: ignore[attr-defined]
        self.mails.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"

    def link(self) -> str:
        [address] = re.findall(r"http://\S+", self.mails[-1].get_content())
        return str(address).removeprefix("http://testserver")


@pytest.fixture
def postbox(settings: LazySettings) -> Iterator[Postbox]:
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.MAIL_URL, settings.MAIL_FROM = f"smtp://127.0.0.1:{port}", "Toko Sari <halo@toko.example>"
    yield box
    controller.stop()


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.get(pk=make_user("admin@example.com").user_id))
    return client


def make_user(email: str, role: str = "administrator"):  # type: ignore[no-untyped-def]
    return create_user(by=SYSTEM, email=email, role=role, at=NOON, password=PASSWORD)


def accept(token: str):  # type: ignore[no-untyped-def]
    return accept_invitation(by=SYSTEM, token=token, name="Budi", password=PASSWORD, address="", at=now())


def test_an_invited_person_chooses_name_and_password_and_is_in(admin: Client, postbox: Postbox) -> None:
    answer = admin.post("/invitations/", {"email": "Budi@Example.com", "role": "analyst", "name": ""})
    invitation = Invitation.objects.get()
    mail_invitations([_told(invitation)])
    budi = Client()
    assert "budi@example.com" in budi.get(postbox.link()).content.decode()

    entered = budi.post(postbox.link(), {"name": "Budi", "password": PASSWORD})

    user = User.objects.get(email="budi@example.com")
    assert (answer["Location"], entered["Location"]) == ("/users/", "/")
    assert (user.role, user.name, user.check_password(PASSWORD)) == ("analyst", "Budi", True)
    assert budi.get("/preferences/").status_code == 200
    assert postbox.mails[0]["To"] == "budi@example.com"
    assert postbox.mails[0]["From"] == "Toko Sari <halo@toko.example>"
    assert postbox.mails[0]["Subject"] == "You are invited to Akrab"
    assert Client().post(postbox.link(), {"name": "X", "password": PASSWORD}).status_code == 410
    assert facts_recorded()[1:] == [
        "platform.person_invited", "platform.user_created", "platform.invitation_accepted", "platform.signed_in",
    ]  # fmt: skip


def test_mail_speaks_the_language_of_the_invitation_and_goes_out_once(postbox: Postbox) -> None:
    _token, fact = invite(by=SYSTEM, email="budi@example.com", role="staff", at=now(), language="id", site="http://testserver")

    mail_invitations([fact])
    mail_invitations([fact])

    assert [mail["Subject"] for mail in postbox.mails] == ["Anda diundang ke Akrab"]
    assert LISTENERS["platform.person_invited"] == ["platform.mail_invitations"]


def test_without_a_mail_server_the_page_shows_the_link(admin: Client) -> None:
    shown = admin.post("/invitations/", {"email": "budi@example.com", "role": "staff", "name": ""}).content.decode()

    [path] = set(re.findall(r"http://testserver(/welcome/[\w-]+/)", shown))
    assert Client().get(path).status_code == 200
    assert path.split("/")[2] not in str(Invitation.objects.values().get())


def test_a_new_link_replaces_the_one_before(admin: Client) -> None:
    old, _fact = invite(by=SYSTEM, email="budi@example.com", role="staff", at=now())
    shown = admin.post(f"/invitations/{Invitation.objects.get().pk}/link/").content.decode()

    [path] = set(re.findall(r"http://testserver(/welcome/[\w-]+/)", shown))
    assert Client().get(f"/welcome/{old}/").status_code == 410
    assert Client().get(path).status_code == 200


def test_expired_withdrawn_and_repeated_invitations_do_not_work() -> None:
    expired, _fact = invite(by=SYSTEM, email="a@example.com", role="staff", at=now() - timedelta(days=8))
    withdrawn, fact = invite(by=SYSTEM, email="b@example.com", role="staff", at=now())
    withdraw_invitation(by=SYSTEM, invitation_id=fact.invitation_id, at=now())
    first, _fact = invite(by=SYSTEM, email="c@example.com", role="staff", at=now())
    second, _fact = invite(by=SYSTEM, email="c@example.com", role="manager", at=now())

    for token in (expired, withdrawn, first, "guessed"):
        with pytest.raises(InvitationClosed):
            accept(token)
    accept(second)

    assert list(User.objects.values_list("email", "role")) == [("c@example.com", "manager")]


def test_a_weak_password_keeps_the_invitation_open() -> None:
    token, _fact = invite(by=SYSTEM, email="budi@example.com", role="staff", at=now())

    with pytest.raises(Invalid):
        accept_invitation(by=SYSTEM, token=token, name="Budi", password="password12", address="", at=now())

    assert User.objects.count() == 0
    assert Invitation.objects.get().accepted_at is None


def test_people_with_an_account_are_not_invited_and_only_administrators_invite() -> None:
    make_user("budi@example.com")

    with pytest.raises(UserExists):
        invite(by=SYSTEM, email="BUDI@example.com", role="staff", at=now())
    with pytest.raises(Forbidden):
        invite(by=make_actor("manager"), email="x@example.com", role="staff", at=now())


def test_a_forgotten_password_is_replaced_by_mail(client: Client, postbox: Postbox) -> None:
    user = User.objects.get(pk=make_user("sari@example.com").user_id)
    elsewhere = Client()
    elsewhere.force_login(user)
    known = client.post("/sign-in/password/", {"email": "Sari@example.com"})
    unknown = client.post("/sign-in/password/", {"email": "nobody@example.com"})
    fact = ask_for_reset(by=SYSTEM, email=user.email, address="", at=now(), site="http://testserver")
    assert fact is not None
    mail_password_resets([fact])
    weak = client.post(postbox.link(), {"new": "password12"})

    entered = client.post(postbox.link(), {"new": "es-kelapa-muda-9"})

    user.refresh_from_db()
    assert _plain(known, "Sari@example.com") == _plain(unknown, "nobody@example.com")
    assert (weak.status_code, entered["Location"]) == (422, "/")
    assert user.check_password("es-kelapa-muda-9")
    assert client.get("/preferences/").status_code == 200
    assert elsewhere.get("/preferences/").status_code == 302
    assert Client().post(postbox.link(), {"new": "es-kelapa-muda-8"}).status_code == 410
    assert len(postbox.mails) == 1


def test_a_newer_reset_link_closes_the_older_and_an_hour_closes_every(postbox: Postbox) -> None:
    make_user("sari@example.com")
    links = []
    for _ in range(2):
        fact = ask_for_reset(by=SYSTEM, email="sari@example.com", address="", at=now(), site="http://testserver")
        assert fact is not None
        mail_password_resets([fact])
        links.append(postbox.link().split("/")[3])

    with pytest.raises(ResetLinkClosed):
        reset_password(by=SYSTEM, token=links[0], new="es-kelapa-muda-9", address="", at=now())
    with pytest.raises(ResetLinkClosed):
        reset_password(by=SYSTEM, token=links[1], new="es-kelapa-muda-9", address="", at=now() + timedelta(hours=2))
    assert PasswordReset.objects.get().used_at is None


def test_asking_for_resets_is_slowed_down(client: Client, postbox: Postbox) -> None:
    for _ in range(4):
        client.post("/sign-in/password/", {"email": "nobody@example.com"})

    answer = client.post("/sign-in/password/", {"email": "nobody@example.com"})

    assert "Too many tries. Try again in 15 min." in answer.content.decode()


def test_guessing_links_is_slowed_down(client: Client) -> None:
    for _ in range(30):
        client.post("/sign-in/guess/")

    assert client.post("/sign-in/guess/").status_code == 429


def test_without_a_mail_server_the_page_names_the_administrator(client: Client) -> None:
    assert "This installation sends no mail." in client.get("/sign-in/password/").content.decode()
    assert client.post("/sign-in/password/", {"email": "sari@example.com"}).status_code == 422


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "starttls"),
    [
        ("smtp://mail.example", "mail.example", 25, False, False),
        ("smtp://ann:p%40ss@mail.example", "mail.example", 587, False, True),
        ("smtp://mail.example:2525?starttls=1", "mail.example", 2525, False, True),
        ("smtps://ann:x@mail.example", "mail.example", 465, True, False),
    ],
)
def test_the_address_of_the_mail_server_says_how_to_speak(url: str, host: str, port: int, tls: bool, starttls: bool) -> None:
    server = server_of(url)

    assert (server.host, server.port, server.tls, server.starttls) == (host, port, tls, starttls)


def _told(invitation: Invitation):  # type: ignore[no-untyped-def]
    from akrab.platform.sign_in_facts import PersonInvited

    return PersonInvited(
        invitation_id=invitation.pk, at=NOON, email=invitation.email, role=invitation.role, site="http://testserver"
    )


def _plain(answer, email: str) -> str:  # type: ignore[no-untyped-def]
    """The page without what differs by itself."""
    return re.sub(r'"X-CSRFToken": "\w+"|value="\w{64}"', "", answer.content.decode()).replace(email, "…")
