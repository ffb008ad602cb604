"""The addresses of an import, for the table of the module that declares it."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from portal.access.decorators import capability_required
from portal.imports import names, views
from portal.imports.definition import importer_of

Page = Callable[..., HttpResponseBase]


def importer_urls(code: str, name: str = "import") -> list[URLPattern]:
    """For `include`: the names are `<name>_list`, `_create`, `_detail` and so on. Whoever does not hold the capability is refused before anything is asked."""
    importer = importer_of(code)

    def page(view: Page) -> Page:
        @wraps(view)
        def bound(request: HttpRequest, **kwargs: int) -> HttpResponseBase:
            return view(request, importer, **kwargs)

        return capability_required(importer.capability)(bound)

    return [
        path("", page(views.import_list), name=f"{name}_list"),
        path("new/", page(views.import_create), name=f"{name}_create"),
        path("template/", page(views.import_template), name=f"{name}_template"),
        path("<int:pk>/", page(views.import_detail), name=f"{name}_detail"),
        path("<int:pk>/columns/", page(views.import_columns), name=f"{name}_columns"),
        path("<int:pk>/names/", page(names.import_names), name=f"{name}_names"),
        path("<int:pk>/refused/", page(views.import_refused), name=f"{name}_refused"),
        path("<int:pk>/confirmation/", page(views.import_confirmation), name=f"{name}_confirmation"),
        path("<int:pk>/repetition/", page(views.import_repetition), name=f"{name}_repetition"),
        path("<int:pk>/progress/", page(views.import_progress), name=f"{name}_progress"),
    ]
