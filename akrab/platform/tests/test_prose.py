"""What people write comes out readable and harmless; what they attach comes back as a download."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from akrab.platform.attachments import FileTooLarge, download, keep, media_type, safe_name
from akrab.platform.prose import to_html, to_plain
from akrab.platform.refusal import NotFound


def test_emphasis_lists_and_links_are_drawn() -> None:
    assert to_html("**Hot** ~~cold~~\n- one\n- two") == (
        "<p><strong>Hot</strong> <s>cold</s></p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
    )
    assert to_html("[shop](https://example.com)") == (
        '<p><a href="https://example.com" rel="noopener noreferrer nofollow">shop</a></p>\n'
    )


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://example.com/pixel.png)",
        "<img src=x onerror=alert(1)>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="https://x" onclick="alert(1)">x</a>',
    ],
)
def test_what_could_act_is_only_text(evil: str) -> None:
    made = to_html(evil)

    for sign in ("<script", "<img", 'href="javascript', 'href="data', '<a href="https://x"'):
        assert sign not in made


@given(st.text(max_size=80))
def test_no_text_makes_a_tag_that_is_not_allowed(text: str) -> None:
    assert "<script" not in to_html(text).lower()
    assert len(to_plain(text, 40)) <= 40


def test_an_excerpt_has_the_words_alone() -> None:
    assert to_plain("# Title\n\n**a** & <b>") == "Title a & <b>"
    assert to_plain("word " * 100, 20) == "word word word…"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\offer.pdf", "offer.pdf"),
        ("a\u202efdp.exe", "a_fdp.exe"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 140 + ".pdf"),
    ],
)
def test_a_name_is_made_safe(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


def test_only_harmless_kinds_keep_their_type() -> None:
    assert [media_type(name) for name in ("a.pdf", "a.html", "a.svg", "a.exe")] == [
        "application/pdf",
        "application/octet-stream",
        "application/octet-stream",
        "application/octet-stream",
    ]


def test_a_file_is_kept_once_and_comes_back_as_a_download(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path

    one = keep(SimpleUploadedFile("menu.html", b"<script>"))
    two = keep(SimpleUploadedFile("again.html", b"<script>"))
    response = download(digest=one.digest, name="menü.html", media_type=one.media_type)

    assert one.digest == two.digest
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''men%C3%BC.html"
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert b"".join(response.streaming_content) == b"<script>"  # type: ignore[arg-type]


def test_a_file_that_is_too_large_leaves_nothing(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path

    with pytest.raises(FileTooLarge):
        keep(SimpleUploadedFile("big.bin", b"x" * 100), most=99)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    with pytest.raises(NotFound):
        download(digest="0" * 64, name="x", media_type="x")
