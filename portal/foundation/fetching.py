"""Fetching an address that somebody named, without becoming a way into the plant's own network (S24).

A name is resolved once, every address that it has is judged, and the connection goes to the one that was judged; certificates are checked against the name.
Redirects are judged anew. Nothing is sent that tells who asks: no cookies, no credentials, no referrer.
"""

import http.client
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import gettext_lazy

from portal.foundation.errors import PortalError
from portal.foundation.signs import one_line

MOST_REDIRECTS = 5
MOST_TRIED = 4
LONGEST_ADDRESS = 2_000
PIECE = 65_536
PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
UNCHANGED = 304
USER_AGENT = "Mozilla/5.0 (compatible; Gongfang)"

NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
KEPT_IN_PATHS = "/%:@!$&'()*+,;=~-._"

# What `is_global` lets pass in some release of Python, or what leads elsewhere than it says: IANA's registries of special purpose, RFC 6890.
REFUSED_4 = [ip_network(text) for text in ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4")]
GLOBAL_6 = ip_network("2000::/3")  # so neither ::1, ::ffff:0:0/96, 64:ff9b::/96, fc00::/7, fe80::/10 nor ff00::/8
REFUSED_6 = [ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]

Resolver = Callable[[str, int], Sequence[str]]
Network = IPv4Network | IPv6Network


class Reason(StrEnum):
    """Why nothing was fetched."""

    ADDRESS = "address"
    INSIDE = "inside"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TIME = "time"
    SIZE = "size"
    STATUS = "status"
    REDIRECTS = "redirects"
    CONTENT = "content"


SENTENCES = {
    Reason.ADDRESS: gettext_lazy("This is not an address of the web. It should look like https://www.tobacco.gov.cn/news.xml."),
    Reason.INSIDE: gettext_lazy("This address leads into an internal network. An operator can allow it by the setting PORTAL_FETCH_INTERNAL."),
    Reason.UNREACHABLE: gettext_lazy("The server of this address cannot be reached. Check the address, or try again later."),
    Reason.CERTIFICATE: gettext_lazy("The server of this address does not prove that it is the one it says. Nothing was fetched."),
    Reason.TIME: gettext_lazy("The server of this address takes too long. Try again later."),
    Reason.SIZE: gettext_lazy("What is at this address is too large."),
    Reason.STATUS: gettext_lazy("The server of this address refuses: it answers %(detail)s."),
    Reason.REDIRECTS: gettext_lazy("This address leads on and on, and nowhere."),
    Reason.CONTENT: gettext_lazy("What is at this address cannot be read."),
}


class FetchError(PortalError):
    """Nothing was fetched, and why in one sentence; `detail` is for the log."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason = reason
        self.detail = one_line(detail)  # a server may have said it
        super().__init__(str(SENTENCES[reason]) % {"detail": self.detail} if reason is Reason.STATUS else str(SENTENCES[reason]))


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found at `address`, after all redirects. `is_unchanged` where the server said so; then there is no content."""

    address: str
    content: bytes
    content_type: str
    entity_tag: str = ""
    last_modified: str = ""
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: a name in ASCII, or a literal address."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return urlunsplit((self.scheme, host if self.port == PORTS[self.scheme] else f"{host}:{self.port}", *urlsplit(self.path)[2:4], ""))


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, by the system."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def fetch(
    address: str,
    *,
    greatest_size: int,
    timeout: float,
    accept: str = "*/*",
    entity_tag: str = "",
    last_modified: str = "",
    authorities: str | None = None,
    resolver: Resolver = resolve,
) -> Fetched:
    """What is at an address of the web, or `FetchError`.

    `greatest_size` is in bytes, of what was sent and of what it unpacks to; `timeout` in seconds, for everything together. `entity_tag` and `last_modified`
    of the last time make it an answer without content where nothing changed. `authorities` is a file of certificates to trust instead of the system's.
    """
    deadline = time.monotonic() + timeout
    target = read_address(address)
    asked = {"Accept": accept, "Accept-Encoding": "gzip", "User-Agent": USER_AGENT, "Connection": "close"}
    if entity_tag and _is_header(entity_tag):
        asked["If-None-Match"] = entity_tag
    if last_modified and _is_header(last_modified):
        asked["If-Modified-Since"] = last_modified
    for _hop in range(MOST_REDIRECTS + 1):
        with _answer(target, asked, deadline, authorities, resolver) as answer:
            onward = answer.headers.get("Location")
            if answer.status not in REDIRECTS or not onward:
                return _read(target, answer, greatest_size)
            target = read_address(urljoin(target.address, _as_sent(onward)))
    raise FetchError(Reason.REDIRECTS)


