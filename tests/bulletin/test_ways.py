"""Every page of the boards can be reached by following links from home."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from tests.bulletin.writing import correct, draft, write

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="(/[^"#]*)"')
OF_A_HEAD = {
    "board", "department_board", "board_list", "archive", "calendar", "feed_address", "notice_create", "drafts",
    "notice_update", "notice_detail", "notice_change", "notice_retraction", "reference_create", "notice_confirmation_report", "department_report",
    "board_update",
}  # fmt: skip


def reached(client: Client, most: int = 2) -> set[str]:
    """The names of the pages to which links lead from home, one to the next; each kind of page is opened a few times."""
    waiting, seen, opened = ["/"], {"/"}, dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        name = resolve(path.partition("?")[0]).view_name
        if opened.get(name, 0) == most or not name.startswith(("home:", "bulletin:")):
            continue
        answer = client.get(path)
        opened[name] = opened.get(name, 0) + 1
        found = LINK.findall(answer.content.decode()) if answer.status_code == 200 else [answer["Location"]] if answer.status_code == 302 else []
        new = [link.replace("&amp;", "&") for link in found if not link.startswith(("/static/", "/media/"))]
        waiting += [link for link in dict.fromkeys(new) if link not in seen]
        seen.update(new)
    return {name.removeprefix("bulletin:") for name in opened}


def test_a_head_reaches_every_page_of_the_boards_by_links(as_head, cast, board):
    notice = write(board, cast.head, needs_confirmation=True, confirm_by=timezone.now() + timedelta(days=3))
    correct(notice, cast.head)
    draft(board, cast.head)
    assert OF_A_HEAD - reached(as_head) == set()


def test_who_watches_over_the_boards_reaches_their_reports(client, cast, board):
    grant_capability("bulletin.oversee", rule=AudienceRule.of([person_token(cast.director.pk)]), actor=cast.admin)
    write(board, cast.head)
    client.force_login(User.objects.get(pk=cast.director.pk))
    assert {"oversight", "department_report", "notice_retraction"} <= reached(client)


def test_readers_reach_their_private_feed_and_no_report(client, cast, board):
    client.force_login(cast.operator)
    names = reached(client)
    assert "feed_address" in names
    assert not {"department_report", "drafts", "oversight"} & names
