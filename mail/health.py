"""What operators are told of the way to the internet."""

import socket
from datetime import timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mail.gateway.connection import listening, sends_out, takes_in
from mail.models import Outbound, RawMail
from portal.runtime.health import Finding, register_check

PATIENCE = 0.5
SLOW = timedelta(minutes=5)


def answers() -> bool:
    """Whether the gateway greets."""
    host, port = listening()
    try:
        with socket.create_connection(("127.0.0.1" if host == "0.0.0.0" else host, port), PATIENCE) as connection:  # noqa: S104
            connection.settimeout(PATIENCE)
            return connection.recv(3) == b"220"
    except OSError:
        return False


def _gateway() -> Finding:
    if not takes_in() and not sends_out():
        return Finding("not configured")
    if takes_in() and not answers():
        return Finding("failing", _("the gateway does not answer"))
    now = timezone.now()
    unread = RawMail.objects.filter(state="waiting", at__lt=now - SLOW).count()
    late = Outbound.objects.filter(state="waiting", attempts__gt=0).count()
    if unread:
        return Finding("failing", format_lazy(_("{count} taken in and not read for five minutes"), count=unread))
    return Finding("ok", format_lazy(_("{count} to outside tried in vain so far"), count=late) if late else "")


register_check("mail", _gateway)
