"""The addresses of an import, for the table of the module that declares it."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from portal.access.decorators import capability_required
from portal.imports import names, views
from portal.imports.definition import importer_of

Page = Callable[..., HttpResponseBase]


def importer_urls(code: str, name: str = "import") -> list[URLPattern]:
    """For `include`: the names are `<name>_list`, `_create`, `_detail` and so on. Whoever does not hold the capability is refused before anything is asked."""
    importer = importer_of(code)

    def guarded(view: Page, *methods: str) -> Page:
        @wraps(view)
        def bound(request: HttpRequest, **kwargs: int) -> HttpResponseBase:
            return view(request, importer, **kwargs)

        # The method first: whoever only looks at what is to be sent is told that there is nothing to see, before anything is asked of who they are.
        allowed: Page = require_http_methods(methods)(capability_required(importer.capability)(bound))
        return allowed

    def page(view: Page) -> Page:
        return guarded(view, "GET", "HEAD")

    def act(view: Page) -> Page:
        return guarded(view, "POST")

    return [
        path("", page(views.import_list), name=f"{name}_list"),
        path("new/", guarded(views.import_create, "GET", "HEAD", "POST"), name=f"{name}_create"),
        path("template/", page(views.import_template), name=f"{name}_template"),
        path("<int:pk>/", page(views.import_detail), name=f"{name}_detail"),
        path("<int:pk>/columns/", act(views.import_columns), name=f"{name}_columns"),
        path("<int:pk>/names/", act(names.import_names), name=f"{name}_names"),
        path("<int:pk>/refused/", page(views.import_refused), name=f"{name}_refused"),
        path("<int:pk>/confirmation/", act(views.import_confirmation), name=f"{name}_confirmation"),
        path("<int:pk>/repetition/", act(views.import_repetition), name=f"{name}_repetition"),
        path("<int:pk>/progress/", page(views.import_progress), name=f"{name}_progress"),
    ]
