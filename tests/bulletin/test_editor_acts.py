"""What a head does in the editor, and who may not: begin, go back to an earlier text, plan, lock; and news with its picture."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from bulletin.models import NewsItem, Notice
from portal.access.rules import department_token
from portal.outbox.models import Effect
from portal.pages.drafts import planned_revision
from portal.pages.lifecycle import PUBLISH_DUE
from portal.pages.services import save_draft
from tests.attachments.samples import png
from tests.bulletin.news.writing import make_editor, write_news
from tests.bulletin.test_editor import edit, filled
from tests.bulletin.writing import audience, correct, draft

pytestmark = pytest.mark.django_db


def test_a_head_begins_a_notice_in_the_editor_and_a_head_of_elsewhere_and_a_reader_do_not(client, cast, board):
    address = reverse("wagtailadmin_pages:add", args=["bulletin", "notice", board.pk])
    values = {"title": "从编辑器新建", "body": "<p>正文</p>", "audience_include": [department_token(cast.quality.pk)], "audience_level": "0", "kind": "notice"}
    for person, status in ((cast.workshop_head, 404), (cast.inspector, 403), (cast.head, 302)):
        client.force_login(person)
        assert client.post(address, values).status_code == status
    offered = client.get(address).content.decode()
    assert re.search(f'name="audience_include" value="{re.escape(department_token(cast.quality.pk))}"[^>]*checked', offered), "its own department is at hand"
    assert re.search('<textarea name="title"[^>]*placeholder="标题"', offered), "an empty title says what it is"
    begun = Notice.objects.get()
    assert (begun.draft_title, begun.department, begun.owner, begun.is_shown) == ("从编辑器新建", cast.quality, cast.head, False)
    assert client.get(reverse("bulletin:notice_update", args=[begun.pk])).status_code == 200


def test_a_form_of_the_editor_that_is_sent_twice_makes_and_publishes_one_notice(client, cast, board):
    client.force_login(cast.head)
    address = reverse("wagtailadmin_pages:add", args=["bulletin", "notice", board.pk])
    values = {"title": "从编辑器新建", "body": "<p>正文</p>", "audience_include": [department_token(cast.quality.pk)], "audience_level": "0", "kind": "notice"}
    keys = [re.search(r'name="key" value="([0-9a-f]{32})"', client.get(address).content.decode())[1] for _ in range(2)]
    for _ in range(2):
        assert client.post(address, values | {"key": keys[0], "action-publish": "1"}).headers["Location"] == edit(Notice.objects.get())
    assert Notice.objects.get().version_number == 1
    assert client.get(f"{address}?key={keys[0]}").headers["Location"] == edit(Notice.objects.get())
    assert client.post(address, values | {"key": keys[1]}).status_code == 302
    assert client.post(address, values | {"key": "nonsense"}).status_code == 200
    assert Notice.objects.count() == 2


def test_an_earlier_text_becomes_the_draft_again_and_readers_see_what_was_published(client, cast, notice):
    first = Notice.objects.get(pk=notice.pk).live_revision
    correct(notice, cast.head, body="<p>每班两次</p>")
    address = reverse("wagtailadmin_pages:revisions_revert", args=[notice.pk, first.pk])
    for person, status in ((cast.workshop_head, 404), (cast.inspector, 403), (cast.head, 200)):
        client.force_login(person)
        assert client.get(address).status_code == status
    client.post(edit(notice), filled(cast, notice, body=first.content["body"], revision=first.pk))
    stored = Notice.objects.get(pk=notice.pk)
    assert stored.get_latest_revision_as_object().body == first.content["body"]
    assert (stored.body, stored.version_number) == ("<p>每班两次</p>", 2)


def test_a_publication_is_planned_in_the_editor_and_taken_off_the_schedule_in_the_portal(client, cast, board):
    written = draft(board, cast.head)
    at = timezone.localtime() + timedelta(days=1)
    values = filled(cast, written, go_live_at=at.strftime("%Y-%m-%dT%H:%M")) | {"action-publish": "1"}
    client.force_login(cast.inspector)
    assert client.post(edit(written), values).status_code == 403
    client.force_login(cast.head)
    assert client.post(edit(written), values).status_code == 302
    stored = Notice.objects.get(pk=written.pk)
    assert not stored.is_shown
    assert planned_revision(stored) is not None
    assert Effect.objects.filter(kind=PUBLISH_DUE).exists()
    client.post(reverse("bulletin:notice_unscheduling", args=[written.pk]))
    assert planned_revision(stored) is None


def test_what_one_has_locked_another_neither_saves_nor_publishes_until_it_is_unlocked(client, cast, board):
    written = draft(board, cast.head)
    lock, unlock = (reverse(f"wagtailadmin_pages:{name}", args=[written.pk]) for name in ("lock", "unlock"))
    client.force_login(cast.inspector)
    assert client.post(lock).status_code == 403
    client.force_login(cast.head)
    assert client.post(lock).status_code == 302
    assert Notice.objects.get(pk=written.pk).locked_by == cast.head
    client.force_login(cast.deputy)
    client.post(edit(written), filled(cast, written) | {"action-publish": "1"})
    stored = Notice.objects.get(pk=written.pk)
    assert (stored.is_shown, stored.get_latest_revision_as_object().body) == (False, written.get_latest_revision_as_object().body)
    client.force_login(cast.head)
    assert client.post(unlock).status_code == 302
    client.force_login(cast.deputy)
    client.post(edit(written), filled(cast, written) | {"action-publish": "1"})
    assert Notice.objects.get(pk=written.pk).is_shown


def test_news_is_corrected_in_the_editor_with_its_picture_and_what_is_missing_is_said(client, cast):
    editor = make_editor(cast.head, cast.admin)
    item = NewsItem.objects.get(pk=write_news(editor).pk)
    latest = item.latest_revision
    values = {
        "title": item.title, "summary": "新的摘要", "body": "<p>全文</p>", "category": "law", "link": "", "source": "",
        "audience_include": "all", "audience_level": "0", "change_note": "换了摘要",
        "loaded_revision_id": latest.pk, "loaded_revision_created_at": latest.created_at.isoformat(), "action-publish": "1",
    }  # fmt: skip
    client.force_login(cast.deputy)
    assert client.post(edit(item), values).status_code in {403, 404}
    client.force_login(editor)
    refused = client.post(edit(item), values | {"picture_id-files": SimpleUploadedFile("图.png", png())})
    assert "picture_alt" in refused.context["form"].errors
    picture = refused.context["form"].cleaned_data["picture_id"]
    assert client.post(edit(item), values | {"picture_id": picture, "picture_alt": "封面"}).status_code == 302
    stored = NewsItem.objects.get(pk=item.pk)
    assert (stored.summary, stored.picture_id, stored.correction) == ("新的摘要", picture, "换了摘要")


def test_two_revisions_are_compared_whatever_differs_in_words_that_people_use(client, cast, board):
    first = draft(board, cast.head)
    at = timezone.make_aware(datetime(2026, 12, 1, 8, 30))
    save_draft(
        first,
        actor=cast.head,
        seen=None,
        values={
            "title": "改了标题", "body": "<p>改了正文</p>", "audience": audience("all", level=1), "kind": Notice.Kind.TOPIC, "is_urgent": True,
            "pinned_until": at, "allows_comments": False, "needs_confirmation": True, "confirm_by": at, "opens_on": at.date(), "closes_on": at.date(),
            "go_live_at": at, "expire_at": at + timedelta(days=9),
        },
    )  # fmt: skip
    client.force_login(cast.head)
    client.cookies["gongfang_language"] = "zh-hans"
    page = client.get(reverse("wagtailadmin_pages:revisions_compare", args=[first.pk, "earliest", "latest"]))
    assert page.status_code == 200
    words = unescape(strip_tags(page.content.decode().split('id="main"')[1]))
    for said in ("全体员工", "议题", "2026-12-01 08:30", "2026-12-10 08:30", "否", "是"):
        assert said in words
    for unsaid in ("True", "False", "None", "datetime"):
        assert unsaid not in words
