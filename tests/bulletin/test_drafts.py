"""What I publish: everything of my departments, by the state that it is in."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from bulletin.services.boards import board_of
from portal.pages.errors import PublicationError
from portal.pages.services import publish_draft, retract_page
from tests.bulletin.writing import draft, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_head(client, cast):
    client.force_login(cast.head)
    return client


def test_the_list_of_what_i_publish_has_each_state_and_only_my_departments(as_head, cast, board):
    others = board_of(cast.workshop)
    rows = {
        "draft": draft(board, cast.head, title="草稿一"),
        "published": write(board, cast.head, title="已发一"),
        "retracted": retract_page(write(board, cast.head, title="撤下一"), reason="重复", actor=cast.head),
        "scheduled": publish_draft(draft(board, cast.head, title="定时一", go_live_at=timezone.now() + timedelta(days=1)), actor=cast.head),
    }
    foreign = draft(others, cast.workshop_head, title="别的部门")
    for state, notice in rows.items():
        page = as_head.get(reverse("bulletin:drafts"), {"state": state}).content.decode()
        assert notice.draft_title in page
        assert not any(other.draft_title in page for other in rows.values() if other != notice), state
        assert foreign.draft_title not in page


def test_a_title_that_is_missing_is_missing_in_every_language(as_head, cast, board):
    begun = draft(board, cast.head, title="")
    with override("en"):
        page = as_head.get(reverse("bulletin:notice_update", args=[begun.pk]))
        assert page.context["form"].initial["title"] == ""
        with pytest.raises(PublicationError) as refusal:
            publish_draft(begun, actor=cast.head)
    assert "title" in refusal.value.problems
