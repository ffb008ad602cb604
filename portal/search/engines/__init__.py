"""The engine in use: elasticsearch where its address is set, else the embedded one."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from portal.search.engines.base import Engine
from portal.search.models import Feed


@cache
def engine() -> Engine:
    """The one of this process; an index knows the feed that it was made from. Only what is used is loaded: a client of Elasticsearch takes a second."""
    feed = Feed.objects.first() or Feed.objects.create()
    used = "elasticsearch" if settings.ELASTICSEARCH_URLS else "embedded"
    configured: Callable[[str], Engine] = import_string(f"portal.search.engines.{used}.configured")
    return configured(str(feed.pk))
