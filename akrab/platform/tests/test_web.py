"""Pages and fragments, refusals, and the rules that a GET writes nothing and a template asks nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from akrab.config import urls as real_urls
from akrab.platform.middleware import WriteOnGet
from akrab.platform.models import User
from akrab.platform.refusal import Forbidden
from akrab.platform.templatetags.shell import as_html, initials
from akrab.platform.web import QueryWhileRendering, Request, database_closed, page, resource, toast

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def writes(request: Request) -> HttpResponse:
    User.objects.filter(email="nobody@example.com").update(name="changed")
    return HttpResponse("done")


def refuses(request: Request) -> HttpResponse:
    raise Forbidden(verb="customers.edit_customers")


def breaks(request: Request) -> HttpResponse:
    raise ZeroDivisionError


def says(request: Request) -> HttpResponse:
    toast(request, "Saved", "success")
    return HttpResponse(status=204)


def shows(request: Request) -> HttpResponse:
    return page(request, "platform/problem.html", part="ui.badge", title="Hello", slot="just this")


def removed(request: Request) -> HttpResponse:
    return HttpResponse(f"{request.method} {request.POST.get('reason')}")


handler500 = real_urls.handler500
urlpatterns = [
    path("writes/", resource(get=writes, post=writes)),
    path("refuses/", resource(get=refuses, post=refuses)),
    path("breaks/", resource(get=breaks)),
    path("says/", resource(post=says)),
    path("shows/", resource(get=shows)),
    path("thing/", resource(delete=removed)),
    *real_urls.urlpatterns,
]


@pytest.fixture
def ann(client: Client) -> Client:
    user = User.objects.create(email="ann@example.com", name="Ann", role="administrator")
    client.force_login(user)
    return client


def test_a_get_may_not_write(ann: Client) -> None:
    assert ann.post("/writes/").content == b"done"
    with pytest.raises(WriteOnGet):
        ann.get("/writes/")


def test_a_template_that_queries_fails() -> None:
    with override_settings(STRICT=True), database_closed(), pytest.raises(QueryWhileRendering):
        User.objects.count()


def test_the_same_address_gives_the_page_or_only_its_part(ann: Client) -> None:
    whole = ann.get("/shows/")
    part = ann.get("/shows/", headers=HTMX)

    assert b"<html" in whole.content
    assert part.content.strip().startswith(b'<span class="mark')
    assert "HX-Request" in whole["Vary"]
    assert "HX-Request" in part["Vary"]


def test_a_refusal_is_a_page_that_names_who_can_help(ann: Client) -> None:
    answer = ann.get("/refuses/")

    assert answer.status_code == 403
    assert b"administrator can grant it" in answer.content


def test_a_refusal_is_a_toast_where_a_part_was_asked_and_replaces_nothing(ann: Client) -> None:
    answer = ann.post("/refuses/", headers=HTMX)

    assert answer.status_code == 403
    assert answer["HX-Reswap"] == "none"
    assert "administrator can grant it" in answer["HX-Trigger"]


def test_a_bug_shows_a_reference_and_no_trace(ann: Client) -> None:
    ann.raise_request_exception = False

    answer = ann.get("/breaks/")

    assert answer.status_code == 500
    assert b"Reference" in answer.content
    assert b"ZeroDivisionError" not in answer.content


def test_a_toast_travels_with_the_answer(ann: Client) -> None:
    answer = ann.post("/says/", headers=HTMX)

    assert answer["HX-Trigger"] == '{"akrab:toast": {"message": "Saved", "tone": "success"}}'


def test_facts_just_recorded_are_named_in_the_answer(ann: Client) -> None:
    answer = ann.post("/preferences/", {"_method": "patch", "theme": "dark"}, headers=HTMX)

    assert answer["HX-Trigger"] == "platform.preferences_changed"


def test_a_plain_form_reaches_delete(ann: Client) -> None:
    assert ann.post("/thing/", {"_method": "delete", "reason": "old"}).content == b"POST old"
    deleted = ann.delete("/thing/", "reason=old", content_type="application/x-www-form-urlencoded")
    assert deleted.content == b"DELETE old"
    assert ann.get("/thing/").status_code == 405


def test_pages_ask_for_sign_in_and_remember_the_way_back(client: Client) -> None:
    answer = client.get("/users/?page=2")

    assert answer["Location"] == "/sign-in/?next=%2Fusers%2F%3Fpage%3D2"


@pytest.mark.parametrize("path_", ["/preferences/", "/users/", "/keys/", "/users/new/"])
def test_pages_carry_no_inline_script_or_style(ann: Client, path_: str) -> None:
    answer = ann.get(path_)
    words = answer.content.decode()

    assert "unsafe" not in answer["Content-Security-Policy"]
    assert " style=" not in words
    assert " onclick=" not in words
    assert words.count("<script") == words.count('<script type="module"') + words.count('type="application/json"')


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"title": '"a" onfocus="alert(1)"'}, 'title="&quot;a&quot; onfocus=&quot;alert(1)&quot;"'),
        ({"title": "<it's>"}, 'title="&lt;it&#x27;s&gt;"'),
        ({"hidden": True, "open": False, "name": None}, "hidden"),
    ],
)
def test_attributes_that_pass_through_a_component_are_escaped(given: dict[str, Any], shown: str) -> None:
    assert as_html(given) == shown


@pytest.mark.parametrize(("name", "letters"), [("Siti Nurhaliza", "SN"), ("Suharto", "S"), ("- Ani -", "A"), ("", "?")])
def test_initials_fit_one_word_names(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_component_sees_only_what_it_declares() -> None:
    template = Template('{% cotton ui.badge %}{{ secret }}{% endcotton %}{% cotton ui.empty title="T" / %}')

    html = template.render(Context({"secret": "told", "text": "leaked"}))

    assert "told" in html
    assert "leaked" not in html


def test_an_open_redirect_is_not_followed(client: Client) -> None:
    user = User(email="bo@example.com", role="staff")
    user.set_password("kopi-susu-2026")
    user.save()

    answer = client.post("/sign-in/", {"email": user.email, "password": "kopi-susu-2026", "next": "https://evil.example/"})

    assert answer["Location"] == "/"
    assert UUID(client.session["_auth_user_id"]) == user.pk


def test_requests_close_nothing_that_they_did_not_open(rf: RequestFactory) -> None:
    assert connection.execute_wrappers == []
