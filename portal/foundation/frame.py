"""The frame of every page: the rail, the top bar, the person's look. On every page, so it makes no query of its own."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache, cached_property, partial
from typing import Any, Literal, TypeVar

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.foundation.avatars import avatar_html, photo_of
from portal.foundation.creation import CreationItem, allowed_creations
from portal.foundation.navigation import NavigationItem, allowed_navigation
from portal.foundation.skeletons import Skeleton, hole, skeleton

Value = TypeVar("Value")
Place = Literal["topbar", "banner", "person_menu"]
BOTTOM_PLACES = 4
MOST_SHOWN = 99
NEXT_THEME = {"system": "light", "light": "dark", "dark": "system"}

_slots: dict[str, list[tuple[int, str]]] = defaultdict(list)


def register_slot(place: Place, template_name: str, order: int = 100) -> None:
    """Put a template into the frame; it is included with the context of the page."""
    if (order, template_name) not in _slots[place]:
        _slots[place].append((order, template_name))
        _slots[place].sort()


def slot_templates(place: str) -> list[str]:
    return [template_name for _order, template_name in _slots.get(place, [])]


def as_kept(request: HttpRequest, name: str, count: Callable[[], Value], moved_by: Sequence[str] = ()) -> Value:
    """A number that stands on every page: as it is kept for this request (`portal.live.counts`), else counted."""
    kept = getattr(request, "kept_counts", None)
    return kept.get(name, count, moved_by) if kept is not None else count()


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    known = Frame(request)
    return {"frame": known, "csrf_token": SimpleLazyObject(lambda: known.token)}


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
    def token(self) -> str:
        """Against forged requests; one for all forms of the frame."""
        return get_token(self.request)

    @cached_property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @cached_property
    def language_tag(self) -> str:
        return "zh-CN" if self.language.startswith("zh") else self.language

    @cached_property
    def other_language(self) -> dict[str, str]:
        """The language that is offered instead."""
        if self.language.startswith("zh"):
            return {"code": "en", "tag": "en", "name": "English"}
        return {"code": "zh-hans", "tag": "zh-CN", "name": "中文"}

    @cached_property
    def theme(self) -> str:
        return str(getattr(self._preferences, "theme", "") or "system")

    @property
    def next_theme(self) -> str:
        return NEXT_THEME.get(self.theme, "light")

    @cached_property
    def density(self) -> str:
        return str(getattr(self._preferences, "density", "") or "comfortable")

    @cached_property
    def plant_name(self) -> str:
        environment = settings.ENVIRONMENT
        return str(environment.plant_name if self.language.startswith("zh") else environment.plant_name_en)

    @property
    def person(self) -> str:
        """Whose page this is, also while the site is viewed as someone else; empty for nobody."""
        user = getattr(self.request, "real_user", None) or self.user
        return str(user.pk) if user is not None and user.is_authenticated else ""

    @property
    def plant_mark(self) -> str:
        return str(settings.ENVIRONMENT.plant_mark)

    @property
    def search_url(self) -> str | None:
        return _reverse_or_none("search:search")

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
        return [{"url": url, "icon": icon, "label": label} for name, icon, label in entries if (url := _reverse_or_none(name))]

    @property
    def places(self) -> list[dict[str, Any]]:
        """The allowed places, in the order of the rail."""
        return [_place(item, self._badges.get(item.code, 0)) for item in self._allowed]

    @property
    def badges(self) -> dict[str, SafeString]:
        """What stands at places where things wait, by their codes, for a page that renews it; empty where nothing does."""
        return {code: _say_badge(count) for code, count in self._badges.items()}

    @property
    def creations(self) -> list[dict[str, str]]:
        """What this person may create."""
        return [{"label": str(item.label), "icon": item.icon, "url": _reverse_or_none(item.url_name) or ""} for item in self._creations]

    @property
    def rail(self) -> list[dict[str, Any]]:
        """The places with the lines between their groups, for the skeleton of the rail."""
        places = self.places
        return [place | {"starts_group": index > 0 and place["group"] != places[index - 1]["group"]} for index, place in enumerate(places)]

    @property
    def bottom_bar(self) -> list[dict[str, Any]]:
        """The first places, for the skeleton of the bar on narrow screens; "more" lists them all."""
        return self.places[:BOTTOM_PLACES]

    @property
    def more_hole(self) -> SafeString:
        return hole("current:more")

    @property
    def head(self) -> SafeString:
        """The fixed part of the document's head."""
        return self._skeleton("layouts/_head.html").fill({})

    def start(self, slots: dict[str, str]) -> SafeString:
        """The skip link, the rail and the top bar. `slots` are what modules put in, by place."""
        return self._skeleton("layouts/_start.html").fill(self._values | slots)

    def notes(self) -> SafeString:
        """What was just done, and that there is no connection."""
        toasts = "".join(f'<div class="toast {escape(message.level_tag)}"><p>{escape(message)}</p></div>' for message in self._messages)
        return self._skeleton("layouts/_notes.html").fill({"toasts": toasts})

    def end(self) -> SafeString:
        """The bar of narrow screens, the list of keys, the region for announcements."""
        return self._skeleton("layouts/_end.html").fill(self._values)

    def look(self) -> SafeString:
        """The form for the language, for pages without the frame."""
        return self._skeleton("layouts/_look.html").fill(self._values)

    def _skeleton(self, template_name: str) -> Skeleton:
        return skeleton(template_name, self._key, lambda: {"frame": self, "request": self.request})

    @cached_property
    def _key(self) -> tuple[Any, ...]:
        """All that the skeletons depend on."""
        places = tuple(item.code for item in self._allowed)
        return self.language, self.user is not None, places, tuple(item.url_name for item in self._creations)

    @cached_property
    def _values(self) -> dict[str, str]:
        """What the holes of the skeletons hold for this request."""
        path = self.request.path
        values = {
            "token": self.token,
            "next": escape(self.request.get_full_path()),
            "asked": escape(self.request.GET.get("q", "")) if path == self.search_url else "",
            "next_theme": self.next_theme,
            f"current:{self._current}": ' aria-current="page"',
        }
        if path == _reverse_or_none("foundation:places"):
            values["current:more"] = ' aria-current="page"'
        if self.user is not None:
            values |= {"name": escape(self.user.name), "number": escape(self.user.employee_number), "face": avatar_html(self.user.name, photo_of(self.user))}
        return values | {f"badge:{code}": said for code, said in self.badges.items() if said}

    @cached_property
    def _allowed(self) -> list[NavigationItem]:
        items = allowed_navigation(self.user) if self.user is not None else []
        return [item for item in items if _reverse_or_none(item.url_name)]

    @cached_property
    def _creations(self) -> list[CreationItem]:
        items = allowed_creations(self.user) if self.user is not None else []
        return [item for item in items if _reverse_or_none(item.url_name)]

    @property
    def _current(self) -> str:
        """The code of the place whose address is the longest beginning of this page's."""
        path = self.request.path
        best, length = "", 0
        for item in self._allowed:
            url = _reverse_or_none(item.url_name) or ""
            if len(url) > length and (path == url if url == "/" else path.startswith(url)):
                best, length = item.code, len(url)
        return best

    @cached_property
    def _badges(self) -> dict[str, int]:
        counters = [(item, partial(item.badge, self.request)) for item in self._allowed if item.badge is not None]
        return {item.code: as_kept(self.request, item.code, count, item.moved_by) for item, count in counters}

    @property
    def _messages(self) -> Any:
        return get_messages(self.request)

    @cached_property
    def _preferences(self) -> Any:
        return getattr(self.request, "preferences", None)


def _place(item: NavigationItem, badge: int) -> dict[str, Any]:
    return {
        "code": item.code,
        "label": str(item.label),
        "icon": item.icon,
        "url": _reverse_or_none(item.url_name),
        "key": item.key,
        "group": item.group,
        "badge": badge,
        "badge_place": _badge_place(item),
        "current_hole": hole(f"current:{item.code}"),
    }


def _say_badge(count: int) -> SafeString:
    return format_html('<small class="badge">{}</small>', count if count <= MOST_SHOWN else f"{MOST_SHOWN}+") if count else SafeString("")


def _badge_place(item: NavigationItem) -> SafeString:
    """Where its number stands, by a name under which a page that is open can renew it."""
    return format_html('<span data-badge="{}">{}</span>', item.code, hole(f"badge:{item.code}")) if item.badge is not None else SafeString("")


@cache
def _reverse_or_none(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
