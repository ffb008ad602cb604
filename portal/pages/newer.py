"""A line for a page that has been open since a version: there is a later one, or it was taken away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.foundation.asking import read_number


def say_newer(request: HttpRequest, page: Any) -> HttpResponse:
    """The answer to `templates/pages/_listening.html`. Nothing where the page is what it was; whether this person may know of it is the caller's question."""
    seen = read_number(request.GET, "version")
    if not seen or (page.retracted_at is None and page.version_number <= seen):
        return HttpResponse(status=204)
    return render(request, "pages/_newer.html", {"page": page})
