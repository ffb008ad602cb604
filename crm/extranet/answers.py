"""What the customers' site answers where nothing else does. What is another's is answered as what never was."""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.runtime.outages import is_database_away, is_disk_full


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    sentence = _("The address is wrong, or what was here is not there any more.")
    return render(request, "sentence.html", {"heading": _("There is nothing here"), "sentence": sentence}, status=404)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "sentence.html", {"heading": _("You may not open this"), "sentence": str(exception or "")}, status=403)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(
            request, "sentence.html", {"heading": _("Too large"), "sentence": _("What you sent is larger than is taken here. Send less.")}, status=413
        )
    return render(request, "sentence.html", {"heading": _("This cannot be read"), "sentence": _("Go back, load the page again and retry.")}, status=400)


def failure(request: HttpRequest) -> HttpResponse:
    """Needs neither a person nor a query: in both languages."""
    error = sys.exc_info()[1]
    status = 507 if is_disk_full(error) else 503 if is_database_away(error) else 500
    response = HttpResponse(render_to_string("500.html"), status=status)
    response["Cache-Control"] = "no-store"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = _("This page was open for too long, or you signed out elsewhere. Go back, load it again and retry.")
    return render(request, "sentence.html", {"heading": _("The page has expired"), "sentence": sentence}, status=403)
