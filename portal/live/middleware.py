"""Telling the page, and the browser's content policy, where sockets are. What is kept of the numbers of the frame, and forgetting it after an act."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from portal.live.counts import Kept, forget_people, read_kept

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
NOT_KEPT = "gongfang_not_kept"  # a cookie: Valkey could not be told of an act, so that for this browser nothing is taken from it for a while


class SocketMiddleware:
    """Sets `request.socket_url`, and allows exactly this address in the Content-Security-Policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.socket_url = socket_url(request)
        response = self.get_response(request)
        if request.socket_url.startswith("ws"):
            response._csp_update = {"connect-src": [request.socket_url.rsplit("/live/", 1)[0]]}  # type: ignore[attr-defined]
        return response


class CountsMiddleware:
    """Sets `request.kept_counts`. After what may be an act of the person, and before it is answered, theirs are forgotten."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        kept = request.kept_counts = _kept_for(request)
        response = self.get_response(request)
        if kept is not None:
            kept.write()
        if request.method not in SAFE_METHODS and request.user.is_authenticated and not forget_people([request.user.pk]):
            response.set_cookie(NOT_KEPT, "1", max_age=settings.COUNTS_SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
        return response


def _kept_for(request: Any) -> Kept | None:
    """For whole pages. What an open page asks for when it is rung is counted, and so is what an administrator sees as someone else."""
    is_page = request.method == "GET" and not request.headers.get("HX-Request") and request.headers.get("Sec-Fetch-Dest", "document") == "document"
    if not is_page or not request.user.is_authenticated or request.view_as is not None or NOT_KEPT in request.COOKIES:
        return None
    return read_kept(request.user.pk)


def socket_url(request: HttpRequest) -> str:
    """`/live/` where pages and sockets share a port, else the address on the sockets' own port."""
    if not settings.SOCKET_PORT:
        return settings.SOCKET_PATH
    host, _port = split_domain_port(request.get_host())
    return f"{'wss' if request.is_secure() else 'ws'}://{host}:{settings.SOCKET_PORT}{settings.SOCKET_PATH}"
