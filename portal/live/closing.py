"""Closing a socket from this side, also where the server cannot while the next message is waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


def ends_waiting(application: Application) -> Application:
    """The application, with waiting for the page ended before a close is sent.

    Granian 2.8 keeps a close back until a pending `receive` returns, so that a person whose right has ended would stay connected.
    """

    async def answer(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        connection = _Connection(receive, send)
        await application(scope, connection.receive, connection.send)

    return answer


class _Connection:
    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._waiting: asyncio.Future[Message] | None = None
        self._close: Message | None = None

    async def receive(self) -> Message:
        """The next message; after a close of our own, that the page is gone."""
        if self._close is None:
            self._waiting = asyncio.ensure_future(self._receive())
            try:
                return await self._waiting
            except asyncio.CancelledError:
                if self._close is None:
                    self._waiting.cancel()
                    raise
        return {"type": "websocket.disconnect", "code": self._close.get("code", 1000)}

    async def send(self, message: Message) -> None:
        if message["type"] == "websocket.close":
            self._close = message
            if self._waiting is not None and not self._waiting.done():
                self._waiting.cancel()
                await asyncio.wait([self._waiting])
        await self._send(message)
