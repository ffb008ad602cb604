"""The SMTP server (RFC 5321): aiosmtpd with limits of its own. It answers 250 for what is on disk, 4xx where the fault is ours, 5xx where it is not."""

import asyncio
import logging
import ssl
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from aiosmtpd.smtp import SMTP
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connections

from mail.gateway.connection import domain, greatest, is_device, is_ours
from mail.gateway.receiving import Taken, judge_content, judge_recipient, note_refusal, ring_for_reading, take
from portal.runtime.outages import is_disk_full

logger = logging.getLogger(__name__)
MOST_CONNECTIONS, MOST_OF_ONE, MOST_RECIPIENTS, PATIENCE, AT_ONCE, CALLS = 20, 10, 100, 60.0, 8, 1_000
LONGEST_LINE = 1 << 20  # real mailers send lines beyond the 998 of the standard
MORE_THAN_SAID = 4 << 20
OURS = "451 4.3.0 It cannot be taken in just now, try again later"
NO_DISK = "452 4.3.1 There is no room just now, try again later"
TOO_LARGE = "552 5.3.4 The message is larger than is taken here"
REFUSALS_NOTED = 5  # of one connection


class Database:
    """Calls to the database in a few threads, each with its connection."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mail")

    async def call(self, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.pool, partial(_in_thread, act, *arguments, **named))

    def close(self) -> None:
        """End every thread's connection: each waits at the barrier until all are there."""
        barrier = Barrier(AT_ONCE)

        def end() -> None:
            barrier.wait(10)
            connections.close_all()

        for ended in [self.pool.submit(end) for _number in range(AT_ONCE)]:
            ended.result()
        self.pool.shutdown()


def _in_thread(act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    close_old_connections()
    try:
        return act(*arguments, **named)
    except DatabaseError:
        connections.close_all()
        raise


class Connection(SMTP):
    """One peer. What it sends beyond all limits ends it, so that memory stays bounded."""

    line_length_limit = LONGEST_LINE

    def __init__(self, gateway: "Gateway", **options: Any) -> None:
        super().__init__(gateway, **options)
        self.gateway, self.came, self.noted, self.peer, self.is_counted, self.is_refused = gateway, 0, 0, "", False, False

    def connection_made(self, transport: Any) -> None:
        if self.is_counted:  # the same peer again, after STARTTLS
            super().connection_made(transport)
            return
        self.peer = str((transport.get_extra_info("peername") or ("",))[0])
        if not self.gateway.admits(self.peer):
            self.is_refused = True
            transport.write(b"421 4.7.0 Too many connections, try again later\r\n")
            transport.close()
            return
        self.gateway.connected[self.peer] += 1
        self.is_counted = True
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.is_refused:
            return
        super().connection_lost(error)
        if self.is_counted:
            self.is_counted = False
            self.gateway.connected[self.peer] -= 1
            self.gateway.connected += Counter()  # forget those at nought

    def eof_received(self) -> bool | None:
        return False if self.is_refused else super().eof_received()

    def data_received(self, data: bytes) -> None:
        self.came += len(data)
        if self.is_refused:
            return
        if self.came > self.gateway.greatest + MORE_THAN_SAID:
            if self.transport is not None:
                self.transport.write(TOO_LARGE.encode() + b"\r\n")  # type: ignore[attr-defined]
                self.transport.close()
            return
        super().data_received(data)

    def _set_post_data_state(self) -> None:
        super()._set_post_data_state()
        self.came, self.taken, self.size = 0, Taken(), 0

    async def push(self, status: Any) -> None:
        """aiosmtpd's own words for what is too large and too long are those of another code."""
        if isinstance(status, str) and status.startswith("552 Error"):
            status = TOO_LARGE
        elif isinstance(status, str) and status.startswith("500 Line too long"):
            status = "554 5.6.0 A line of the message is too long"
        await super().push(status)


class Gateway:
    """The answers, for all connections."""

    def __init__(self, database: Database) -> None:
        self.database, self.greatest = database, greatest()
        self.connected: Counter[str] = Counter()
        self.has_taken = asyncio.Event()

    def admits(self, peer: str) -> bool:
        return self.connected.total() < MOST_CONNECTIONS and self.connected[peer] < MOST_OF_ONE

    async def handle_exception(self, error: Exception) -> str:
        """Whatever it is, it is ours: the other server keeps the mail and tries again. Nothing of the error is told."""
        logger.error("mail could not be taken in", exc_info=error)
        return NO_DISK if is_disk_full(error) else OURS

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        sizes = [option[5:] for option in options if option.upper().startswith("SIZE=")]
        server.size = int(sizes[0]) if sizes and sizes[0].isascii() and sizes[0].isdecimal() and len(sizes[0]) < 15 else 0
        if server.size > self.greatest:
            return await self._refuse(server, address, "", TOO_LARGE)
        if address and is_ours(address.rpartition("@")[2]) and not is_device(server.peer):
            # Mail of the plant's own people never comes this way (S27).
            return await self._refuse(server, address, "", "550 5.7.1 Senders of this domain do not come from outside")
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients, send the rest in another turn"
        answer: str = await self.database.call(judge_recipient, address, server.size, server.taken)
        if not answer.startswith("250"):
            return await self._refuse(server, envelope.mail_from, address, answer)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if refusal := judge_content(envelope.content):
            return await self._refuse(server, envelope.mail_from, envelope.rcpt_tos[0], refusal)
        named = {"mail_from": envelope.mail_from or "", "peer": server.peer, "is_device": is_device(server.peer), "taken": server.taken}
        await self.database.call(take, envelope.content, **named)
        self.has_taken.set()
        return "250 2.0.0 It is kept"

    async def _refuse(self, server: Any, mail_from: str | None, address: str, answer: str) -> str:
        server.noted += 1
        if server.noted <= REFUSALS_NOTED:
            await self.database.call(note_refusal, mail_from or "", server.peer, address, answer)
        return answer


async def serve(host: str, port: int, *, ready: Callable[[int], None], ending: asyncio.Event) -> None:
    """Until `ending` is set. `ready` is told the port, which may have been left to the system (0)."""
    database = Database()
    gateway = Gateway(database)
    context = None
    if settings.ENVIRONMENT.mail_certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings.ENVIRONMENT.mail_certificate)
    loop = asyncio.get_running_loop()
    options = {
        "data_size_limit": gateway.greatest, "enable_SMTPUTF8": True, "hostname": domain(), "ident": "ESMTP", "timeout": PATIENCE,
        "tls_context": context, "auth_exclude_mechanism": ["LOGIN", "PLAIN"], "command_call_limit": CALLS, "loop": loop,
    }  # fmt: skip
    server = await loop.create_server(lambda: Connection(gateway, **options), host, port)
    ringing = loop.create_task(_ring(gateway))
    try:
        ready(server.sockets[0].getsockname()[1])
        await ending.wait()
    finally:
        ringing.cancel()
        server.close()
        await loop.run_in_executor(None, database.close)


async def _ring(gateway: Gateway) -> None:
    """Once a second at most, however much comes."""
    while True:
        await gateway.has_taken.wait()
        gateway.has_taken.clear()
        await gateway.database.call(ring_for_reading)
        await asyncio.sleep(1)
