"""What people write: a subset of Markdown, made into HTML that cannot do anything but be read."""

from __future__ import annotations

import re
from functools import cache

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "s", "ul", "ol", "li", "a", "code", "pre", "blockquote", "h3", "h4", "hr"}
SCHEMES = {"http", "https", "mailto", "tel"}
_HEADING = re.compile(r"<(/?)h[12]>")


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough").disable("image")


def to_html(text: str) -> SafeString:
    """Paragraphs, emphasis, lists, quotes, code and links; everything else is shown as it was typed."""
    made = _HEADING.sub(r"<\1h3>", _reader().render(text))
    clean = nh3.clean(made, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow")
    return SafeString(clean)


def to_plain(text: str, most: int = 280) -> str:
    """The words alone, on one line, cut at a word."""
    words = " ".join(re.sub(r"<[^>]+>", " ", to_html(text)).split())
    for sign, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        words = words.replace(sign, letter)
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + "…"
