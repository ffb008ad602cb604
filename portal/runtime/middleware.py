"""Health for operators, answered before anything else is touched."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import override

from portal.runtime.health import report


class HealthMiddleware:
    """GET /healthz: this process lives (no database is asked). GET /readyz: each thing that pages need, with its state."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz" and request.method in {"GET", "HEAD"}:
            return _fresh(HttpResponse("ok\n", content_type="text/plain"))
        if request.path == "/readyz" and request.method in {"GET", "HEAD"}:
            with override("en"):
                status, body = report()
            return _fresh(JsonResponse(body, status=status, json_dumps_params={"indent": 1, "ensure_ascii": False}))
        return self.get_response(request)


class LifeMiddleware:
    """GET /healthz alone, for a site that strangers reach: what it needs is nobody's business there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz" and request.method in {"GET", "HEAD"}:
            return _fresh(HttpResponse("ok\n", content_type="text/plain"))
        return self.get_response(request)


def _fresh(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
