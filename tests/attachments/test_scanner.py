"""ClamAV, as a small server that speaks its protocol on a real socket: what is infected is refused, and nothing is shown unchecked."""

import socketserver
import threading
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.attachments.errors import InfectedError
from portal.attachments.extraction import read_waiting
from portal.attachments.models import Attachment, StoredFile
from portal.attachments.services import hang_files
from portal.notifications.models import Notification
from portal.outbox.models import Trouble
from portal.outbox.services import drain
from portal.outbox.troubles import FEW_TRIES
from tests.attachments import samples
from tests.cast import Cast

SignIn = Callable[[User], Client]
Receive = Callable[[User, str, bytes], Attachment]
# The word that this server takes for a virus.
VIRUS = b"stand-in-for-a-virus"
# And the one over which it says nothing that helps.
UNSAYABLE = b"too-much-for-a-scanner"


class Scanner(socketserver.ThreadingTCPServer):
    """`answer` replaces what it says of everything."""

    allow_reuse_address = True
    daemon_threads = True
    answer = b""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert command == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(length)
        said = b"stream: Eicar-Signature FOUND" if VIRUS in content else b"INSTREAM size limit exceeded. ERROR" if UNSAYABLE in content else b"stream: OK"
        self.wfile.write((self.server.answer or said) + b"\0")  # type: ignore[attr-defined]


@pytest.fixture
def scanner(limits) -> Iterator[Scanner]:
    with Scanner() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        limits(clamd=f"127.0.0.1:{server.server_address[1]}")
        yield server
        server.shutdown()


def test_an_infected_file_is_refused_with_its_sentence_and_a_clean_one_is_taken(cast: Cast, receive: Receive, scanner: Scanner) -> None:
    with pytest.raises(InfectedError, match="Eicar-Signature"):
        receive(cast.head, "坏.txt", b"begin " + VIRUS)
    assert not Attachment.objects.exists()
    assert receive(cast.head, "好.txt", b"good").file.scan == StoredFile.Scan.CLEAN


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"", b"stream: OK FOUND OK", b"nonsense"])
def test_without_a_clear_answer_a_file_is_kept_and_not_shown(cast: Cast, client_for: SignIn, receive: Receive, scanner: Scanner, limits, answer: bytes) -> None:
    scanner.answer = answer
    if not answer:
        limits(clamd="127.0.0.1:1")
    attachment = receive(cast.head, "a.pdf", samples.pdf("x"))
    if attachment.file.scan == StoredFile.Scan.INFECTED:
        return
    assert attachment.file.scan == StoredFile.Scan.WAITING
    hang_files(actor=cast.head, about=samples.paper_for(cast.quality), shown=[attachment.pk])
    read_waiting()
    browser = client_for(cast.head)
    for address in ("", "thumbnail/", "pages/1/", "text/", "preview/"):
        assert browser.get(f"/files/{attachment.pk}/{address}").status_code == 409, address
    assert client_for(cast.operator).get(f"/files/{attachment.pk}/").status_code == 404


def test_it_is_shown_once_the_scanner_has_answered(cast: Cast, client_for: SignIn, receive: Receive, scanner: Scanner, limits) -> None:
    address = f"127.0.0.1:{scanner.server_address[1]}"
    limits(clamd="127.0.0.1:1")
    attachment = receive(cast.head, "a.txt", b"good")
    assert client_for(cast.head).get(f"/files/{attachment.pk}/").status_code == 409
    limits(clamd=address)
    read_waiting()
    assert client_for(cast.head).get(f"/files/{attachment.pk}/").status_code == 200


def test_what_turns_out_infected_later_is_closed_and_its_uploader_told(cast: Cast, client_for: SignIn, receive: Receive, scanner: Scanner, limits) -> None:
    address = f"127.0.0.1:{scanner.server_address[1]}"
    limits(clamd="127.0.0.1:1")
    attachment = receive(cast.head, "a.txt", VIRUS)
    limits(clamd=address)
    read_waiting()
    drain()
    assert client_for(cast.head).get(f"/files/{attachment.pk}/").status_code == 409
    told = Notification.objects.get(kind="attachments.infected")
    assert told.recipient_id == cast.head.pk
    with pytest.raises(InfectedError):
        receive(cast.operator, "b.txt", VIRUS)
    assert read_waiting() == 0


def test_a_file_of_which_the_scanner_says_nothing_is_put_aside_and_those_behind_it_are_checked(
    cast: Cast, client_for: SignIn, receive: Receive, scanner: Scanner, limits
) -> None:
    address = f"127.0.0.1:{scanner.server_address[1]}"
    first = receive(cast.head, "a.txt", UNSAYABLE)
    limits(clamd="127.0.0.1:1")
    behind = receive(cast.head, "b.txt", b"good")
    read_waiting()
    assert not Trouble.objects.exists(), "where the scanner is away, no file is to blame"
    limits(clamd=address)
    read_waiting()
    assert StoredFile.objects.get(pk=behind.file_id).text_state == StoredFile.Text.DONE
    for _turn in range(FEW_TRIES - 1):
        Trouble.objects.update(due_at=timezone.now())
        read_waiting()
    trouble = Trouble.objects.get()
    assert (trouble.thing, trouble.due_at, "INSTREAM size limit exceeded" in trouble.reason) == (first.file_id, None, True)
    assert read_waiting() == 0
    assert client_for(cast.head).get(f"/files/{first.pk}/").status_code == 409, "what was not checked is shown to nobody"
