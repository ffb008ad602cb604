"""A page's end of a socket, spoken straight to the ASGI application."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

WITHIN = 30


class PageSocket(ApplicationCommunicator):
    def __init__(self, application: Any, headers: list[tuple[bytes, bytes]]) -> None:
        super().__init__(application, {"type": "websocket", "path": "/live/", "query_string": b"", "headers": headers, "subprotocols": []})

    async def connect(self) -> bool:
        """Whether the server took it."""
        await self.send_input({"type": "websocket.connect"})
        return bool((await self.receive_output(timeout=WITHIN))["type"] == "websocket.accept")

    async def say(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def hear(self) -> Any:
        return json.loads((await self.receive_output(timeout=WITHIN))["text"])

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1005})
        await self.wait(timeout=WITHIN)
