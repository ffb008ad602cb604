"""A socket tells that something has changed, to those who may know it, and closes when they may not (S34)."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client

from portal.accounts.models import User
from portal.accounts.services import end_sessions
from portal.config.asgi import application
from portal.live.consumer import NOT_SIGNED_IN
from portal.live.services import ring_topics
from portal.notifications.models import Notification
from portal.organization.models import Employment
from portal.organization.registry import announce_changes
from portal.outbox.services import drain
from tests.cast import Cast
from tests.live.page import PageSocket
from tests.runtime.portal_process import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True)]
Sign = Callable[[User], Client]

PAGE_PORT = settings.ENVIRONMENT.port


def socket(client: Client, *, host: str = "portal.test", origin: str | None = f"http://portal.test:{PAGE_PORT}") -> PageSocket:
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    headers = [(b"host", f"{host}:{PAGE_PORT + 1}".encode())]
    if cookie is not None:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie.value}".encode()))
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    return PageSocket(application, headers)


@asynccontextmanager
async def listening(client: Client, *topics: str) -> AsyncIterator[PageSocket]:
    communicator = socket(client)
    assert await communicator.connect()
    await communicator.say(json.dumps({"listen": list(topics)}))
    communicator.answer = await communicator.hear()
    yield communicator
    await communicator.leave()


def test_only_pages_of_this_site_with_someone_signed_in_get_a_socket(cast: Cast, client_for: Sign) -> None:
    browser, stranger = client_for(cast.operator), Client()

    async def connects(client: Client, **headers: str | None) -> bool:
        communicator = socket(client, **headers)
        is_connected = await communicator.connect()
        await communicator.leave()
        return is_connected

    async def story() -> None:
        assert await connects(browser)
        assert not await connects(stranger)
        for origin in (
            "http://evil.test",
            f"http://evil.test:{PAGE_PORT}",
            "http://portal.test:9999",
            f"http://portal.test.evil:{PAGE_PORT}",
            "null",
            "",
            None,
        ):
            assert not await connects(browser, origin=origin), origin

    asyncio.run(story())


def test_a_topic_without_right_is_refused_and_stays_silent(cast: Cast, client_for: Sign) -> None:
    own, colleagues = f"bell:{cast.operator.pk}", f"bell:{cast.head.pk}"

    async def story() -> None:
        async with listening(client_for_operator, own, colleagues, "no_such:1", "bell:", "x" * 200) as page:
            assert page.answer["listening"] == [own]
            assert set(page.answer["refused"]) == {colleagues, "no_such:1", "bell:", "x" * 200}
            await sync_to_async(ring_topics)({colleagues: 7})
            await sync_to_async(ring_topics)({own: 8})
            assert await page.hear() == {"topic": own, "cursor": 8}
            assert await page.receive_nothing()

    client_for_operator = client_for(cast.operator)
    asyncio.run(story())


def test_nonsense_harms_nothing(cast: Cast, client_for: Sign) -> None:
    browser = client_for(cast.operator)

    async def story() -> None:
        async with listening(browser, f"bell:{cast.operator.pk}") as page:
            for nonsense in ("", "{", "[]", '{"listen": 3}', '{"listen": [1, null, {}]}', '{"listen": "bell"}', "x" * 10_000):
                await page.say(nonsense)
                assert (await page.hear())["listening"] == [f"bell:{cast.operator.pk}"]

    asyncio.run(story())


@pytest.mark.parametrize("end", ["sessions", "account", "employment", "sign_out"])
def test_when_the_right_ends_the_socket_closes(cast: Cast, client_for: Sign, end: str) -> None:
    browser = Client()
    browser.post("/accounts/sign-in/", {"login": "10004", "password": "tea-and-tobacco-7"})

    def end_right() -> None:
        if end == "sessions":
            end_sessions(cast.operator)
        elif end == "sign_out":
            browser.post("/accounts/sign-out/")
        elif end == "account":
            User.objects.filter(pk=cast.operator.pk).update(is_active=False)
            announce_changes([cast.operator.pk])
        else:
            Employment.objects.filter(person=cast.operator).delete()
            announce_changes([cast.operator.pk])
        drain()

    async def story() -> None:
        async with listening(browser, f"bell:{cast.operator.pk}") as page:
            await sync_to_async(end_right)()
            message = await page.receive_output(timeout=PATIENCE)
            assert message == {"type": "websocket.close", "code": NOT_SIGNED_IN}

    asyncio.run(story())


def test_others_keep_their_socket_when_one_persons_rights_change(cast: Cast, client_for: Sign) -> None:
    browser = client_for(cast.head)

    def end_other() -> None:
        User.objects.filter(pk=cast.operator.pk).update(is_active=False)
        announce_changes([cast.operator.pk])
        announce_changes(None)
        drain()

    async def story() -> None:
        async with listening(browser, f"bell:{cast.head.pk}") as page:
            await sync_to_async(end_other)()
            assert await page.hear() == {"topic": f"bell:{cast.head.pk}", "cursor": 0}, "what it shows may be less now"
            await sync_to_async(ring_topics)({f"bell:{cast.head.pk}": 3})
            assert await page.hear() == {"topic": f"bell:{cast.head.pk}", "cursor": 3}

    asyncio.run(story())


def test_a_topic_that_cannot_be_rung_keeps_no_other_from_being(cast: Cast, client_for: Sign) -> None:
    browser, topic = client_for(cast.head), f"bell:{cast.head.pk}"

    async def story() -> None:
        async with listening(browser, topic) as page:
            await sync_to_async(ring_topics)({"board:1": 2**70, topic: 3})  # a number that no message can carry
            assert await page.hear() == {"topic": topic, "cursor": 3}

    asyncio.run(story())


def test_pages_are_told_where_the_socket_is_and_the_policy_allows_just_that(cast: Cast, client_for: Sign) -> None:
    page = client_for(cast.operator).get("/", headers={"Host": "portal.test"})
    assert f'data-socket="ws://portal.test:{PAGE_PORT + 1}/live/"' in page.content.decode()
    directives = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert directives["connect-src"] == f"'self' ws://portal.test:{PAGE_PORT + 1}"


def test_a_page_learns_what_came_between_its_drawing_and_its_listening(cast: Cast, client_for: Sign) -> None:
    browser, topic = client_for(cast.operator), f"bell:{cast.operator.pk}"
    drawn = Notification.objects.newest_for(cast.operator)
    told = Notification.objects.create(recipient=cast.operator, kind="test.told", delivery=uuid.uuid4())

    async def story() -> None:
        async with listening(browser, topic) as page:
            assert page.answer["cursors"] == {topic: told.pk}

    assert drawn < told.pk
    asyncio.run(story())
