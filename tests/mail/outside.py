"""A gateway that listens, and a smarthost that keeps what it is given, both in this process on loopback."""

import asyncio
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings

from mail.gateway.server import serve
from mail.services.taking_in import take_in_waiting
from tests.runtime.portal_process import PATIENCE

DOMAIN, ZHAOLI = "plant.example", "赵立 <zhaoli@supplier.example>"


@dataclass
class Smarthost:
    """`answers` are given to RCPT one after the other, then 250; `kept` is what was taken: from, to, bytes."""

    answers: list[str] = field(default_factory=list)
    kept: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    public_key: bytes = b""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.kept.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 kept"


@contextmanager
def smarthost() -> Iterator[tuple[Smarthost, int]]:
    host = Smarthost()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(host, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield host, port
    finally:
        controller.stop()


@contextmanager
def gateway() -> Iterator[int]:
    """The port on which mail is taken in."""
    loop, started, ports = asyncio.new_event_loop(), threading.Event(), []
    ending = asyncio.Event()

    def ready(port: int) -> None:
        ports.append(port)
        started.set()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve("127.0.0.1", 0, ready=ready, ending=ending)))
    thread.start()
    try:
        assert started.wait(PATIENCE)
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join(10)
        loop.close()


def connected(**values: Any) -> Any:
    """The settings of a plant that is connected."""
    usual = {"mail_domain": DOMAIN, "mail_listen": "127.0.0.1:2525", "mail_smarthost": "smtp://127.0.0.1:2526"}
    return settings.ENVIRONMENT.model_copy(update=usual | values)


def letter(
    subject: str = "报价单", text: str = "您好，报价见附件。", sender: str = "赵立 <zhaoli@supplier.example>", to: str = f"limin@{DOMAIN}"
) -> EmailMessage:
    written = EmailMessage(policy=SMTP)
    written["From"], written["To"], written["Subject"] = sender, to, subject
    written["Date"], written["Message-ID"] = "Sat, 28 Nov 2026 09:00:00 +0800", "<1@supplier.example>"
    written.set_content(text)
    return written


def bring(port: int, content: bytes, *to: str, sender: str = "zhaoli@supplier.example") -> None:
    """Sent to the gateway, and read by a worker."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.sendmail(sender, list(to or (f"limin@{DOMAIN}",)), content)
    take_in_waiting()


def greets(port: int) -> bool:
    """Whether a server answers there."""
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False
