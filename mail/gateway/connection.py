"""Whether and how the plant is connected: what the settings say."""

import hmac
from functools import cache
from ipaddress import ip_address, ip_network
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

MEGABYTE = 10**6
SALT = "mail.gateway.bounce"
BOUNCE = "bounce+"


def takes_in() -> bool:
    return bool(settings.ENVIRONMENT.mail_listen)


def sends_out() -> bool:
    return bool(settings.ENVIRONMENT.mail_smarthost)


def greatest() -> int:
    return int(settings.ENVIRONMENT.mail_greatest_mb) * MEGABYTE


def domain() -> str:
    return str(settings.ENVIRONMENT.mail_domain).lower()


def is_ours(name: str) -> bool:
    """Whether a domain is the plant's, or below it."""
    name = name.lower().rstrip(".")
    return name == domain() or name.endswith(f".{domain()}")


def listening() -> tuple[str, int]:
    host, _colon, port = settings.ENVIRONMENT.mail_listen.rpartition(":")
    return host.strip("[]"), int(port)


def is_device(peer: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in _networks(settings.ENVIRONMENT.mail_devices))


@cache
def _networks(written: str) -> tuple:
    return tuple(ip_network(part.strip()) for part in written.split(",") if part.strip())


def smarthost() -> tuple[str, str, int, str, str]:
    """Scheme, host, port, name and password."""
    parts = urlsplit(settings.ENVIRONMENT.mail_smarthost)
    usual = {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme]
    return parts.scheme, parts.hostname or "localhost", parts.port or usual, unquote(parts.username or ""), unquote(parts.password or "")


def bounce_address(outbound_id: int) -> str:
    """Where other servers send what they have to say of a delivery; nobody else can make one."""
    return f"{BOUNCE}{outbound_id}-{_token(outbound_id)}@{domain()}"


def outbound_of(local: str) -> int | None:
    """The delivery that a bounce address is of; None where its token is not ours."""
    number, _dash, token = local.lower().removeprefix(BOUNCE).partition("-")
    if not local.lower().startswith(BOUNCE) or not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    return int(number) if token.isascii() and hmac.compare_digest(token, _token(int(number))) else None


def _token(outbound_id: int) -> str:
    return salted_hmac(SALT, str(outbound_id), algorithm="sha256").hexdigest()[:20]
