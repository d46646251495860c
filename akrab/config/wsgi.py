"""Django's WSGI application: every page and the API."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from akrab.platform.patience import bound_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "akrab.config.settings")
application = get_wsgi_application()
bound_statements(settings.STATEMENT_TIMEOUT_MS)
