"""One open page's socket. It carries topics and cursors, never content, and closes when its person may not be here any more."""

import asyncio
import json
import logging
import random
from types import SimpleNamespace
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.http import parse_cookie

from portal.accounts.sessions import SessionStore
from portal.live.origin import is_own_origin
from portal.live.topics import EVERYBODY, cursor_of, group_of, may_listen, person_group

logger = logging.getLogger(__name__)

MOST_TOPICS = 20
LONGEST_MESSAGE = 4_000
CHECK_EVERY = 60.0
NOT_SIGNED_IN = 4401


class LiveConsumer(AsyncWebsocketConsumer):
    """From the page: `{"listen": [topics]}`. To the page: `{"listening": [...], "refused": [...], "cursors": {...}}` and `{"topic", "cursor"}`."""

    async def connect(self) -> None:
        self.topics: set[str] = set()
        self.person: Any = None
        self.checks: asyncio.Task[None] | None = None
        self.session_key = _session_key(self.scope)
        if not is_own_origin(self.scope):
            await self.close()
            return
        user = await person_of(self.session_key)
        if not user.is_authenticated or not user.is_employee:
            await self.close(NOT_SIGNED_IN)
            return
        self.person = user
        await self.channel_layer.group_add(person_group(user.pk), self.channel_name)
        await self.channel_layer.group_add(EVERYBODY, self.channel_name)
        await self.accept()
        self.checks = asyncio.create_task(self._check_now_and_then())

    async def disconnect(self, code: int) -> None:
        if self.checks is not None:
            self.checks.cancel()
        if self.person is not None:
            for group in (EVERYBODY, person_group(self.person.pk), *map(group_of, self.topics)):
                await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        wanted = _wanted_topics(text_data)
        allowed = await permitted_topics(self.session_key, wanted)
        if allowed is None:
            await self.close(NOT_SIGNED_IN)
            return
        for topic in allowed - self.topics:
            if len(self.topics) >= MOST_TOPICS:
                break
            self.topics.add(topic)
            await self.channel_layer.group_add(group_of(topic), self.channel_name)
        # Read after the groups were joined, so that nothing falls between.
        cursors = await cursors_of(self.person, sorted(self.topics))
        await self._say({"listening": sorted(self.topics), "refused": sorted(set(wanted) - self.topics), "cursors": cursors})

    async def topic_rung(self, event: dict[str, Any]) -> None:
        if event["topic"] in self.topics:
            await self._say({"topic": event["topic"], "cursor": event["cursor"]})

    async def rights_changed(self, event: dict[str, Any]) -> None:
        """Ask again, then let the page ask too: of a topic that it keeps it may see less. `spread` in seconds, where all are rung."""
        await asyncio.sleep(random.uniform(0, event.get("spread", 0)))  # noqa: S311  # spreads load, keeps no secret
        if await self._ask_again():
            for topic in sorted(self.topics):
                await self._say({"topic": topic, "cursor": 0})

    async def _ask_again(self) -> bool:
        """For the person, then for each topic; whether somebody is still there."""
        allowed = await permitted_topics(self.session_key, sorted(self.topics))
        if allowed is None:
            await self.close(NOT_SIGNED_IN)
            return False
        lost = self.topics - allowed
        for topic in lost:
            self.topics.discard(topic)
            await self.channel_layer.group_discard(group_of(topic), self.channel_name)
        if lost:
            await self._say({"listening": sorted(self.topics), "refused": sorted(lost)})
        return True

    async def _check_now_and_then(self) -> None:
        """Sessions run out and days change without anyone ringing; spread, so that many sockets do not ask at once."""
        while True:
            await asyncio.sleep(CHECK_EVERY * random.uniform(0.8, 1.2))  # noqa: S311  # spreads load, keeps no secret
            try:
                await self._ask_again()
            except Exception as error:  # the database may be away for a moment
                logger.warning("a socket's rights could not be checked: %s", error)

    async def _say(self, message: dict[str, Any]) -> None:
        await self.send(json.dumps(message, separators=(",", ":")))


@database_sync_to_async
def person_of(session_key: str) -> Any:
    """The person of a session, by the same rule as for a page."""
    return _person(session_key)


@database_sync_to_async
def permitted_topics(session_key: str, topics: list[str]) -> set[str] | None:
    """Those of the topics that the session's person may listen to; None where nobody is signed in any more."""
    user = _person(session_key)
    if not user.is_authenticated:
        return None
    return {topic for topic in topics if may_listen(user, topic)}


@database_sync_to_async
def cursors_of(user: Any, topics: list[str]) -> dict[str, int]:
    return {topic: cursor_of(user, topic) for topic in topics}


def _person(session_key: str) -> Any:
    return get_user(SimpleNamespace(session=SessionStore(session_key)))  # type: ignore[arg-type]  # asks for the session only


def _session_key(scope: dict[str, Any]) -> str:
    cookies = parse_cookie(dict(scope.get("headers", [])).get(b"cookie", b"").decode("latin1"))
    return cookies.get(settings.SESSION_COOKIE_NAME, "")


def _wanted_topics(text: str | None) -> list[str]:
    """What a page asks for; nothing where the message is none of ours."""
    if not text or len(text) > LONGEST_MESSAGE:
        return []
    try:
        message = json.loads(text)
    except ValueError:
        return []
    wanted = message.get("listen") if isinstance(message, dict) else None
    return [topic for topic in wanted[:MOST_TOPICS] if isinstance(topic, str)] if isinstance(wanted, list) else []
