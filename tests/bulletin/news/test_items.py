"""News: editors write, publish, correct, retract; readers find what is for them."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bulletin.news.listing import lead_and_newest, lead_for, newest_by_category, news_for
from bulletin.news.models import NewsItem
from bulletin.news.services.items import create_item, lead_with
from portal.access.policies import can, viewers_of, visible_to
from portal.accounts.models import User
from portal.attachments.services import receive_file
from portal.audit.models import AuditRecord
from portal.notifications.models import Notification
from portal.outbox.models import Effect
from portal.outbox.services import drain
from portal.pages.drafts import draft_stamp
from portal.pages.errors import EditConflictError, PageStateError, PublicationError
from portal.pages.registry import workplaces_of
from portal.pages.services import delete_draft, publish_draft, retract_page, save_draft, unschedule_page
from tests.attachments.samples import png
from tests.bulletin.news.writing import correct_news, make_editor, write_news
from tests.bulletin.writing import audience

pytestmark = pytest.mark.django_db


def as_client(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sees(person: User, item: NewsItem) -> bool:
    """As every surface says it; they must agree (S1)."""
    fresh, stored = User.objects.get(pk=person.pk), NewsItem.objects.get(pk=item.pk)
    client = as_client(person)
    answers = {
        can(fresh, "view", stored),
        visible_to(NewsItem, fresh).filter(pk=item.pk).exists(),
        viewers_of(stored).filter(pk=person.pk).exists(),
        client.get(item.get_absolute_url(), follow=True).status_code == 200,
    }
    assert len(answers) == 1, person
    return answers.pop()


def lists(person: User, item: NewsItem) -> bool:
    """On the front page, by words, and at home."""
    client = as_client(person)
    pages = [
        client.get(address).content.decode() for address in (reverse("bulletin:news"), f"{reverse('bulletin:news')}?q={item.title[:4]}", reverse("home:home"))
    ]
    answers = {f">{item.title}</" in page for page in pages}
    assert len(answers) == 1, person
    return answers.pop()


def let_pass(item: NewsItem) -> None:
    """As if the time of its planned publication had come."""
    revision = item.revisions.get(approved_go_live_at__isnull=False)
    past = timezone.now() - timedelta(seconds=1)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save(update_fields=["content", "approved_go_live_at"])
    Effect.objects.filter(kind="pages.publish_due").update(due_at=past)


def test_news_is_for_everyone_of_the_plant_unless_its_editor_says_otherwise(cast, editor):
    item = write_news(editor)
    for person in (cast.operator, cast.director, cast.salesperson, editor):
        assert sees(person, item)
        assert lists(person, item)
    assert not can(User.objects.get(pk=cast.customer.pk), "view", item)
    restricted = write_news(editor, title="质检通报", audience=audience(f"dept:{cast.quality.pk}"))
    for person, is_reader in ((cast.head, True), (cast.operator, False), (cast.salesperson, False)):
        assert sees(person, restricted) is is_reader
        assert lists(person, restricted) is is_reader


def test_a_draft_is_seen_by_editors_alone(cast, editor):
    draft = create_item(actor=editor, values={"title": "草稿"})
    assert sees(editor, draft)
    assert not sees(cast.head, draft)
    assert not sees(cast.director, draft)
    assert not lists(cast.operator, draft)


def test_only_editors_write_publish_retract_and_lead(cast, editor):
    item, draft = write_news(editor), create_item(actor=editor, values={"title": "草稿", "summary": "摘要"})
    client = as_client(cast.head)
    for name, args in (
        ("news_create", []), ("news_desk", []), ("news_queue", []), ("news_update", [item.pk]), ("news_retraction", [item.pk]), ("news_preview", [item.pk]),
    ):  # fmt: skip
        assert client.get(reverse(f"bulletin:{name}", args=args)).status_code == 403, name
    assert client.post(reverse("bulletin:news_lead", args=[item.pk]), {"lead": "1"}).status_code == 403
    for act in (
        lambda: publish_draft(draft, actor=cast.head),
        lambda: retract_page(item, reason="无", actor=cast.head),
        lambda: lead_with(item, actor=cast.head, is_lead=True),
    ):
        with pytest.raises(PageStateError):
            act()
    assert list(workplaces_of(cast.operator)) == []
    assert [page.title for page in workplaces_of(editor)] == ["News"]


def test_an_editor_writes_and_publishes_by_the_form(cast, editor):
    client = as_client(editor)
    answer = client.post(
        reverse("bulletin:news_create"),
        {
            "title": "新税则公布",
            "summary": "明年起施行。",
            "body": "<p>全文</p><script>x()</script>",
            "category": "law",
            "source": "财政部",
            "link": "https://www.mof.gov.cn/a.html",
            "picture-files": SimpleUploadedFile("税则.png", png()),
            "picture_alt": "税则封面",
            "audience_include": "all",
            "audience_level": "0",
            "is_lead": "on",
            "action": "publish",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    item = NewsItem.objects.get()
    assert (item.is_shown, item.category, item.body, item.published_by) == (True, "law", "<p>全文</p>", editor)
    reader = as_client(cast.operator)
    page = reader.get(item.get_absolute_url()).content.decode()
    assert 'href="https://www.mof.gov.cn/a.html" target="_blank" rel="noopener noreferrer"' in page
    assert re.search(r"</svg>[^<]*www\.mof\.gov\.cn[^<]*</a>", page), "its host is said"
    assert 'alt="税则封面"' in page
    assert reader.get(item.picture_url).status_code == 200
    assert lead_for(cast.operator) == item
    assert AuditRecord.objects.filter(verb="news.published", object_id=str(item.pk)).exists()


def test_the_picture_of_restricted_news_is_as_restricted_and_that_of_a_draft_is_its_editors(cast, editor):
    picture = receive_file(actor=editor, name="a.png", content=BytesIO(png()))
    draft = create_item(
        actor=editor, values={"title": "图", "summary": "图", "picture_id": picture.pk, "picture_alt": "图", "audience": audience(f"dept:{cast.quality.pk}")}
    )
    assert as_client(cast.head).get(draft.picture_url).status_code == 404
    item = publish_draft(draft, actor=editor)
    for person, status in ((cast.head, 200), (cast.operator, 404)):
        assert as_client(person).get(item.picture_url).status_code == status
        assert as_client(person).get(reverse("attachments:thumbnail", args=[picture.pk])).status_code == status


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"summary": "", "body": "<p> </p>"}, "summary"),
        ({"audience": None}, "audience"),
        ({"expire_at": timezone.now() - timedelta(hours=1)}, "expire_at"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_published(editor, values, field):
    draft = create_item(actor=editor, values={"title": "标题", "summary": "摘要"} | values)
    with pytest.raises(PublicationError) as refusal:
        publish_draft(draft, actor=editor)
    assert list(refusal.value.problems) == [field]
    stored = NewsItem.objects.get(pk=draft.pk)
    assert (stored.is_shown, stored.live) == (False, False)


def test_what_was_typed_is_kept_when_publishing_is_refused(editor):
    client = as_client(editor)
    answer = client.post(
        reverse("bulletin:news_create"), {"title": "", "summary": "只有摘要", "category": "market", "link": "javascript:alert(1)", "action": "publish"}
    )
    assert answer.status_code == 422
    assert "只有摘要" in answer.content.decode()
    draft = NewsItem.objects.get().get_latest_revision_as_object()
    assert (draft.summary, draft.link) == ("只有摘要", "")


def test_two_pictures_and_what_is_no_picture_are_refused(editor):
    client = as_client(editor)
    for files in ([SimpleUploadedFile("a.png", png()), SimpleUploadedFile("b.png", png())], [SimpleUploadedFile("a.txt", "文字".encode())]):
        answer = client.post(reverse("bulletin:news_create"), {"title": "标题", "category": "market", "picture-files": files, "action": "save"})
        assert answer.status_code == 422
        assert answer.context["form"].errors["picture"]


def test_a_correction_is_marked_says_what_changed_and_keeps_the_earlier_text(cast, editor):
    item = write_news(editor, summary="三成")
    with pytest.raises(PublicationError):
        correct_news(item, editor, change_note="")
    corrected = correct_news(item, editor, summary="四成", change_note="三成应为四成")
    page = as_client(cast.operator).get(corrected.get_absolute_url()).content.decode()
    assert "三成应为四成" in page
    assert corrected.published_at == item.published_at
    assert any(revision.content["summary"] == "三成" for revision in corrected.revisions.all())
    assert AuditRecord.objects.get(verb="news.corrected").after["note"] == "三成应为四成"


def test_what_is_retracted_is_gone_for_readers_and_stays_on_record(cast, editor):
    item = write_news(editor)
    with pytest.raises(PageStateError):
        retract_page(item, reason=" ", actor=editor)
    answer = as_client(editor).post(reverse("bulletin:news_retraction", args=[item.pk]), {"reason": "来源有误"})
    assert answer.status_code == 302
    assert not sees(cast.operator, item)
    assert not lists(cast.operator, item)
    assert sees(editor, item)
    assert "来源有误" in as_client(editor).get(item.get_absolute_url()).content.decode()
    for act in (lambda: retract_page(item, reason="再", actor=editor), lambda: correct_news(item, editor), lambda: lead_with(item, actor=editor, is_lead=True)):
        with pytest.raises(PageStateError):
            act()
    assert AuditRecord.objects.get(verb="news.retracted").reason == "来源有误"


def test_expired_news_is_gone_at_its_moment_whether_or_not_a_worker_has_noted_it(cast, editor):
    item = write_news(editor, expire_at=timezone.now() + timedelta(hours=1))
    assert lists(cast.operator, item)
    NewsItem.objects.filter(pk=item.pk).update(shown_until=timezone.now() - timedelta(seconds=1))
    assert not sees(cast.operator, item)
    assert not lists(cast.operator, item)
    Effect.objects.filter(kind="pages.expire_due").update(due_at=timezone.now())
    drain()
    assert not NewsItem.objects.get(pk=item.pk).is_shown


def test_planned_news_appears_at_its_time_and_can_be_called_off(cast, editor):
    planned = publish_draft(
        create_item(actor=editor, values={"title": "计划", "summary": "摘要", "go_live_at": timezone.now() + timedelta(days=1)}), actor=editor
    )
    assert not sees(cast.operator, planned)
    assert "计划" in as_client(editor).get(f"{reverse('bulletin:news_desk')}?state=planned").content.decode()
    other = publish_draft(
        create_item(actor=editor, values={"title": "不发", "summary": "摘要", "go_live_at": timezone.now() + timedelta(days=1)}), actor=editor
    )
    unschedule_page(other, actor=editor)
    drain()
    assert not sees(cast.operator, planned), "its time has not come"
    let_pass(planned)
    drain()
    assert sees(cast.operator, planned)
    assert not sees(cast.operator, other)


def test_what_was_planned_by_someone_who_is_no_editor_any_more_is_not_published_and_they_are_told(cast, editor):
    planned = publish_draft(
        create_item(actor=editor, values={"title": "计划", "summary": "摘要", "go_live_at": timezone.now() + timedelta(days=1)}), actor=editor
    )
    make_editor(cast.salesperson, cast.admin)
    let_pass(planned)
    drain()
    drain()
    assert not sees(cast.operator, planned)
    told = {(bell.kind, bell.recipient_id): bell for bell in Notification.objects.filter(kind__in=["bulletin.not_published", "bulletin.plan_lapsed"])}
    editors = {("bulletin.not_published", cast.salesperson.pk), ("bulletin.not_published", cast.admin.pk)}
    assert set(told) == editors | {("bulletin.plan_lapsed", editor.pk)}
    assert "计划" not in str(told["bulletin.plan_lapsed", editor.pk].words)


def test_two_editors_of_one_item_overwrite_nothing(cast, editor):
    item = write_news(editor)
    stored = NewsItem.objects.select_related("latest_revision").get(pk=item.pk)
    stamp = draft_stamp(stored)
    save_draft(stored, actor=cast.admin, values={"summary": "管理员写的"}, seen=stamp)
    with pytest.raises(EditConflictError):
        save_draft(stored, actor=editor, values={"summary": "王伟写的"}, seen=stamp)
    client = as_client(editor)
    answer = client.post(
        reverse("bulletin:news_update", args=[item.pk]), {"title": "标题", "summary": "王伟写的", "category": "market", "seen": stamp, "action": "save"}
    )
    assert answer.status_code == 409
    assert "王伟写的" in answer.content.decode()
    assert NewsItem.objects.get(pk=item.pk).get_latest_revision_as_object().summary == "管理员写的"


def test_the_form_saves_by_itself_and_goes_on_as_the_same_draft(editor):
    client = as_client(editor)
    first = client.post(reverse("bulletin:news_create"), {"title": "只写半句", "category": "market", "autosave": "1"}).json()
    second = client.post(first["url"], {"title": "写完整句", "category": "market", "autosave": "1", "seen": first["stamp"]}).json()
    assert second["pk"] == first["pk"]
    item = NewsItem.objects.get()
    assert (item.get_latest_revision_as_object().title, item.revisions.count()) == ("写完整句", 1)
    delete_draft(item, actor=editor)
    assert not NewsItem.objects.exists()


def test_the_newest_lead_story_that_a_reader_may_see_leads(cast, editor):
    first = write_news(editor, title="甲", is_lead=True)
    write_news(editor, title="乙")
    for_quality = write_news(editor, title="丙", is_lead=True, audience=audience(f"dept:{cast.quality.pk}"))
    assert lead_for(User.objects.get(pk=cast.operator.pk)) == first
    assert lead_for(User.objects.get(pk=cast.head.pk)) == for_quality
    correct_news(for_quality, editor, summary="改了")
    assert lead_for(User.objects.get(pk=cast.head.pk)) == for_quality, "a correction changes nothing of it"
    as_client(editor).post(reverse("bulletin:news_lead", args=[for_quality.pk]), {"lead": "0"})
    assert lead_for(User.objects.get(pk=cast.head.pk)) == first
    as_client(editor).post(reverse("bulletin:news_lead", args=[for_quality.pk]), {"lead": "1"})
    assert lead_for(User.objects.get(pk=cast.head.pk)) == for_quality


def test_filters_stand_in_the_address_and_nonsense_is_not_asked(cast, editor):
    for title, category, days in (("烟叶", "market", 0), ("税则", "law", 3), ("规程", "rules", 9)):
        item = write_news(editor, title=title, category=category)
        NewsItem.objects.filter(pk=item.pk).update(published_at=timezone.now() - timedelta(days=days))
    client = as_client(cast.operator)
    day = (timezone.localdate() - timedelta(days=4)).isoformat()
    for query, found in (
        ("", {"烟叶", "税则", "规程"}),
        ("category=law", {"税则"}),
        (f"from={day}", {"烟叶", "税则"}),
        (f"to={day}", {"规程"}),
        ("q=烟", {"烟叶"}),
        ("q=%25", set()),
        ("q=%00", {"烟叶", "税则", "规程"}),
        ("category=nonsense&from=nonsense&page=nonsense", {"烟叶", "税则", "规程"}),
        ("page=999999999999", {"税则", "规程"}),
    ):
        page = client.get(f"{reverse('bulletin:news')}?{query}").content.decode()
        assert {title for title in ("烟叶", "税则", "规程") if f">{title}</a>" in page} == found, query
    assert [value for value, _label, _items in newest_by_category(cast.operator)] == ["market", "law", "rules"]


def test_the_front_page_asks_no_more_the_more_news_there_is(client, cast, editor, django_assert_max_num_queries):
    client.force_login(cast.operator)
    for number in range(3):
        write_news(editor, title=f"新闻 {number}", category=("market", "law", "rules")[number])
    client.get(reverse("bulletin:news"))
    with django_assert_max_num_queries(16) as few:
        client.get(reverse("bulletin:news"))
    for number in range(12):
        write_news(editor, title=f"更多 {number}")
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("bulletin:news"))
    assert news_for(cast.operator).count() == 15


def test_home_has_the_lead_story_and_the_newest_others_once_each(cast, editor):
    assert lead_and_newest(cast.operator, 2) == []
    stories = [write_news(editor, title=f"新闻 {number}", is_lead=number == 1) for number in range(5)]
    person = User.objects.get(pk=cast.operator.pk)
    found = lead_and_newest(person, 2)
    assert [line.pk for line in found] == [lead_for(person).pk, stories[4].pk, stories[3].pk]
    assert [line.pk for line in lead_and_newest(person, 9)] == [stories[1].pk, *(stories[number].pk for number in (4, 3, 2, 0))]


def test_text_that_looks_like_markup_is_text_everywhere(cast, editor):
    item = write_news(editor, title="<script>alert(1)</script>", summary="<img src=x onerror=alert(2)>", source="<b>源</b>")
    client = as_client(cast.operator)
    write_news(editor, title="第二条")
    for address in (reverse("bulletin:news"), f"{reverse('bulletin:news')}?category=market", item.get_absolute_url(), reverse("home:home")):
        page = client.get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page
        assert "<b>源</b>" not in page
