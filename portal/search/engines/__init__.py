"""The engine in use: elasticsearch where its address is set, else the embedded one."""

from functools import cache

from django.conf import settings

from portal.search.engines.base import Engine
from portal.search.engines.elasticsearch import ElasticsearchEngine
from portal.search.engines.elasticsearch.connection import Addresses
from portal.search.engines.embedded import EmbeddedEngine
from portal.search.models import Feed


@cache
def engine() -> Engine:
    """The one of this process; an index knows the feed that it was made from."""
    feed = Feed.objects.first() or Feed.objects.create()
    if settings.ELASTICSEARCH_URLS:
        environment = settings.ENVIRONMENT
        addresses = Addresses(settings.ELASTICSEARCH_URLS, environment.elasticsearch_ca)
        return ElasticsearchEngine(addresses, str(feed.pk), prefix=environment.search_index, replicas=environment.search_replicas)
    return EmbeddedEngine(settings.DATA_DIR / "search", str(feed.pk))
