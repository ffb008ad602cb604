"""Real parts on loopback: `serve` with its gateway, Debian's swaks as a sender, Debian's OpenSMTPD as the smarthost, mblaze as a reader."""

import json
import os
import shutil
import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from mail.models import Draft, Message, Outbound
from mail.services.drafts import forward, save_draft
from mail.services.mailboxes import ensure_mailboxes
from mail.services.outward import deliver_due
from mail.services.sending import send_draft, send_now
from mail.services.taking_in import take_in_waiting
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.attachments.queries import shown_on
from tests.cast import Cast
from tests.mail.outside import DOMAIN, connected, gateway, greets, smarthost
from tests.mail.writing import fresh, open_it
from tests.runtime.portal_process import PATIENCE, free_ports, look, portal_process, wait_until

SWAKS, SMTPD, MSHOW = "swaks", "/usr/sbin/smtpd", "mshow"
MISSING = [name for name in (SWAKS, SMTPD, MSHOW) if shutil.which(name) is None]
SUDO = [] if os.getuid() == 0 else ["sudo", "-n"]
SUBJECT, NAME = "第 47 周取样结果", "取样结果（含水率）.csv"
READER = {"PATH": os.environ["PATH"], "HOME": "/", "LC_ALL": "C.UTF-8"}

pytestmark = pytest.mark.drill


@pytest.fixture(autouse=True)
def installed() -> None:
    assert not MISSING, f"install {', '.join(MISSING)} (apt install swaks opensmtpd mblaze)"


@contextmanager
def opensmtpd(folder: Path, to: int) -> Iterator[int]:
    """Debian's own server as a smarthost that hands everything on to a port."""
    port = free_ports()
    configuration = folder / "smtpd.conf"
    configuration.write_text(f'listen on 127.0.0.1 port {port}\naction "out" relay host smtp://127.0.0.1:{to}\nmatch from any for any action "out"\n')
    with (folder / "smtpd.log").open("wb") as log:
        process = subprocess.Popen([*SUDO, SMTPD, "-d", "-f", str(configuration)], stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: greets(port), PATIENCE)
        yield port
    finally:
        subprocess.run([*SUDO, "kill", str(process.pid)], check=False)
        process.wait(20)


@pytest.mark.django_db(transaction=True)
def test_swaks_brings_what_opensmtpd_carries_on_and_mblaze_reads(cast: Cast, settings: Any, tmp_path: Path) -> None:
    ensure_mailboxes()
    (tmp_path / NAME).write_bytes("机组,mg\n3,6.4\n".encode())
    settings.ENVIRONMENT = connected()
    with gateway() as port:
        attached = ("--attach-type", "text/csv", "--attach-name", NAME, "--attach", f"@{tmp_path / NAME}")
        _swaks(port, f"limin@{DOMAIN}", "--header", f"Subject: {SUBJECT}", "--body", "见附件。", *attached)
        refused = _swaks(port, f"nobody@{DOMAIN}", succeeds=False)
    assert "550 5.1.1" in refused
    take_in_waiting()
    [came] = Message.objects.all()
    assert came.subject == SUBJECT
    assert [part["name"] for part in came.foreign.parts] == [NAME]
    grant_capability("mail.outside", rule=AudienceRule.of([person_token(cast.head.pk)]), actor=cast.admin)
    with smarthost() as (host, kept_at), opensmtpd(tmp_path, kept_at) as carried_at:
        settings.ENVIRONMENT = connected(mail_smarthost=f"smtp://127.0.0.1:{carried_at}")
        draft = forward(actor=fresh(cast.head), message=open_and_get(came, cast.head), key=uuid4())
        files = [row.pk for row in shown_on(draft)]
        save_draft(actor=fresh(cast.head), draft=draft, version=draft.version, values={"outside": ["buyer@customer.example"]}, file_ids=files)
        send_now(actor=fresh(cast.head), draft=send_draft(actor=fresh(cast.head), draft=Draft.objects.get(pk=draft.pk)))
        assert deliver_due() == 1
        assert Outbound.objects.get().state == "sent"
        wait_until(lambda: bool(host.kept), PATIENCE)
    (tmp_path / "kept.eml").write_bytes(host.kept[0][2])
    shown = subprocess.run([MSHOW, "-h", "subject:from", str(tmp_path / "kept.eml")], capture_output=True, text=True, check=True, env=READER).stdout
    assert f"Subject: 转发：{SUBJECT}" in shown
    assert "李敏" in shown
    parts = subprocess.run([MSHOW, "-t", str(tmp_path / "kept.eml")], capture_output=True, text=True, check=True, env=READER).stdout
    assert f'name="{NAME}"' in parts


def test_serve_starts_the_gateway_again_and_what_it_answered_250_is_there() -> None:
    taken = free_ports()
    with portal_process(PORTAL_MAIL_LISTEN=f"127.0.0.1:{taken}", PORTAL_MAIL_DOMAIN=DOMAIN) as portal:
        portal.start()
        wait_until(lambda: greets(taken), PATIENCE)
        accepted = 0
        for number in range(30):
            if number in (7, 19):
                portal.child("mail_gateway").kill()
            try:
                with smtplib.SMTP("127.0.0.1", taken, timeout=20) as client:
                    client.sendmail("a@supplier.example", [f"10003@{DOMAIN}"], f"Subject: {number}\r\nMessage-ID: <{number}@x>\r\n\r\nx".encode())
                    accepted += 1
            except (OSError, smtplib.SMTPException):
                wait_until(lambda: greets(taken), PATIENCE)
        assert accepted >= 28
        with look(portal) as connection:
            wait_until(lambda: connection.execute("SELECT count(*) FROM mail_foreign").fetchone() >= (accepted,), PATIENCE)
            assert connection.execute("SELECT count(*) FROM mail_rawmail WHERE state <> 'read'").fetchone() == (0,)
        assert json.loads(portal.readiness()[1])["checks"]["mail"]["state"] == "ok"


def open_and_get(message: Message, person: Any) -> Message:
    return open_it(message, person).message


def _swaks(port: int, to: str, *more: str, succeeds: bool = True) -> str:
    command = [SWAKS, "--server", f"127.0.0.1:{port}", "--from", "a@supplier.example", "--to", to, *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode == 0) == succeeds, done.stdout + done.stderr
    return done.stdout + done.stderr
