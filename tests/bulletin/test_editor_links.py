"""The editor draws no link that it does not open (S8)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from bulletin.services.boards import keep_board
from bulletin.services.notices import submit_notice
from portal.access.words import describe_rule
from portal.pages.services import publish_draft
from tests.bulletin.news.writing import make_editor, write_news
from tests.bulletin.writing import correct, draft

pytestmark = pytest.mark.django_db
LINK = re.compile(r"""(?:href|action|data-url|data-[a-z-]*url[a-z-]*|src)=["']([^"'#]+)""")
SIDEBAR = re.compile(r'"(/[^"\\]*)"')


def links(page: str) -> set[str]:
    """The addresses of the portal that a page names, in its elements and in the data of its menus."""
    menus = re.findall(r'<script id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.S)
    found = LINK.findall(page) + [address for menu in menus for address in SIDEBAR.findall(menu)]
    return {unescape(address) for address in found if address.startswith("/") and not address.startswith(("/static/", "//"))}


def looked_at(*names_and_args: tuple[str, list[object]]) -> list[str]:
    return [reverse(name, args=args) for name, args in names_and_args]


def test_no_link_of_the_editor_leads_to_an_address_that_it_refuses(client, cast, board, notice):
    correct(notice, cast.head, body="<p>每班两次</p>")
    written, planned = draft(board, cast.head), draft(board, cast.head, go_live_at=timezone.now() + timedelta(days=1))
    publish_draft(planned, actor=cast.head)
    editor = make_editor(cast.head, cast.admin)
    item = write_news(editor)
    client.force_login(editor)
    pages = looked_at(
        ("wagtailadmin_explore_root", []),
        ("wagtailadmin_explore", [board.pk]),
        ("wagtailadmin_explore", [board.get_parent().pk]),
        *(("wagtailadmin_pages:edit", [page.pk]) for page in (notice, written, planned, item)),
        ("wagtailadmin_pages:add", ["bulletin", "notice", board.pk]),
        ("wagtailadmin_pages:add", ["bulletin", "newsitem", item.get_parent().pk]),
        *((f"wagtailadmin_pages:{name}", [notice.pk]) for name in ("history", "workflow_history")),
        ("wagtailadmin_pages:search", []),
        ("wagtailadmin_pages:revisions_compare", [notice.pk, "earliest", "latest"]),
        ("wagtailadmin_pages:revisions_revert", [notice.pk, notice.latest_revision_id]),
    )
    asked: dict[str, int] = {}
    refused = set()
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        for link in links(answer.content.decode()):
            if link not in asked:
                asked[link] = client.get(link).status_code
            if asked[link] in {403, 404}:
                refused.add((page, link))
    assert not refused
    assert len(asked) > 20


def test_the_editors_front_page_account_and_sign_out_are_the_portals(client, cast, notice):
    client.force_login(cast.head)
    assert client.get(reverse("wagtailadmin_home")).url == reverse("wagtailadmin_explore_root")
    assert client.get(reverse("wagtailadmin_account")).url == reverse("accounts:preferences")
    page = client.get(reverse("wagtailadmin_explore", args=[notice.get_parent().pk])).content.decode()
    assert cast.head.name in page, "a person is called by their name"
    assert "site record" not in page
    client.post(reverse("wagtailadmin_logout"))
    assert client.get(reverse("home:home")).status_code == 302
    client.force_login(cast.inspector)
    assert client.get(reverse("wagtailadmin_home")).status_code == 403


def test_the_editor_says_who_may_see_a_page_and_leads_to_its_preview_and_approval(client, cast, board, notice):
    client.force_login(cast.head)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[notice.pk])).content.decode()
    assert reverse("bulletin:notice_preview", args=[notice.pk]) in page
    assert describe_rule(notice.audience.rule) in page
    assert reverse("bulletin:notice_approval", args=[notice.pk]) not in page
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    waiting = draft(board, cast.head)
    submit_notice(waiting, actor=cast.head)
    client.force_login(cast.deputy)
    assert reverse("bulletin:notice_approval", args=[waiting.pk]) in client.get(reverse("wagtailadmin_pages:edit", args=[waiting.pk])).content.decode()
