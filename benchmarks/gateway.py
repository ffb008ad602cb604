"""How many mails from outside a second are taken in, each on disk before it is answered, and what memory large ones take."""

import os
import subprocess
import sys
import time

import psutil

from benchmarks.context import ROOT, Context
from benchmarks.rows import Row, at_least, at_most
from mail.models import Mailbox, RawMail
from mail.services.taking_in import take_in_waiting

PORT, CONNECTIONS, EACH, SMALL, LARGE = 8425, 8, 100, 4_000, 24_000_000
RATE_GOAL, MEMORY_GOAL, READ = 200, 800, 100
MEGABYTE = 10**6


def gateway_rows(context: Context) -> list[Row]:
    context.say("mail from outside")
    mailbox = Mailbox.objects.filter(owner__is_active=True).order_by("pk")[0]
    Mailbox.objects.filter(pk=mailbox.pk).update(limit=10**12)
    address = str(mailbox.addresses.all()[0])
    environment = {**os.environ, "PORTAL_MAIL_LISTEN": f"127.0.0.1:{PORT}"}
    with subprocess.Popen([sys.executable, "manage.py", "mail_gateway"], cwd=ROOT, env=environment, stdout=subprocess.PIPE) as gateway:
        try:
            assert gateway.stdout is not None
            gateway.stdout.readline()  # it listens
            seconds = _load(address, CONNECTIONS, EACH, SMALL)
            begun, kept = time.monotonic(), RawMail.objects.filter(state="waiting")[:READ].count()
            read = take_in_waiting()
            reading = (time.monotonic() - begun) / max(read, 1) * 1000
            _load(address, CONNECTIONS, 1, LARGE)
            memory = psutil.Process(gateway.pid).memory_info().rss // MEGABYTE
        finally:
            gateway.terminate()
    rate = CONNECTIONS * EACH / seconds
    return [
        at_least("mail", f"from outside: taken in of {SMALL // 1000} kB on {CONNECTIONS} connections, on disk", rate, "a second", RATE_GOAL),
        at_most("mail", "from outside: read and placed, one of many", reading if kept else 0.0, "ms", 50),
        at_most("mail", f"from outside: memory of the gateway after {CONNECTIONS} of {LARGE // MEGABYTE} MB at once", memory, "MB", MEMORY_GOAL),
    ]


def _load(address: str, connections: int, each: int, size: int) -> float:
    command = [sys.executable, "-m", "benchmarks.smtp_load", str(PORT), address, str(connections), str(each), str(size)]
    return float(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
