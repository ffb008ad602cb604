"""The sockets' server for a browser's test: granian with the portal's own application, in a thread, so that it shares the test's database."""

import asyncio
import threading
from dataclasses import dataclass, field

from granian.constants import Interfaces
from granian.server.embed import Server

from portal.config.asgi import application
from tests.runtime.portal_process import PATIENCE, wait_until


@dataclass
class SocketServer:
    port: int
    server: Server | None = None
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        wait_until(lambda: self.server is not None and self.server.wrks, PATIENCE)

    def stop(self) -> None:
        """As when the process dies: every connection breaks."""
        if self.thread is None or self.server is None:
            return
        self.loop.call_soon_threadsafe(self.server.stop)
        self.thread.join(20)
        assert not self.thread.is_alive()
        self.thread = self.server = None

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.server = Server(application, port=self.port, interface=Interfaces.ASGINL, log_enabled=False)
        self.loop.run_until_complete(self.server.serve())
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()
