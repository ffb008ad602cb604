"""What every page of the customers' site needs to know. No query of its own."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

NEXT_THEME = {"system": "light", "light": "dark", "dark": "system"}
PLACES = (
    ("home", "house", lambda: _("Home")),
    ("products", "package", lambda: _("Products")),
    ("order", "shopping-cart", lambda: pgettext("by oneself", "Order")),
    ("orders", "receipt-text", lambda: _("Orders")),
    ("readings", "book-open", lambda: pgettext("what customers read", "News")),
    ("service", "message-circle-question-mark", lambda: _("Help")),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    is_chinese = (get_language() or settings.LANGUAGE_CODE).startswith("zh")
    environment, look = settings.ENVIRONMENT, getattr(request, "look", None)
    theme = look.theme if look is not None else "system"
    account = getattr(request, "account", None)
    return {
        "account": account,
        "plant_name": environment.plant_name if is_chinese else environment.plant_name_en,
        "plant_mark": environment.plant_mark,
        "language_tag": "zh-CN" if is_chinese else "en",
        "other_language": {"code": "en", "tag": "en", "name": "English"} if is_chinese else {"code": "zh-hans", "tag": "zh-CN", "name": "中文"},
        "theme": theme,
        "next_theme": NEXT_THEME[theme],
        "places": [_place(request, *place) for place in PLACES] if account is not None else [],
    }


def _place(request: HttpRequest, name: str, icon: str, label: Any) -> dict[str, Any]:
    url = reverse(f"extranet:{name}")
    here = request.path == url if url in ("/", reverse("extranet:order")) else request.path.startswith(url)
    return {"url": url, "icon": icon, "label": label(), "here": here}
