"""What happens at its time."""

from collections.abc import Sequence

from bulletin.news.services.items import NEWS_EXPIRE_DUE, NEWS_PUBLISH_DUE, expire_item_due, publish_item_due
from portal.outbox.registry import Payload, handler


@handler(NEWS_PUBLISH_DUE)
def publish_news(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        publish_item_due(payload["revision"])


@handler(NEWS_EXPIRE_DUE)
def expire_news(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        expire_item_due(payload["item"])
