"""ClamAV by its stream protocol (clamd(8), INSTREAM): the content goes over the wire, so that the scanner may be on another machine."""

import socket
from dataclasses import dataclass
from enum import Enum
from typing import IO

PIECE = 65536
PATIENCE = 30.0
LONGEST_ANSWER = 4096


class Verdict(Enum):
    CLEAN = "clean"
    INFECTED = "infected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the scanner said; `words` is the name of what it found, or why it found nothing out."""

    verdict: Verdict
    words: str = ""


def scan(content: IO[bytes], address: str) -> Finding:
    """Ask the scanner at `host:port` or at the path of a socket. One that is down, slow or confused gives `UNKNOWN`, never `CLEAN`."""
    try:
        with _connected(address) as connection:
            answer = _ask(connection, content)
    except OSError as error:
        return Finding(Verdict.UNKNOWN, f"{type(error).__name__}: {error}"[:200])
    if answer == "stream: OK":
        return Finding(Verdict.CLEAN)
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Finding(Verdict.INFECTED, answer.removeprefix("stream: ").removesuffix(" FOUND")[:200])
    return Finding(Verdict.UNKNOWN, answer[:200] or "no answer")


def is_up(address: str) -> bool:
    """Whether it answers."""
    try:
        with _connected(address) as connection:
            connection.settimeout(1)
            connection.sendall(b"zPING\0")
            return connection.recv(16).rstrip(b"\0\n") == b"PONG"
    except OSError:
        return False


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        connection.connect(address)
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)


def _ask(connection: socket.socket, content: IO[bytes]) -> str:
    """Send the pieces, each with its length before it, and a piece of no length at the end. A scanner that has had enough answers early."""
    try:
        connection.sendall(b"zINSTREAM\0")
        while piece := content.read(PIECE):
            connection.sendall(len(piece).to_bytes(4, "big") + piece)
        connection.sendall(b"\0\0\0\0")
    except (BrokenPipeError, ConnectionResetError):
        pass
    answer = b""
    while not answer.endswith((b"\0", b"\n")) and len(answer) < LONGEST_ANSWER:
        piece = connection.recv(PIECE)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace").strip()
