"""Ringing: the one way in which the portal tells open pages that something has changed. What is kept of the numbers of the frame goes before the ring."""

import asyncio
import logging
from collections.abc import Collection, Mapping

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from portal.live.counts import forget_people, forget_topics
from portal.live.topics import EVERYBODY, group_of, person_group
from portal.outbox.bell import broker

logger = logging.getLogger(__name__)

LONGEST = 10.0
LONGEST_FOR_ONE = 1.0
SPREAD = 1.0  # seconds over which all open pages ask again


def ring_topics(cursors: Mapping[str, int]) -> None:
    """Ring topics once the transaction has committed; the values are cursors, never content.

    A bell that is out of order is no error: pages ask again by themselves after a while.
    """
    messages = [(group_of(topic), {"type": "topic.rung", "topic": topic, "cursor": cursor}) for topic, cursor in cursors.items()]
    transaction.on_commit(lambda: forget_topics(cursors))
    transaction.on_commit(lambda: _send(messages))


def ring_rights(user_ids: Collection[int] | None) -> None:
    """Make the sockets of these people, or of everyone, ask again what they may listen to, once the transaction has committed."""
    message = {"type": "rights.changed"} | ({"spread": SPREAD} if user_ids is None else {})
    groups = [EVERYBODY] if user_ids is None else [person_group(user_id) for user_id in user_ids]
    transaction.on_commit(lambda: forget_people(user_ids))
    transaction.on_commit(lambda: _send([(group, message) for group in groups]))


def ring_listeners(topics: Collection[str]) -> None:
    """Make the sockets that listen to these topics ask again whether they may, once the transaction has committed."""
    transaction.on_commit(lambda: forget_topics(topics))
    transaction.on_commit(lambda: _send([(group_of(topic), {"type": "rights.changed"}) for topic in topics]))


def _send(messages: list[tuple[str, dict]]) -> None:
    """Never raises, and does not wait for a broker that has just been found hanging."""
    if not broker.may_try():
        return
    try:
        with broker.attempt():
            async_to_sync(_send_all)(messages)
    except Exception as error:  # whatever the transport raises: the database has the truth
        logger.warning("open pages could not be rung: %r", error)


async def _send_all(messages: list[tuple[str, dict]]) -> None:
    layer = get_channel_layer()
    async with asyncio.timeout(LONGEST):
        for group, message in messages:
            try:
                async with asyncio.timeout(LONGEST_FOR_ONE):
                    await layer.group_send(group, message)
            except (TypeError, ValueError, OverflowError) as error:  # of this one alone: nothing that can be sent
                logger.error("%.80s cannot be rung: %r", group, error)
