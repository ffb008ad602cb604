"""Who a request of the customers' site is from. No page of it is kept by any cache, and no large body is read (S13, S23)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from crm.extranet.models import Account
from crm.extranet.services.signing_in import note_seen, signed_in_by

PREFIX = "gongfang_customers_"
THEMES = ("system", "light", "dark")
STRANGER = 64 * 2**10
LARGEST = 130 * 2**20  # six files of the largest that is taken, and the form


class SaidStorage(CookieStorage):
    """What was just done, in a cookie of this site's own."""

    cookie_name = f"{PREFIX}said"


@dataclass(frozen=True, slots=True)
class Look:
    language: str
    theme: str


class CustomerMiddleware:
    """Sets `request.account` (None for a stranger), `request.sign_in`, `request.user` and `request.look`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.look = look_of(request)
        translation.activate(request.look.language)
        request.LANGUAGE_CODE = request.look.language
        request.sign_in = signed_in_by(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
        request.account = account_of(request.sign_in)
        request.user = request.account.user if request.account is not None else AnonymousUser()
        response = self._limited(request)
        if request.sign_in is not None:
            note_seen(request.sign_in)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers.setdefault("Content-Language", request.look.language)
        patch_vary_headers(response, ("Cookie",))
        return response

    def _limited(self, request: Any) -> HttpResponse:
        """What is too long is answered by its length, before anything of it is read or kept."""
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length <= (LARGEST if request.account is not None else STRANGER):
            return self.get_response(request)
        sentence = _("What you sent is larger than is taken here. Nothing of it was kept. Send at most six pictures or films of 20 MB each.")
        response = render(request, "sentence.html", {"heading": _("Too large"), "sentence": sentence}, status=413)
        response["Connection"] = "close"
        return response


def account_of(sign_in: Any) -> Account | None:
    """With the file that stands today in place of one that was merged since."""
    if sign_in is None:
        return None
    account: Account = sign_in.account
    account.customer = account.customer.root
    return account


def look_of(request: Any) -> Look:
    """What is in no list counts as unset."""
    language, theme = request.COOKIES.get(f"{PREFIX}language", ""), request.COOKIES.get(f"{PREFIX}theme", "")
    known = {code for code, _name in settings.LANGUAGES}
    return Look(language if language in known else settings.LANGUAGE_CODE, theme if theme in THEMES else "system")
