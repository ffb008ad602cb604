"""Telling the page, and the browser's content policy, where sockets are."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port


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


def socket_url(request: HttpRequest) -> str:
    """`/live/` where pages and sockets share a port, else the address on the sockets' own port."""
    if not settings.SOCKET_PORT:
        return settings.SOCKET_PATH
    host, _port = split_domain_port(request.get_host())
    return f"{'wss' if request.is_secure() else 'ws'}://{host}:{settings.SOCKET_PORT}{settings.SOCKET_PATH}"
