"""When something that is being written becomes a draft: not by a word that was begun, so that no list fills with drafts without a name."""

from typing import Any

from django.utils.translation import gettext as _

from portal.foundation.rich_text.cleaning import picture_ids, to_text

SHORTEST_TITLE = 4
SHORTEST_TEXT = 8


def is_hardly_begun(*, title: str, body: str) -> bool:
    """Whether nobody would miss it: no title to speak of, and no text, table of words or picture."""
    if len(title.strip()) >= SHORTEST_TITLE:
        return False
    return len("".join(to_text(body).split())) < SHORTEST_TEXT and not picture_ids(body)


def not_kept_yet() -> dict[str, Any]:
    """What the page learns of an automatic save that kept nothing."""
    return {"is_kept": False, "is_whole": True, "text": _("It is kept once there are a few words more.")}
