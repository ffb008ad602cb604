"""What the cells of a roster mean that no other file has."""

import re
from typing import Any

from django.utils.translation import gettext as _

from portal.foundation.names import clean_name
from portal.imports.values import read_text

LEVELS = {"公开": 0, "public": 0, "内部": 1, "internal": 1, "一般": 1, "秘密": 2, "confidential": 2, "机密": 3, "secret": 3, "绝密": 4, "topsecret": 4}


def read_name(cell: Any) -> str | None:
    """王 伟 -> 王伟."""
    text = read_text(cell)
    if text is None:
        return None
    name = clean_name(text)
    if len(name) > 60 or any(character.isdigit() for character in name):
        raise ValueError(_("“%(text)s” is no name.") % {"text": text[:60]})
    return name


def read_number(cell: Any) -> str | None:
    """An employee number in its stored form: １０００１ -> 10001, A-17 -> a-17."""
    text = read_text(cell)
    if text is None:
        return None
    number = text.replace(" ", "").lower().lstrip("'")
    number = re.sub(r"^(\d+)\.0+$", r"\1", number)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,31}", number):
        raise ValueError(_("An employee number has letters, digits, dots and dashes only."))
    return number


def read_level(cell: Any) -> int | None:
    """0 to 4, or its name."""
    text = read_text(cell)
    if text is None:
        return None
    key = re.sub(r"[\s级]", "", text.lower())
    if key in LEVELS:
        return LEVELS[key]
    if key in ("0", "1", "2", "3", "4"):
        return int(key)
    raise ValueError(_("“%(text)s” is none of the levels.") % {"text": text[:40]})


def read_path(cell: Any) -> str | None:
    """A department: its name, its code, or names from the top down with slashes between them."""
    text = read_text(cell)
    if text is None:
        return None
    parts = [part for part in (piece.strip() for piece in re.split(r"[/\\>→]+", text)) if part]
    if not parts or any(len(part) > 80 for part in parts) or len(parts) > 10:
        raise ValueError(_("“%(text)s” is no department.") % {"text": text[:60]})
    return "/".join(parts)
