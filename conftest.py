"""The project's test database in place of pytest-django's own, which would win as the plugin loaded later."""

from akrab.platform.tests.plugin import django_db_setup

__all__ = ["django_db_setup"]
