"""Which pages may open a socket: those of this very site (S34)."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

DEFAULT_PORTS = {"http": 80, "https": 443}


def is_own_origin(scope: dict[str, Any]) -> bool:
    """True when the page comes from the host that was called, on the page's port. A client without an origin is no browser: refused."""
    headers = dict(scope.get("headers", []))
    origin = urlsplit(headers.get(b"origin", b"").decode("latin1"))
    host, socket_port = split_domain_port(headers.get(b"host", b"").decode("latin1"))
    if origin.scheme not in DEFAULT_PORTS or not host or not validate_host(host, settings.ALLOWED_HOSTS):
        return False
    try:
        origin_port = origin.port or DEFAULT_PORTS[origin.scheme]
    except ValueError:
        return False
    own_ports = {int(socket_port)} if socket_port else set(DEFAULT_PORTS.values())
    if settings.SOCKET_PORT:
        own_ports = {settings.ENVIRONMENT.port}
    return _plain(origin.hostname or "") == _plain(host) and origin_port in own_ports


def _plain(host: str) -> str:
    return host.strip("[]").lower()
