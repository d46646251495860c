"""Where the lake lies."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from akrab.platform.refusal import Refusal


class LakeElsewhere(Refusal):
    code = "lake_elsewhere"
    message = _("AKRAB_LAKE_URL must be a folder or a file:// address; %(url)s is neither.")


def lake_root() -> Path:
    """The folder of the lake: AKRAB_LAKE_URL, else `lake` under home."""
    url = settings.LAKE_URL
    if not url:
        return Path(settings.AKRAB_HOME) / "lake"
    parts = urlsplit(url)
    if parts.scheme not in ("", "file"):
        raise LakeElsewhere(url=url)
    return Path(unquote(parts.path)).expanduser()
