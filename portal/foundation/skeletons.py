"""Parts of the frame that are drawn once and filled for each request, because they are on every page.

A skeleton is a template rendered with holes where something belongs to the request (a token, a name, a count).
"""

import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

HOLE = re.compile("\x00([\\w:.-]+)\x00")
MOST_SKELETONS = 2_000


def hole(name: str) -> SafeString:
    """Where a value of the request will stand. Who fills it escapes it."""
    return mark_safe(f"\x00{name}\x00")


class Holes:
    """For templates: `{{ holes.name }}`."""

    def __getitem__(self, name: str) -> SafeString:
        return hole(name)


class Skeleton:
    """A text with holes."""

    def __init__(self, text: str) -> None:
        self.parts = HOLE.split(text)
        self.names = self.parts[1::2]

    def fill(self, values: Mapping[str, str]) -> SafeString:
        """The text with these values, which are HTML already; a hole without a value is empty."""
        parts = self.parts.copy()
        parts[1::2] = [values.get(name, "") for name in self.names]
        return mark_safe("".join(parts))


_skeletons: dict[Hashable, Skeleton] = {}


def skeleton(template_name: str, key: Hashable, context: Callable[[], dict[str, Any]]) -> Skeleton:
    """The template's skeleton for this key, drawn when it is first asked for; in debug always anew."""
    known = _skeletons.get((template_name, key))
    if known is None:
        if len(_skeletons) >= MOST_SKELETONS:
            _skeletons.clear()
        known = Skeleton(render_to_string(template_name, context() | {"holes": Holes()}))
        if not settings.DEBUG:
            _skeletons[template_name, key] = known
    return known
