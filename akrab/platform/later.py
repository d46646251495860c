"""Large libraries that few requests need are imported when they are first used, not by every process at its start."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module until something of it is asked for.

    A file says `pa = Later("pyarrow")` where it would import, and imports for the type checker only.
    """

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        value = getattr(import_module(self._module), name)
        setattr(self, name, value)
        return value
