"""A second person approves, where the department asks for it."""

import pytest

from bulletin.models import Notice
from bulletin.services.boards import keep_board
from portal.notifications.models import Notification
from portal.outbox.services import drain
from portal.pages.approval import approve_page, send_back_page, submit_page
from portal.pages.errors import PageStateError
from portal.pages.services import publish_draft, save_draft
from tests.bulletin.test_publishing import sees
from tests.bulletin.writing import draft

pytestmark = pytest.mark.django_db


def test_a_second_person_approves_where_the_department_asks_for_it(cast, board):
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    written = draft(board, cast.head)
    with pytest.raises(PageStateError):
        publish_draft(written, actor=cast.head)
    submit_page(written, actor=cast.head)
    drain()
    assert Notification.objects.filter(kind="bulletin.approval", recipient=cast.deputy).exists()
    assert not Notification.objects.filter(kind="bulletin.approval", recipient=cast.inspector).exists()
    with pytest.raises(PageStateError):
        approve_page(written, actor=cast.head)
    with pytest.raises(PageStateError):
        approve_page(written, actor=cast.inspector)
    assert not Notice.objects.get(pk=written.pk).is_shown
    approve_page(written, actor=cast.deputy)
    assert sees(cast.inspector, written)
    with pytest.raises(PageStateError):
        approve_page(written, actor=cast.deputy)


def test_what_was_sent_back_is_not_published_until_it_is_approved(cast, board):
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    written = draft(board, cast.head)
    submit_page(written, actor=cast.head)
    send_back_page(written, comment="请写明时间", actor=cast.deputy)
    with pytest.raises(PageStateError):
        publish_draft(written, actor=cast.head)
    submit_page(written, actor=cast.head)
    approve_page(written, actor=cast.deputy)
    assert Notice.objects.get(pk=written.pk).is_shown


def test_what_is_changed_after_asking_is_not_covered_by_the_approval(cast, board):
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    written = draft(board, cast.head)
    submit_page(written, actor=cast.head)
    approve_page(written, actor=cast.deputy)
    save_draft(written, actor=cast.head, values={"body": "<p>另一回事</p>", "change_note": "改"}, seen=None)
    with pytest.raises(PageStateError):
        publish_draft(written, actor=cast.head)
