"""The reference page behind the server of pages."""

import django
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings

django.setup()

from benchmarks.pages import settings_of  # noqa: E402  # Django must be set up first

override_settings(**settings_of("benchmarks.reference.settings")).enable()
application = WSGIHandler()
