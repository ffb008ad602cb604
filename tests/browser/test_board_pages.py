"""The pages of the boards, wide and narrow, light and dark, in both languages: accessible, fitting, without an error on the console (UX)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bulletin.services.boards import board_of, delegate_publishing, keep_board
from bulletin.services.notices import submit_notice
from bulletin.services.readers import confirm_reading
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.services import save_preferences
from portal.organization.querysets import today
from tests.bulletin.writing import audience, correct, draft, write


@pytest.fixture
def paths(cast) -> list[str]:
    """One of each of what stands on the boards of 质检科; 李敏 opens it, who watches over the boards too."""
    grant_capability("bulletin.oversee", rule=AudienceRule.of([person_token(cast.head.pk)]), actor=cast.admin)
    board = board_of(cast.quality)
    asked = write(board, cast.head, audience=audience("all"), needs_confirmation=True, confirm_by=timezone.now() + timedelta(days=3))
    confirm_reading(asked, version_number=1, actor=cast.inspector)
    correct(asked, cast.head, expire_at=timezone.now() + timedelta(days=20))
    topic = write(board, cast.head, kind="topic", audience=audience("all"), closes_on=today() + timedelta(days=9))
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    delegate_publishing(cast.quality, cast.inspector, starts_on=today(), ends_on=today(), actor=cast.head)
    waiting = draft(board, cast.head)
    submit_notice(waiting, actor=cast.deputy)
    begun = draft(board, cast.head)
    notices = "/bulletin/notices"
    return [
        "/bulletin/", "/bulletin/?kind=document",
        "/bulletin/departments/", f"/bulletin/departments/{cast.quality.pk}/", "/bulletin/archive/", "/bulletin/calendar/",
        "/bulletin/feed/", "/bulletin/drafts/", "/bulletin/drafts/?state=published", "/bulletin/reports/", "/bulletin/oversight/",
        f"/bulletin/departments/{cast.quality.pk}/keeping/", f"{notices}/new/", f"{notices}/{begun.pk}/draft/", f"{notices}/{begun.pk}/draft/preview/",
        f"{notices}/{waiting.pk}/approval/", f"{notices}/{asked.pk}/", f"{notices}/{asked.pk}/confirmations/", f"{notices}/{asked.pk}/changes/2/",
        f"{notices}/{asked.pk}/boards/", f"{notices}/{asked.pk}/retraction/", f"{notices}/{topic.pk}/", f"{notices}/{topic.pk}/closing/",
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "theme", "language"), [(1280, "light", "zh-hans"), (360, "dark", "en")])
def test_the_pages_of_the_boards_are_accessible_and_fit(cast, paths, open_page, assert_accessible, width, theme, language):
    save_preferences(cast.head, language=language)
    page = open_page("/robots.txt", cast.head, width=width, theme=theme)
    wrong = []
    for path in paths:
        answer = page.goto(path)
        try:
            assert answer.status == 200
            assert page.locator("h1").inner_text(), "no heading"
            assert_accessible(page)
        except AssertionError as error:
            wrong.append(f"{path}: {error}")
    assert not wrong, "\n".join(wrong)
