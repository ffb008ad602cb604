"""Tokens of sign-ins and invitations. The database keeps digests alone."""

import hashlib
import hmac
import secrets

from django.conf import settings


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_token(nonce: str) -> str:
    """What stands in the link: whoever has the database alone cannot make it, and whoever invited can be shown it again."""
    return _keyed("extranet.invitation", nonce)


def thing_key(kind: str, pk: int) -> str:
    """What stands for a thing in an address of the customers' site, where no number tells how many there are."""
    return _keyed(f"extranet.{kind}", str(pk))[:24]


def _keyed(purpose: str, text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()
