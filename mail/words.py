"""How mail is named where it is listed."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MOST_NAMED = 3


def subject_of(message: Any) -> str:
    """A message or a draft; one without a subject is called so."""
    return message.subject or _("(no subject)")


def language_of(person: Any) -> str:
    """In which somebody is written to by the mail system."""
    stored = getattr(person, "stored_preferences", None)
    return (stored.language if stored is not None else "") or settings.LANGUAGE_CODE


def names_of(names: Sequence[str]) -> str:
    """王海涛、张国栋 and 2 others."""
    if len(names) <= MOST_NAMED:
        return _(", ").join(names)
    others = len(names) - MOST_NAMED + 1
    named = _(", ").join(names[: MOST_NAMED - 1])
    return ngettext("%(names)s and %(count)s other", "%(names)s and %(count)s others", others) % {"names": named, "count": others}
