"""A server of feeds on the loopback, whose paths behave as tests say."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["FeedSite"], None]


class FeedSite(BaseHTTPRequestHandler):
    server: "FeedServer"

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path)
        if isinstance(answer, int) or answer is None:
            self.send_error(answer or 404)
        elif isinstance(answer, bytes):
            self.give(answer)
        else:
            answer(self)

    def give(self, body: bytes, **headers: str) -> None:
        tag = f'"{hash(body)}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", tag)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


class FeedServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), FeedSite)
        self.answers: dict[str, bytes | int | Answer] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.is_over = threading.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


def hanging(site: FeedSite) -> None:
    """Says nothing until the test is over."""
    site.server.is_over.wait(30)


def pouring(site: FeedSite) -> None:
    """More than anyone wants."""
    site.send_response(200)
    site.end_headers()
    try:
        while not site.server.is_over.is_set():
            site.wfile.write(b"x" * 65536)
    except OSError:
        pass


def redirecting(place: str) -> Answer:
    def answer(site: FeedSite) -> None:
        site.send_response(302)
        site.send_header("Location", place)
        site.end_headers()

    return answer


def rss(*items: tuple[str, str], prolog: str = "") -> bytes:
    """Items as (title, link)."""
    inner = "".join(f"<item><title>{title}</title><link>{link}</link><description>{title}的摘要</description></item>" for title, link in items)
    return f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<rss version="2.0"><channel><title>要闻</title>{inner}</channel></rss>'.encode()


@contextmanager
def running_feeds() -> Iterator[FeedServer]:
    server = FeedServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
