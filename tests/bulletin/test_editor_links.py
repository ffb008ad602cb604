"""The editor draws no link that it does not open (S8)."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from bulletin.services.boards import board_of, keep_board
from portal.access.words import describe_rule
from portal.pages.approval import submit_page
from portal.pages.services import publish_draft
from tests.bulletin.news.writing import make_editor, write_news
from tests.bulletin.writing import correct, draft, write

pytestmark = pytest.mark.django_db
LINK = re.compile(r"""(?:href|action|data-url|data-[a-z-]*url[a-z-]*|src)=["']([^"'#]+)""")
SIDEBAR = re.compile(r'"(/[^"\\]*)"')


def links(page: str) -> set[str]:
    """The addresses of the portal that a page names, in its elements and in the data of its menus."""
    menus = re.findall(r'<script id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.S)
    found = LINK.findall(page) + [address for menu in menus for address in SIDEBAR.findall(menu)]
    return {unescape(address) for address in found if address.startswith("/") and not address.startswith(("/static/", "//"))}


def said(page: str) -> str:
    """What the elements of a page say, and the labels that only a screen reader says; without what is typed in fields."""
    soup = BeautifulSoup(page, "html.parser")
    for element in [*soup(["script", "style", "svg"]), *soup.find_all(hidden=True)]:
        element.decompose()
    labels = [element[name] for name in ("aria-label", "title", "placeholder", "alt") for element in soup.find_all(attrs={name: True})]
    return "\n".join([soup.get_text("\n"), *labels])


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


def test_the_editor_speaks_chinese(client, cast, board, notice):
    client.cookies["gongfang_language"] = "zh-hans"
    correct(notice, cast.head, body="<p>每班两次</p>")
    planned = draft(board, cast.head, go_live_at=timezone.now() + timedelta(days=1), expire_at=timezone.now() + timedelta(days=9))
    publish_draft(planned, actor=cast.head)
    locked = draft(board, cast.head)
    editor = make_editor(cast.head, cast.admin)
    item = write_news(editor)
    client.force_login(editor)
    client.post(reverse("wagtailadmin_pages:lock", args=[locked.pk]))
    pages = looked_at(
        ("wagtailadmin_explore", [board.pk]),
        ("wagtailadmin_explore", [board.get_parent().pk]),
        ("wagtailadmin_explore_root", []),
        *(("wagtailadmin_pages:edit", [page.pk]) for page in (notice, planned, locked, item)),
        ("wagtailadmin_pages:add", ["bulletin", "notice", board.pk]),
        *((f"wagtailadmin_pages:{name}", [notice.pk]) for name in ("history", "workflow_history")),
        ("wagtailadmin_pages:search", []),
        ("wagtailadmin_pages:revisions_compare", [notice.pk, "earliest", "latest"]),
        ("wagtailadmin_pages:revisions_revert", [notice.pk, notice.latest_revision_id]),
    )
    answers = [client.get(page, follow=True) for page in [*pages, reverse("wagtailadmin_pages:search") + "?q=无此公告"]]
    answers.append(client.post(reverse("wagtailadmin_pages:edit", args=[notice.pk]), {"title": "", "action-publish": "1"}))
    foreign = {(str(answer.request["PATH_INFO"]), word) for answer in answers for word in re.findall(r"[A-Za-z]{3,}", said(answer.content.decode()))}
    assert {word for _path, word in foreign} <= {"Word", "JavaScript", "https", "All"}, foreign
    assert "通知" not in said(client.get(pages[0]).content.decode()).replace(notice.title, ""), "a notice of any kind is 公告"


def test_the_editors_front_page_account_and_sign_out_are_the_portals(client, cast, notice):
    client.force_login(cast.head)
    assert client.get(reverse("wagtailadmin_home")).url == reverse("wagtailadmin_explore_root")
    assert client.get(reverse("wagtailadmin_account")).url == reverse("accounts:preferences")
    write(board_of(cast.workshop), cast.workshop_head)
    page = client.get(reverse("wagtailadmin_explore", args=[notice.get_parent().pk])).content.decode()
    assert json.dumps(cast.head.name) in page, "a person is called by their name, in the menu"
    assert cast.workshop_head.name not in page, "of those who write elsewhere nothing is said"
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
    submit_page(waiting, actor=cast.head)
    client.force_login(cast.deputy)
    assert reverse("bulletin:notice_approval", args=[waiting.pk]) in client.get(reverse("wagtailadmin_pages:edit", args=[waiting.pk])).content.decode()
