"""The person of a request: language and look, sessions on shared machines, what is owed first."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.obligations import owed_obligation
from portal.foundation.resolving import module_of

OPEN_MODULES = ("allauth.", "portal.accounts.")
COOKIE_PREFIX = "gongfang_"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
SLIDE_AFTER = 30
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
MARK = re.compile(r"[0-9a-z]{1,40}")


@dataclass(frozen=True, slots=True)
class CurrentPreferences:
    """How this request is shown: what the person stored, else what this browser chose, else the plant's."""

    language: str
    theme: str
    density: str
    start_page: str = ""


class PersonMiddleware:
    """Sets `request.preferences` and the language; keeps pages out of shared caches (S13)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.user = get_user(request)  # every page asks for the person, and a person answers quicker than one who is yet to be loaded
        request.preferences = preferences_of(request)
        translation.activate(request.preferences.language)
        request.LANGUAGE_CODE = request.preferences.language
        is_shared = bool(request.session.get("shared_machine")) and request.user.is_authenticated
        if is_shared:
            _slide(request.session)
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if not was_signed_in and _asks_to_sign_in(response) and (request.headers.get("HX-Request") or request.method not in SAFE_METHODS):
            response = _back_to_the_page(request)
        if was_signed_in:
            _say_it_has_arrived(request, response)
        response.headers.setdefault("Content-Language", request.preferences.language)
        response.headers.setdefault("Cache-Control", "no-store" if is_shared else "private, no-cache")
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or module_of(view).startswith(OPEN_MODULES):
            return None
        obligation = owed_obligation(request)
        if obligation is None:
            return None
        request.is_held = True
        # Said once, to whoever opens a page; what a page asks for by itself would say it again.
        if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
            messages.warning(request, str(obligation.sentence))
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse(obligation.url_name)})
        return redirect(obligation.url_name)


def preferences_of(request: Any) -> CurrentPreferences:
    """Values that are not on the list, from a cookie that was tampered with or an older release, count as unset."""
    stored = getattr(request.user, "stored_preferences", None)
    languages = {code for code, _name in settings.LANGUAGES}

    def chosen(name: str, allowed: set[str], default: str) -> str:
        value = getattr(stored, name, "") or request.COOKIES.get(COOKIE_PREFIX + name, "")
        return value if value in allowed else default

    return CurrentPreferences(
        language=chosen("language", languages, settings.LANGUAGE_CODE),
        theme=chosen("theme", {"system", "light", "dark"}, "system"),
        density=chosen("density", {"comfortable", "compact"}, "comfortable"),
        start_page=getattr(stored, "start_page", ""),
    )


def _asks_to_sign_in(response: HttpResponse) -> bool:
    """And would come back then; who has just signed out is led there too, and has missed nothing."""
    return response.status_code == 302 and response.headers["Location"].startswith(f"{reverse('account_login')}?next=")


def _back_to_the_page(request: Any) -> HttpResponse:
    """After the session has ended: the whole page goes to sign in, not the form into a part of it; and then to the page, not to what it sent."""
    is_pressed = request.headers.get("HX-Request") or request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"  # what saves by itself asks otherwise
    if request.method not in SAFE_METHODS and is_pressed:
        messages.warning(request, _("You were signed out, and what you pressed was not done. Sign in and press it again."))
    address = f"{reverse('account_login')}?{urlencode({'next': _page_path(request)})}"
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if request.headers.get("HX-Request") else redirect(address)


def _page_path(request: Any) -> str:
    """The page of this portal that asked; the front page where no browser said so."""
    try:
        parts = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    except ValueError:
        return "/"
    if parts.netloc != request.get_host():
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


def _say_it_has_arrived(request: Any, response: HttpResponse) -> None:
    """A form that was sent with a mark, and was not refused, is forgotten by the tab that kept what was typed (`draft.js`)."""
    if request.method != "POST" or request.content_type not in FORMS or response.status_code >= 400 or getattr(request, "is_held", False):
        return
    mark = request.POST.get("_sent", "")
    if MARK.fullmatch(mark):
        response.set_cookie(f"{COOKIE_PREFIX}arrived", mark, max_age=300, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")


def _slide(session: Any) -> None:
    """A shared machine signs out after some minutes without use; the end is moved at most twice a minute."""
    now = int(time.time())
    if now - session.get("seen_at", 0) >= SLIDE_AFTER:
        session["seen_at"] = now
        session.set_expiry(settings.ENVIRONMENT.shared_session_minutes * 60)
