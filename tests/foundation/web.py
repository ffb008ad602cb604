"""A small web server on the loopback, whose every path misbehaves in its own way."""

import gzip
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BOMB = gzip.compress(b"\x00" * (40 << 20))


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        with_path = {"/plain": self.plain, "/bomb": self.bomb, "/endless": self.endless, "/drip": self.drip, "/drip-head": self.drip_head}
        if self.path.startswith("/to/"):
            self.redirect(self.path.removeprefix("/to/"))
        elif self.path.startswith("/again/"):
            self.redirect(f"/again/{int(self.path.removeprefix('/again/')) + 1}")
        else:
            with_path.get(self.path, self.other)()

    def plain(self) -> None:
        if self.headers.get("If-None-Match") == '"1"':
            self.begin(304)
            return
        self.begin(200, ("ETag", '"1"'), ("Content-Type", "text/plain"), body=b"news")

    def bomb(self) -> None:
        self.begin(200, ("Content-Encoding", "gzip"), body=BOMB)

    def endless(self) -> None:
        self.begin(200, ("Transfer-Encoding", "chunked"))
        self.pour(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    def drip(self) -> None:
        self.begin(200, ("Content-Length", "1000000"))
        self.pour(b"x", pause=0.05)

    def drip_head(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self.pour(b"x", pause=0.05)

    def other(self) -> None:
        status = {"/forbidden": 403, "/cut": 200, "/packed": 200, "/greatest": 200, "/announced": 200}.get(self.path, 404)
        if self.path == "/cut":
            self.begin(200, ("Content-Length", "100"))
            self.wfile.write(b"half")
        elif self.path == "/packed":
            self.begin(200, ("Content-Encoding", "gzip"), body=gzip.compress("新闻".encode()))
        elif self.path == "/greatest":
            self.begin(200, body=b"x" * 1000)
        elif self.path == "/announced":
            self.begin(200, ("Content-Length", "999999999"))
        else:
            self.begin(status, body=b"no")
        self.close_connection = True

    def redirect(self, onward: str) -> None:
        self.begin(302, ("Location", onward), ("Set-Cookie", "a=b"), body=b"")

    def begin(self, status: int, *headers: tuple[str, str], body: bytes | None = None) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if body:
            self.wfile.write(body)

    def pour(self, piece: bytes, pause: float = 0) -> None:
        """Until the other side has enough."""
        try:
            while not self.server.is_over.wait(pause) if pause else not self.server.is_over.is_set():
                self.wfile.write(piece)
                self.wfile.flush()
        except OSError:
            self.close_connection = True

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            pass

    def log_message(self, *arguments: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Site)
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.is_over = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def running_site(certificate: Path | None = None) -> Iterator[Server]:
    """Serves until the block is left; over TLS where there is a certificate with its key."""
    server = Server()
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
