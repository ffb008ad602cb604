"""The child of `serve` that takes in mail from outside."""

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mail.gateway.connection import listening, takes_in
from mail.gateway.server import serve


class Command(BaseCommand):
    help = "Take in mail by SMTP on PORTAL_MAIL_LISTEN, until SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        if not takes_in():
            raise CommandError("PORTAL_MAIL_LISTEN is empty: no mail comes in.")
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        ending, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ending.set)
        host, port = listening()
        await serve(host, port, ready=lambda taken: self.stdout.write(f"Mail is taken in on {host}:{taken}."), ending=ending)
