"""The pages of the boards, with one of each to see; and what is photographed of them."""

from datetime import timedelta

from django.utils import timezone

from bulletin.services.boards import board_of, delegate_publishing, keep_board
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.confirmations.services import confirm
from portal.organization.querysets import today
from portal.pages.approval import submit_page
from tests.bulletin.writing import audience, correct, draft, write
from tests.cast import Cast

# For `make shots`: the name of the picture, and the address; a selector where the address is that of a link on the page before.
SHOTS = (
    ("board", "/bulletin/"),
    ("notice", "main .notices a.title"),
    ("boards", "/bulletin/departments/"),
    ("notice-form", "/bulletin/notices/new/"),
    ("notice-report", "/bulletin/reports/"),
    ("publishing", "/bulletin/drafts/"),
    ("news", "/bulletin/news/"),
)


def furnish(cast: Cast) -> tuple[User, list[str]]:
    """One of each of what stands on the boards of 质检科; 李敏 opens it, who watches over the boards too."""
    grant_capability("bulletin.oversee", rule=AudienceRule.of([person_token(cast.head.pk)]), actor=cast.admin)
    board = board_of(cast.quality)
    asked = write(board, cast.head, audience=audience("all"), needs_confirmation=True, confirm_by=timezone.now() + timedelta(days=3))
    confirm(actor=cast.inspector, about=asked, number=1)
    correct(asked, cast.head, expire_at=timezone.now() + timedelta(days=20))
    topic = write(board, cast.head, kind="topic", audience=audience("all"), closes_on=today() + timedelta(days=9))
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    delegate_publishing(cast.quality, cast.inspector, starts_on=today(), ends_on=today(), actor=cast.head)
    waiting = draft(board, cast.head)
    submit_page(waiting, actor=cast.deputy)
    begun = draft(board, cast.head)
    notices = "/bulletin/notices"
    return cast.head, [
        "/bulletin/", "/bulletin/?kind=document",
        "/bulletin/departments/", f"/bulletin/departments/{cast.quality.pk}/", "/bulletin/archive/", "/bulletin/calendar/",
        "/bulletin/feed/", "/bulletin/drafts/", "/bulletin/drafts/?state=published", "/bulletin/drafts/?state=waiting",
        "/bulletin/reports/", "/bulletin/oversight/", f"/bulletin/departments/{cast.quality.pk}/keeping/",
        f"{notices}/new/", f"{notices}/{begun.pk}/draft/", f"{notices}/{begun.pk}/draft/preview/",
        f"{notices}/{waiting.pk}/approval/", f"{notices}/{asked.pk}/", f"{notices}/{asked.pk}/confirmations/", f"{notices}/{asked.pk}/changes/2/",
        f"{notices}/{asked.pk}/draft/", f"{notices}/{asked.pk}/boards/", f"{notices}/{asked.pk}/retraction/",
        f"{notices}/{topic.pk}/", f"{notices}/{topic.pk}/closing/",
    ]  # fmt: skip
