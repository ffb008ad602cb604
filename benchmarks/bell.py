"""The bell: 2,000 pages with open sockets, one notification to all of them."""

import json
import subprocess
import sys
import time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from benchmarks.context import ROOT, Context
from benchmarks.rows import Row, told
from portal.access.rules import EVERYONE, AudienceRule
from portal.access.standings import people_matching
from portal.notifications.models import Notification
from portal.notifications.registry import NotificationKind, register_kind
from portal.notifications.services import notify
from portal.outbox.services import drain
from tests.runtime.portal_process import free_ports

SOCKETS = 2_000
KIND = register_kind(NotificationKind("benchmark.told", _("Told"), "%(title)s", asks_nothing=True))


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    people = list(people_matching(AudienceRule.of([EVERYONE])).order_by("pk")[:SOCKETS])
    context.say(f"signing {len(people):,} people in")
    cookies = {f"bell:{person.pk}": context.sign_in(person) for person in people}
    port = free_ports()
    with context.server(context.sockets_command(port + 1), port + 1, environment={"PORT": str(port)}):
        pages = subprocess.Popen([sys.executable, "-m", "benchmarks.sockets", str(port)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert pages.stdin is not None
        assert pages.stdout is not None
        context.say(f"opening {len(people):,} sockets")
        pages.stdin.write(json.dumps(cookies) + "\n")
        pages.stdin.flush()
        opened = json.loads(pages.stdout.readline())
        context.say("ringing")
        begun = time.time()
        with transaction.atomic():
            notify(KIND, words={"title": "今天 16:00 消防演习"}, recipients=[person.pk for person in people])
        published = time.time()
        drain()
        rung = json.loads(pages.stdout.readline())
        pages.wait(30)
    written = Notification.objects.filter(kind=KIND.code).order_by("-created_at").values_list("created_at", flat=True)[0].timestamp()
    return [
        told("bell", "sockets open", opened["open"], "sockets"),
        told("bell", "opening them all", opened["seconds"], "s"),
        told("bell", "publishing answers after", (published - begun) * 1000, "ms"),
        told("bell", "last row in the database after", (written - begun) * 1000, "ms"),
        told("bell", "first page rung after", (rung["first"] - begun) * 1000, "ms"),
        told("bell", "last page rung after", (rung["last"] - begun) * 1000, "ms"),
        told("bell", "pages rung", rung["count"], "pages", reference=opened["open"]),
    ]
