"""No body of a stranger fills the disk, and none is larger than a file may be (S23)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import bad_request

STRANGER = 8 * 2**20
SLACK = 64 * 2**20  # the other fields of the form, and several small files


class BodyLimitMiddleware:
    """Answers 413 by the length that the request gives, before anything of its body is read. A body without a length is not read at all."""

    def __init__(self, get_response: Callable[[Any], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length <= STRANGER:
            return self.get_response(request)
        greatest = settings.ENVIRONMENT.greatest_file_mb * 10**6 + SLACK
        if request.user.is_authenticated and length <= greatest:
            return self.get_response(request)
        response = _too_much()
        response["Connection"] = "close"
        return response


def answer_bad_request(request: Any, exception: Exception) -> HttpResponse:
    """The last answer to what cannot be read; of what is too much it says so."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _too_much()
    return bad_request(request, exception)


def _too_much() -> HttpResponse:
    sentence = _("What you sent is larger than is taken here. Nothing of it was kept; send less at a time.")
    return HttpResponse(render_to_string("runtime/outage.html", {"sentence": sentence, "status": 413}), status=413)
