"""Notes where a request comes from, for the record."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.audit.origin import Origin, current_origin


class OriginMiddleware:
    """Behind `PORTAL_TRUSTED_PROXIES` proxies the address is the one that the outermost of them saw; else a forwarded header is ignored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = current_origin.set(
            Origin(
                address=client_address(request),
                agent=request.headers.get("User-Agent", "")[:200],
                request_id=secrets.token_hex(8),
            )
        )
        try:
            return self.get_response(request)
        finally:
            current_origin.reset(token)


def client_address(request: HttpRequest) -> str | None:
    """The client's address; `X-Forwarded-For` counts only as far as the trusted proxies wrote it."""
    trusted = settings.ENVIRONMENT.trusted_proxies
    if trusted:
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(forwarded) >= trusted:
            return forwarded[-trusted]
    return request.META.get("REMOTE_ADDR") or None
