"""Loading templates: an icon is drawn when its template is compiled, not each time that it is rendered."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django_cotton.compiler_regex import CottonCompiler  # type: ignore[import-untyped]
from django_cotton.cotton_loader import Loader as CottonLoader  # type: ignore[import-untyped]

from akrab.platform.assets import asset_address

_ICON = re.compile(r'<c-ui\.icon((?:\s+(?:name|size|label)="[^"]*")+)\s*/>')
_ATTRIBUTE = re.compile(r'(name|size|label)="([^"]*)"')


class Loader(CottonLoader):  # type: ignore[misc]
    """Cotton's loader, with our icons written out; a page has about a hundred of them."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.cotton_compiler = _Compiler()


class _Compiler(CottonCompiler):  # type: ignore[misc]
    def process(self, html: str) -> str:
        return str(super().process(_ICON.sub(_drawn, html)))


def _drawn(found: re.Match[str]) -> str:
    """What the component `ui/icon.html` renders, except where its label may turn out empty."""
    given = dict(_ATTRIBUTE.findall(found[1]))
    name, size, label = given.get("name", ""), given.get("size", ""), given.get("label", "")
    if not name or "{{" in label or "{%" in label.replace("{% translate ", ""):
        return found[0]
    said = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    sheet = "{% asset 'icons.svg' %}" if settings.DEBUG else asset_address("icons.svg")
    return f'\n<svg class="icon {size}" {said}><use href="{sheet}#{name}"></use></svg>\n'
