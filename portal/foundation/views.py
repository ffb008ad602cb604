"""Pages of the frame itself: all places, the style guide, the mark, the manifest, robots."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.foundation.styleguide import Look, styleguide_context

ACCENT = "#2b5d3b"
PAPER = "#f6f6f2"


@require_safe
@login_required
def places(request: HttpRequest) -> HttpResponse:
    """Everything that this person may use, for narrow screens and for those who would rather read a page than a menu."""
    return render(request, "foundation/places.html")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for developers: only in debug, or for administrators."""
    if not (settings.DEBUG or getattr(request.user, "is_superuser", False)):
        raise Http404
    look = Look.asked(request)
    request.preferences = look  # type: ignore[attr-defined]  # for this page only
    with translation.override(look.language):
        return render(request, "foundation/styleguide.html", styleguide_context(request) | {"look": look})


@require_safe
@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponse:
    """The plant's mark, drawn."""
    mark = settings.ENVIRONMENT.plant_mark
    size = 18 if len(mark) == 1 else 13
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="{ACCENT}"/>'
        f'<text x="16" y="22.5" text-anchor="middle" font-family="system-ui,sans-serif" font-weight="600" font-size="{size}" fill="#fff">'
        f"{escape(mark)}</text></svg>"
    )
    return HttpResponse(drawing, content_type="image/svg+xml")


@require_safe
@cache_control(public=True, max_age=86400)
def manifest(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        {
            "name": settings.ENVIRONMENT.plant_name,
            "short_name": settings.ENVIRONMENT.plant_name[:6],
            "start_url": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": ACCENT,
            "icons": [{"src": reverse("foundation:favicon"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
@cache_control(public=True, max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    """An intranet is in no index."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
