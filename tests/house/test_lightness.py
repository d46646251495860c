"""A web process and a worker at rest carry no library that only analytics, imports and exports need."""

from __future__ import annotations

import subprocess
import sys

STARTED = """
import sys
import django
django.setup()
from importlib import import_module
from django.conf import settings
from django.urls import get_resolver
from django.utils.module_loading import autodiscover_modules
for routes in (settings.ROOT_URLCONF, settings.API_URLCONF):
    import_module(routes)
    get_resolver(routes).url_patterns
autodiscover_modules("views.panels", "jobs")
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
HEAVY = {"duckdb", "ibis", "numpy", "pandas", "polars", "pyarrow", "pyspark", "scipy"}


def test_a_process_at_rest_has_loaded_no_analytics() -> None:
    command = [sys.executable, "-W", "ignore", "-c", STARTED]

    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    assert "akrab" in loaded
    assert HEAVY & set(loaded) == set()