def read_address(text: str) -> Target:
    """Take an address apart. Refuses other schemes, names and passwords in it, numbers in odd spellings, and what browsers and servers may read differently."""
    if len(text) > LONGEST_ADDRESS or any(sign <= " " or sign in '\\"<>^`{|}\x7f' for sign in text):
        raise FetchError(Reason.ADDRESS, "characters")
    try:
        parts = urlsplit(text)
        port = parts.port
        host = _plain_host(parts.hostname or "")
    except (ValueError, UnicodeError) as error:
        raise FetchError(Reason.ADDRESS, str(error)) from error
    if parts.scheme not in PORTS or "@" in parts.netloc:
        raise FetchError(Reason.ADDRESS, "scheme or user")
    port = PORTS[parts.scheme] if port is None else port
    if port == 0 or (port < 1024 and port not in PORTS.values()):
        raise FetchError(Reason.ADDRESS, "port")
    path = quote(parts.path or "/", safe=KEPT_IN_PATHS)
    query = quote(parts.query, safe=f"{KEPT_IN_PATHS}?")
    return Target(parts.scheme, host, port, f"{path}?{query}" if query else path)


def read_outside_address(text: str) -> Target:
    """`read_address` of what somebody enters, who learns at once that a number leads inside. Names are judged when they are resolved."""
    target = read_address(text)
    if target.host == "localhost" or target.host.endswith(".localhost"):
        _judge(target, ["127.0.0.1"])
    elif ":" in target.host or NUMBER.fullmatch(target.host.rpartition(".")[2]):
        _judge(target, [target.host])
    return target


def is_outside(address: str) -> bool:
    """Whether a literal address belongs to the public internet, and to nothing that stands for an internal address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return found.is_global and not any(found in network for network in REFUSED_4)
    return found in GLOBAL_6 and found.is_global and not any(found in network for network in REFUSED_6)


def _plain_host(host: str) -> str:
    if ":" in host:
        if "%" in host:
            raise ValueError("a zone")
        return str(IPv6Address(host))
    plain = host.encode("idna").decode("ascii").lower().removesuffix(".")
    if NUMBER.fullmatch(plain.rpartition(".")[2]):
        return str(IPv4Address(plain))  # four decimal numbers without leading noughts, or nothing
    if not NAME.fullmatch(plain):
        raise ValueError("not a name")
    return plain


def _judged_addresses(target: Target, deadline: float, resolver: Resolver) -> list[str]:
    """The addresses to connect to."""
    found = _resolved(target, deadline, resolver)
    _judge(target, found)
    return found


def _judge(target: Target, found: Sequence[str]) -> None:
    """A name that has an internal address beside others is refused as a whole."""
    names, networks = _allowed_inside()
    if target.host in names:
        return
    for address in found:
        if not is_outside(address) and not any(_in_network(address, network) for network in networks):
            raise FetchError(Reason.INSIDE, address)


def _allowed_inside() -> tuple[set[str], list[Network]]:
    """The names and networks of the setting, checked when the portal starts."""
    names, networks = set(), []
    for entry in settings.FETCH_INTERNAL:
        try:
            networks.append(ip_network(entry))
        except ValueError:
            names.add(entry.lower())
    return names, networks


def _in_network(address: str, network: Network) -> bool:
    try:
        return ip_address(address) in network
    except ValueError:
        return False


def _resolved(target: Target, deadline: float, resolver: Resolver) -> list[str]:
    """Within the time: the system's own way of asking has no limit, so it is left behind where it takes too long."""
    found: list[str] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            found.extend(resolver(target.host, target.port))
        except (OSError, UnicodeError) as error:
            failures.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(deadline - time.monotonic(), 0))
    if asking.is_alive():
        raise FetchError(Reason.TIME, "resolving")
    if failures or not found:
        raise FetchError(Reason.UNREACHABLE, str(failures[0]) if failures else "no address")
    return found


