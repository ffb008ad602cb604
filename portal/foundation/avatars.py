"""Faces: a photo, or the initials on a colour that belongs to the name."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zlib import crc32

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

HUES = 12

_sources: list[Callable[[Any], str | None]] = []
_pages: list[Callable[[Any], str | None]] = []


def register_photo(source: Callable[[Any], str | None]) -> None:
    """Say where the photo of the person of a request is; without a query, for it is on every page."""
    _sources.append(source)


def register_page(source: Callable[[Any], str | None]) -> None:
    """Say where a person's own page is; without a query."""
    _pages.append(source)


def page_of(user: Any) -> str | None:
    """The address of the person's own page, where there is one."""
    return next((url for source in _pages if (url := source(user))), None)


def photo_of(user: Any) -> str | None:
    """The address of the person's photo, where there is one."""
    return next((url for source in _sources if (url := source(user))), None)


@lru_cache(maxsize=4096)
def avatar_html(name: str, photo_url: str | None = None, size: str = "") -> SafeString:
    """`size` is "" or "large". It is decoration beside the name, so it has no text of its own for a screen reader."""
    extra = f" {escape(size)}" if size else ""
    if photo_url:
        return mark_safe(f'<img class="face{extra}" src="{escape(photo_url)}" alt="" loading="lazy" width="28" height="28">')
    hue = crc32(name.encode()) % HUES
    return mark_safe(f'<span class="face{extra}" data-hue="{hue}" aria-hidden="true">{escape(initials(name))}</span>')


def initials(name: str) -> str:
    """The surname's character of a Chinese name, else up to two first letters."""
    words = name.split()
    if not words:
        return "?"
    if "\u3400" <= name.strip()[0] <= "\u9fff":
        return name.strip()[0]
    return "".join(word[0] for word in words[:2]).upper()
