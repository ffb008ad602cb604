"""The frame of every page: the rail, the top bar, the person's look. On every page, so it makes no query of its own."""

from collections import defaultdict
from functools import cache, cached_property
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.foundation.creation import CreationItem, allowed_creations
from portal.foundation.icons import icon_svg
from portal.foundation.navigation import NavigationItem, allowed_navigation

Place = Literal["topbar", "banner", "person_menu"]
BOTTOM_PLACES = 4
MOST_SHOWN = 99

_slots: dict[str, list[tuple[int, str]]] = defaultdict(list)


def register_slot(place: Place, template_name: str, order: int = 100) -> None:
    """Put a template into the frame; it is included with the context of the page."""
    if (order, template_name) not in _slots[place]:
        _slots[place].append((order, template_name))
        _slots[place].sort()


def slot_templates(place: str) -> list[str]:
    return [template_name for _order, template_name in _slots.get(place, [])]


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {"frame": Frame(request)}


class Frame:
    """What the layouts need to know; each part is made when it is first asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def user(self) -> Any:
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @property
    def layout(self) -> str:
        """For pages that are shown to anyone: the frame where someone is signed in."""
        return "layouts/page.html" if self.user is not None else "layouts/plain.html"

    @cached_property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def language_tag(self) -> str:
        return "zh-CN" if self.language.startswith("zh") else self.language

    @property
    def other_language(self) -> str:
        return "en" if self.language.startswith("zh") else "zh-hans"

    @property
    def theme(self) -> str:
        return str(getattr(self._preferences, "theme", "system") or "system")

    @property
    def next_theme(self) -> str:
        return {"light": "dark", "dark": "system"}.get(self.theme, "light")

    @property
    def theme_icon(self) -> SafeString:
        return icon_svg({"light": "sun", "dark": "moon"}.get(self.theme, "monitor"))

    @property
    def density(self) -> str:
        return str(getattr(self._preferences, "density", "comfortable") or "comfortable")

    @property
    def plant_name(self) -> str:
        environment = settings.ENVIRONMENT
        return str(environment.plant_name if self.language.startswith("zh") else environment.plant_name_en)

    @property
    def plant_mark(self) -> str:
        return str(settings.ENVIRONMENT.plant_mark)

    @property
    def is_debug(self) -> bool:
        return bool(settings.DEBUG)

    @property
    def search_url(self) -> str | None:
        return _reverse_or_none("search:search") or _reverse_or_none("organization:person_list")

    @property
    def preference_url(self) -> str | None:
        """Where language and theme are changed."""
        return _reverse_or_none("accounts:preference_change")

    @property
    def sign_out_url(self) -> str | None:
        return _reverse_or_none("account_logout")

    @property
    def person_links(self) -> list[dict[str, Any]]:
        """The fixed entries of the person's menu."""
        entries = (("accounts:preferences", "settings-2", _("Preferences")), ("accounts:session_list", "monitor-smartphone", _("Sign-ins")))
        return [{"url": url, "icon": icon_svg(icon), "label": label} for name, icon, label in entries if (url := _reverse_or_none(name))]

    @cached_property
    def navigation(self) -> SafeString:
        """The items of the rail, as list items."""
        parts = []
        group = None
        for item in self._allowed:
            if group is not None and item.group != group:
                parts.append('<li class="rule" aria-hidden="true"></li>')
            group = item.group
            parts.append(self._place(item))
        return mark_safe("".join(parts))  # noqa: S308  # every part is escaped

    @cached_property
    def bottom_bar(self) -> SafeString:
        """The first places and "more", which lists them all."""
        parts = [self._place(item) for item in self._allowed[:BOTTOM_PLACES]]
        more = _reverse_or_none("foundation:places")
        if more:
            current = ' aria-current="page"' if self.request.path == more else ""
            parts.append(f'<li><a href="{more}"{current}>{icon_svg("menu")}<span>{escape(_("More"))}</span></a></li>')
        return mark_safe("".join(parts))  # noqa: S308  # every part is escaped

    @cached_property
    def places(self) -> list[dict[str, Any]]:
        """The allowed places, for lists of them."""
        return [
            {"label": str(item.label), "icon": item.icon, "url": url, "key": item.key, "group": item.group, "badge": self._badge(item)}
            for item in self._allowed
            if (url := _reverse_or_none(item.url_name))
        ]

    @cached_property
    def creations(self) -> list[dict[str, str]]:
        """What this person may create."""
        if self.user is None:
            return []
        return [_creation(item, url) for item in allowed_creations(self.user) if (url := _reverse_or_none(item.url_name))]

    @cached_property
    def _allowed(self) -> list[NavigationItem]:
        return allowed_navigation(self.user) if self.user is not None else []

    @cached_property
    def _current(self) -> str:
        """The code of the place whose address is the longest beginning of this page's."""
        path = self.request.path
        best, length = "", 0
        for item in self._allowed:
            url = _reverse_or_none(item.url_name)
            if url and len(url) > length and (path == url if url == "/" else path.startswith(url)):
                best, length = item.code, len(url)
        return best

    @cached_property
    def _badges(self) -> dict[str, int]:
        return {item.code: item.badge(self.request) for item in self._allowed if item.badge is not None}

    def _badge(self, item: NavigationItem) -> int:
        return self._badges.get(item.code, 0)

    def _place(self, item: NavigationItem) -> str:
        start, end = _place_html(item.code, item.url_name, item.icon, str(item.label), item.key)
        if not start:
            return ""
        current = ' aria-current="page"' if item.code == self._current else ""
        count = self._badge(item)
        badge = f'<small class="badge">{count if count <= MOST_SHOWN else f"{MOST_SHOWN}+"}</small>' if count else ""
        return f"{start}{current}{end}{badge}</a></li>"

    @cached_property
    def _preferences(self) -> Any:
        return getattr(self.request, "preferences", None)


def _creation(item: CreationItem, url: str) -> dict[str, str]:
    return {"label": str(item.label), "icon": item.icon, "url": url}


@cache
def _place_html(code: str, url_name: str, icon: str, label: str, key: str) -> tuple[str, str]:
    """What stands before and after `aria-current` in a place's link; the same for everyone who reads this language."""
    url = _reverse_or_none(url_name)
    if url is None:
        return "", ""
    hint = f' data-key="{escape(key)}"' if key else ""
    return f'<li><a href="{escape(url)}" data-place="{escape(code)}"{hint}', f">{icon_svg(icon)}<span>{escape(label)}</span>"


@cache
def _reverse_or_none(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
