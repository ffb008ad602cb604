"""Sockets. Pages are served by WSGI; here they are only answered so that one process suffices for trying things out."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402  # Django must be set up first
from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402

from portal.live.closing import ends_waiting  # noqa: E402
from portal.live.consumer import LiveConsumer  # noqa: E402

# The customers' site has no sockets: there is no topic that one of them might listen to.
topics = [path("live/", LiveConsumer.as_asgi())] if settings.ENVIRONMENT.face == "intranet" else []
application = ProtocolTypeRouter({"http": pages, "websocket": ends_waiting(URLRouter(topics))})
