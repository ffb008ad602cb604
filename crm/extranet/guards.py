"""Who may open a page of the customers' site, and how often a stranger may look a product up."""

import time
from collections import deque
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.audit.middleware import client_address

View = Callable[..., HttpResponseBase]
LOOKS, WITHIN = 30, 60.0
MOST_ADDRESSES = 10_000


def account_required(view: View) -> View:
    """Signed in on this site; else to the sign-in, and back to the page that was asked for."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.account is None:
            asked = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
            return redirect(f"{reverse('extranet:sign_in')}?{urlencode({'next': asked})}")
        return view(request, *args, **kwargs)

    return guarded


class Looks:
    """How often strangers looked, by address; in this process alone, for looking writes nothing."""

    def __init__(self) -> None:
        self.seen: dict[str, deque[float]] = {}
        self.lock = Lock()

    def may_look(self, address: str) -> bool:
        now = time.monotonic()
        with self.lock:
            if address not in self.seen and len(self.seen) >= MOST_ADDRESSES:
                self.seen.clear()
            times = self.seen.setdefault(address, deque())
            while times and times[0] <= now - WITHIN:
                times.popleft()
            if len(times) >= LOOKS:
                return False
            times.append(now)
            return True


strangers = Looks()


def too_many_looks(request: Any, sentence: str) -> HttpResponse | None:
    """The answer to a stranger who looks too often; None where they may, and for everybody who is signed in."""
    if request.account is not None or strangers.may_look(client_address(request) or ""):
        return None
    response = render(request, "sentence.html", {"heading": _("One moment"), "sentence": sentence, "is_entry": True}, status=429)
    response["Retry-After"] = "60"
    return response