@contextmanager
def _answer(target: Target, asked: Mapping[str, str], deadline: float, authorities: str | None, resolver: Resolver) -> Iterator[http.client.HTTPResponse]:
    """The head of the answer, its body still to be read. When the time is over the connection is cut, wherever it stands."""
    wire = _connected(_judged_addresses(target, deadline, resolver), target.port, deadline)
    is_over = threading.Event()
    handle = wire.dup()

    def cut() -> None:
        is_over.set()
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(deadline - time.monotonic(), 0), cut)
    timer.daemon = True
    timer.start()
    connection = http.client.HTTPConnection(target.host, target.port)
    answer: http.client.HTTPResponse | None = None
    try:
        connection.sock = wire
        if target.scheme == "https":
            connection.sock = ssl.create_default_context(cafile=authorities).wrap_socket(wire, server_hostname=target.host)
        connection.putrequest("GET", target.path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", urlsplit(target.address).netloc)
        for name, value in asked.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        yield answer
    except ssl.SSLCertVerificationError as error:
        raise FetchError(Reason.CERTIFICATE, error.verify_message) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(Reason.TIME if is_over.is_set() or isinstance(error, TimeoutError) else Reason.UNREACHABLE, str(error)) from error
    finally:
        timer.cancel()
        if answer is not None:
            answer.close()
        connection.close()
        wire.close()
        handle.close()
    if is_over.is_set():
        raise FetchError(Reason.TIME)


def _connected(addresses: Sequence[str], port: int, deadline: float) -> socket.socket:
    """To the first of them that answers."""
    failure = FetchError(Reason.TIME)
    for address in addresses[:MOST_TRIED]:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((address, port), timeout=left)
        except TimeoutError:
            failure = FetchError(Reason.TIME, "connecting")
        except OSError as error:
            failure = FetchError(Reason.UNREACHABLE, str(error))
    raise failure


def _read(target: Target, answer: http.client.HTTPResponse, greatest_size: int) -> Fetched:
    headers = answer.headers
    tag, modified = (_kept(headers.get(name, "")[:longest]) for name, longest in (("ETag", 200), ("Last-Modified", 60)))
    if answer.status == UNCHANGED:
        return Fetched(target.address, b"", "", tag, modified, is_unchanged=True)
    if answer.status != 200:
        raise FetchError(Reason.STATUS, str(answer.status))
    if (answer.length or 0) > greatest_size:
        raise FetchError(Reason.SIZE, "announced")
    packing = headers.get("Content-Encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(Reason.CONTENT, "packing")
    raw = _limited_pieces(answer, greatest_size)
    content = _unpacked(raw, greatest_size) if "gzip" in packing else b"".join(raw)
    return Fetched(target.address, content, _kept(headers.get("Content-Type", "")[:200]), tag, modified)


def _limited_pieces(answer: http.client.HTTPResponse, greatest_size: int) -> Iterator[bytes]:
    """As they come, so that a server that sends one byte a second is cut off in time."""
    size, announced = 0, answer.length
    while piece := answer.read1(PIECE):
        size += len(piece)
        if size > greatest_size:
            raise FetchError(Reason.SIZE)
        yield piece
    if announced is not None and size < announced:
        raise http.client.IncompleteRead(b"", announced - size)


def _unpacked(pieces: Iterator[bytes], greatest_size: int) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    content = bytearray()
    try:
        for piece in pieces:
            content += unpacking.decompress(piece, greatest_size + 1 - len(content))
            if len(content) > greatest_size:
                raise FetchError(Reason.SIZE, "unpacked")
    except zlib.error as error:
        raise FetchError(Reason.CONTENT, str(error)) from error
    if not unpacking.eof:
        raise FetchError(Reason.CONTENT, "cut short")
    return bytes(content)


def _as_sent(header: str) -> str:
    """A header that holds UTF-8, which `http.client` reads as Latin-1."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _kept(header: str) -> str:
    """Nothing of a header with bytes that no server should send."""
    return header if _is_header(header) else ""


def _is_header(text: str) -> bool:
    return text.isascii() and text.isprintable()
