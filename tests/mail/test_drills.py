"""Drills D1, D2, D4 and D7 of mail: whatever is killed or full, what was answered is there once, with everybody for whom it was."""

import re
import smtplib
import threading
from uuid import uuid4

import psycopg
import pytest

from tests.depth import deep
from tests.mail.outside import DOMAIN, greets
from tests.runtime.portal_process import PATIENCE, Browser, PortalProcess, free_ports, look, portal_process, wait_until
from tests.runtime.test_full_disk import fill_disk, on_small_disk

pytestmark = pytest.mark.drill
HEAD, PASSWORD = "10003", "gongfang-2026"
PACE = 0.2  # seconds between two mails, so that they are read as they come
KILLED = (("celery", "worker"), ("postgres",), ("valkey-server",), ("celery", "worker"), ("mail_gateway",), ("celery", "worker"))[: deep(6, part=3)]
# Of each message: its recipients as the envelope has them, placements of them, how many of these are doubled, and entries of the journal.
COUNTS = """
    SELECT count(DISTINCT envelope.mailbox_id), count(placement.id), count(placement.id) - count(DISTINCT placement.mailbox_id),
        (SELECT count(*) FROM mail_journalentry entry WHERE entry.message_id = message.id AND entry.kind = 'inside')
    FROM mail_message message JOIN mail_envelope envelope ON envelope.message_id = message.id
    LEFT JOIN mail_placement placement ON placement.message_id = message.id AND placement.mailbox_id = envelope.mailbox_id AND placement.side = 'received'
    WHERE message.subject = %s GROUP BY message.id
"""

WRONGLY_COUNTED = """
    SELECT count(*) FROM mail_mailbox WHERE used <> coalesce((
        SELECT sum(size) FROM mail_placement WHERE mailbox_id = mail_mailbox.id AND purged_at IS NULL AND recalled_at IS NULL), 0)
"""
SHOWN = {"seen": r'name="seen" value="(\d+)"', "reach": r'name="reach" value="(\d+)"', "draft": r"/mail/drafts/(\d+)/"}


class Senders(threading.Thread):
    """Another server that sends one mail after the other, each again until it is answered 250, as servers do."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.ended, self.taken, self.answers = port, threading.Event(), [], set()

    def run(self) -> None:
        number = 0
        while not self.ended.is_set():
            if self.send(number):
                self.taken.append(number)
                number += 1
            self.ended.wait(PACE)

    def send(self, number: int) -> bool:
        content = f"Subject: 来信 {number}\r\nMessage-ID: <{number}@x>\r\n\r\n{'内容。' * 400}".encode()
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as client:
                client.sendmail("a@supplier.example", [f"{HEAD}@{DOMAIN}"], content)
                return True
        except smtplib.SMTPRecipientsRefused as refused:
            self.answers |= {code for code, _words in refused.recipients.values()}
        except smtplib.SMTPResponseException as refused:
            self.answers.add(refused.smtp_code)
        except (OSError, smtplib.SMTPException):
            pass  # nobody listens just now
        return False

    def finish(self) -> None:
        self.ended.set()
        self.join(40)


def test_whatever_is_killed_each_mass_mail_and_each_mail_from_outside_comes_once() -> None:
    taken = free_ports()
    with portal_process(**connected_at(taken)) as portal:
        portal.start()
        wait_until(lambda: greets(taken), PATIENCE)
        senders = Senders(taken)
        senders.start()
        browser = portal.browser()
        browser.sign_in(HEAD, PASSWORD)
        with look(portal) as connection:
            (department,) = connection.execute(
                "SELECT department_id FROM organization_employment e JOIN accounts_user u ON u.id = e.person_id WHERE is_primary AND employee_number = %s",
                [HEAD],
            ).fetchone()
        for turn, words in enumerate(KILLED):
            subject = f"第 {turn} 次科务会"
            _send_mass(browser, department, subject)
            portal.child(*words).kill()
            wait_until(lambda subject=subject: _counts(portal, subject), PATIENCE)
            before = len(senders.taken)
            wait_until(lambda before=before: len(senders.taken) > before + 2, PATIENCE)
        senders.finish()
        for turn in range(len(KILLED)):
            [(recipients, placements, doubled, noted)] = _counts(portal, f"第 {turn} 次科务会")
            assert recipients == placements > 1
            assert (doubled, noted) == (0, 1)
        _all_taken_once(portal, senders.taken)
        assert senders.answers <= {421, 451, 452}


def test_a_full_disk_is_answered_452_nothing_is_half_kept_and_it_goes_on_afterwards() -> None:
    taken = free_ports()
    with on_small_disk(**connected_at(taken)) as portal:
        portal.start()
        wait_until(lambda: greets(taken), PATIENCE)
        senders = Senders(taken)
        senders.start()
        wait_until(lambda: len(senders.taken) > 5, PATIENCE)
        fill_disk(portal.data_dir / "filler")
        wait_until(lambda: senders.answers, PATIENCE)
        done = len(senders.taken)
        (portal.data_dir / "filler").unlink()
        wait_until(lambda: len(senders.taken) > done + 5, PATIENCE)
        senders.finish()
        assert senders.answers <= {451, 452}, senders.answers
        _all_taken_once(portal, senders.taken)


def connected_at(port: int) -> dict[str, str]:
    """The environment of a plant whose gateway listens there."""
    return {"PORTAL_MAIL_LISTEN": f"127.0.0.1:{port}", "PORTAL_MAIL_DOMAIN": DOMAIN}


def _send_mass(browser: Browser, department: int, subject: str) -> None:
    """Written, shown how far it goes, sent, and not waited for."""
    audience = {"rule_include": f"dept:{department}", "rule_level": "0"}
    form = audience | {"subject": subject, "body": "<p>请准时参加。</p>", "key": uuid4().hex, "action": "send", "seen": ""}
    status, page = browser.post("/mail/mass/new/", **form)
    assert status == 200, page[:500]
    found = {name: re.search(pattern, page) for name, pattern in SHOWN.items()}
    assert all(found.values()), page[:500]
    shown = {name: match[1] for name, match in found.items() if match}
    draft = shown.pop("draft")
    for path in (f"/mail/drafts/{draft}/", f"/mail/drafts/{draft}/sending/"):
        status, page = browser.post(path, **form | shown)
        assert status == 200, page[:500]


def _counts(portal: PortalProcess, subject: str) -> list[tuple]:
    try:
        with look(portal) as connection:
            return connection.execute(COUNTS, [subject]).fetchall()
    except psycopg.OperationalError:  # it is being started again
        return []


def _all_taken_once(portal: PortalProcess, taken: list[int]) -> None:
    """Each that was answered 250 is one message in one mailbox; one more may be there whose answer was lost."""
    with look(portal) as connection:
        subjects = "SELECT subject, count(*) FROM mail_message WHERE subject LIKE '来信 %%' GROUP BY subject"
        standing = "SELECT state, tries, problem, count(*), max(at), now() FROM mail_rawmail GROUP BY 1, 2, 3"
        wait_until(
            lambda: len(connection.execute(subjects).fetchall()) >= len(taken), PATIENCE, saying=lambda: (len(taken), connection.execute(standing).fetchall())
        )
        found = dict(connection.execute(subjects).fetchall())
        assert set(found.values()) == {1}
        assert {f"来信 {number}" for number in taken} <= set(found)
        assert len(found) <= len(taken) + 1
        assert connection.execute(WRONGLY_COUNTED).fetchone() == (0,)
