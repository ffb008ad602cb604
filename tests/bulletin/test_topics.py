"""Topics: staff suggest and support, the department takes suggestions up, says what became of them, and closes with a summary."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bulletin.listing import NoticeList
from bulletin.models import Adoption, Notice
from bulletin.services.topics import TOPIC_END_DUE, adopt_suggestion, close_topic, note_done, withdraw_adoption
from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.discussion.services import post_comment, remove_comment, toggle_support
from portal.notifications.models import Notification
from portal.organization.models import Employment
from portal.organization.querysets import today
from portal.outbox.models import Effect
from portal.outbox.services import drain
from portal.pages.errors import PageStateError
from portal.pages.services import retract_page
from tests.bulletin.writing import audience, correct, write
from tests.discussion.comments import order_in, shown_in

pytestmark = pytest.mark.django_db


def open_topic(board, author, **values) -> Notice:
    return write(board, author, **{"title": "食堂怎样改进？", "kind": "topic", "closes_on": today() + timedelta(days=7), "audience": audience("all")} | values)


@pytest.fixture
def topic(cast, board):
    """A topic of 质检科 for everyone, open for a week."""
    return open_topic(board, cast.head)


@pytest.fixture
def suggestion(cast, topic):
    """By the operator, supported by the salesperson."""
    comment = post_comment(actor=cast.operator, about=topic, body="夜班也供应热饭")
    toggle_support(actor=cast.salesperson, comment=comment)
    return comment


def told(kind: str) -> set[int]:
    drain()
    return set(Notification.objects.filter(kind=f"bulletin.{kind}").values_list("recipient", flat=True))


def on_day(topic: Notice, *, opens: int | None = None, closes: int) -> Notice:
    """The topic as if its days lay so many days from today."""
    Notice.objects.filter(pk=topic.pk).update(
        opens_on=today() + timedelta(days=opens) if opens is not None else None, closes_on=today() + timedelta(days=closes)
    )
    return Notice.objects.get(pk=topic.pk)


@pytest.mark.parametrize(("opens", "closes", "is_open"), [(None, 0, True), (0, 0, True), (-3, 4, True), (1, 4, False), (-9, -1, False)])
def test_a_topic_takes_suggestions_from_its_first_day_to_its_last_and_on_no_other(cast, topic, opens, closes, is_open):
    topic = on_day(topic, opens=opens, closes=closes)
    if is_open:
        assert post_comment(actor=cast.operator, about=topic, body="多放一台微波炉").pk
        return
    with pytest.raises(PermissionDenied):
        post_comment(actor=cast.operator, about=topic, body="多放一台微波炉")


def test_who_is_not_in_the_audience_sees_no_suggestion_and_makes_none(client, cast, board):
    topic = open_topic(board, cast.head, audience=audience(f"dept:{cast.quality.pk}"))
    comment = post_comment(actor=cast.inspector, about=topic, body="换一家供应商")
    client.force_login(cast.salesperson)
    assert client.get(topic.get_absolute_url()).status_code == 404
    assert client.get(reverse("discussion:comment_detail", args=[comment.pk])).status_code == 404
    assert client.post(reverse("discussion:comment_support", args=[comment.pk]), {"support": "1"}).status_code == 404
    client.force_login(cast.deputy)
    assert "换一家供应商" in client.get(topic.get_absolute_url()).content.decode()


def test_who_has_left_the_audience_changes_their_suggestion_no_more(client, cast, board):
    topic = open_topic(board, cast.head, audience=audience(f"dept:{cast.quality.pk}"))
    comment = post_comment(actor=cast.inspector, about=topic, body="换一家供应商")
    Employment.objects.filter(person=cast.inspector).update(department=cast.sales)
    refresh_standings([cast.inspector.pk])
    client.force_login(User.objects.get(pk=cast.inspector.pk))
    for name in ("comment_update", "comment_removal"):
        assert client.post(reverse(f"discussion:{name}", args=[comment.pk]), {"body": "别的"}).status_code == 404
    comment.refresh_from_db()
    assert (comment.body, comment.removed_at) == ("换一家供应商", None)


def test_once_closed_nobody_changes_or_supports_a_suggestion(client, cast, topic, suggestion):
    close_topic(topic, summary="已安排", actor=cast.head)
    for person, name, data in (
        (cast.operator, "comment_update", {"body": "别的"}),
        (cast.inspector, "comment_support", {"support": "1"}),
        (cast.inspector, "reply_create", {"body": "同意"}),
    ):
        client.force_login(person)
        assert client.post(reverse(f"discussion:{name}", args=[suggestion.pk]), data).status_code == 403, name
    suggestion.refresh_from_db()
    assert (suggestion.body, suggestion.support_count, suggestion.reply_count) == ("夜班也供应热饭", 1, 0)


def test_suggestions_with_most_support_stand_first_until_the_reader_asks_otherwise(client, cast, topic, suggestion):
    later = post_comment(actor=cast.inspector, about=topic, body="多放一台微波炉")
    client.force_login(cast.director)
    address = topic.get_absolute_url()
    assert order_in(client.get(address), suggestion, later) == [suggestion.pk, later.pk]
    assert order_in(client.get(address, {"comments_sort": "newest"}), suggestion, later) == [later.pk, suggestion.pk]
    plain = write(topic.board, cast.head, audience=audience("all"))
    first, second = (post_comment(actor=cast.operator, about=plain, body=body) for body in ("一", "二"))
    toggle_support(actor=cast.inspector, comment=first)
    address = reverse("discussion:thread", args=[first.discussion.about_type_id, plain.pk])
    assert order_in(client.get(address, headers={"HX-Request": "true"}), first, second) == [second.pk, first.pk]


def test_the_head_adopts_a_suggestion_and_its_author_and_supporters_are_told(client, cast, topic, suggestion):
    drain()
    client.force_login(cast.head)
    address = reverse("bulletin:suggestion_adoption", args=[suggestion.pk])
    assert client.get(address).status_code == 200
    day = today() + timedelta(days=30)
    answer = client.post(address, {"what_will_be_done": "十二月起夜班供应热饭", "due_on": day.isoformat()})
    assert answer.status_code == 302
    adoption = Adoption.objects.get()
    assert (adoption.comment, adoption.notice, adoption.due_on, adoption.adopted_by) == (suggestion, topic, day, cast.head)
    assert told("adopted") == {cast.operator.pk, cast.salesperson.pk}
    assert AuditRecord.objects.get(verb="suggestion.adopted").object_id == str(topic.pk)
    client.force_login(cast.director)
    assert "十二月起夜班供应热饭" in client.get(topic.get_absolute_url()).content.decode()


def test_a_deputy_adopts_as_the_head_does_and_others_are_refused(client, cast, topic, suggestion):
    addresses = [reverse(f"bulletin:{name}", args=[suggestion.pk]) for name in ("suggestion_adoption",)] + [reverse("bulletin:topic_closing", args=[topic.pk])]
    for person, status in ((cast.deputy, 200), (cast.operator, 403), (cast.inspector, 403), (cast.director, 403), (cast.admin, 403), (cast.customer, 403)):
        client.force_login(person)
        for address in addresses:
            assert client.get(address).status_code == status, (person.name, address)
        if status == 200:
            continue
        with pytest.raises(PageStateError):
            adopt_suggestion(suggestion, what_will_be_done="好", actor=person)
        with pytest.raises(PageStateError):
            close_topic(topic, summary="好", actor=person)


def test_only_those_who_may_adopt_are_offered_it(client, cast, topic, suggestion):
    for person, is_offered in ((cast.head, True), (cast.inspector, False)):
        client.force_login(person)
        page = client.get(topic.get_absolute_url()).content.decode()
        assert (reverse("bulletin:suggestion_adoption", args=[suggestion.pk]) in page) is is_offered
        assert (reverse("bulletin:topic_closing", args=[topic.pk]) in page) is is_offered


def test_an_adoption_is_corrected_and_taken_back_on_record(cast, topic, suggestion):
    adoption = adopt_suggestion(suggestion, what_will_be_done="研究", actor=cast.head)
    assert told("adopted") == {cast.operator.pk, cast.salesperson.pk}
    again = adopt_suggestion(suggestion, what_will_be_done="十二月起供应", actor=cast.deputy)
    assert (again.pk, Adoption.objects.get().what_will_be_done) == (adoption.pk, "十二月起供应")
    entry = AuditRecord.objects.get(verb="suggestion.adoption_changed")
    assert (entry.before["what_will_be_done"], entry.after["what_will_be_done"]) == ("研究", "十二月起供应")
    drain()
    assert Notification.objects.filter(kind="bulletin.adopted").count() == 2, "told once each"
    withdraw_adoption(adoption, actor=cast.head)
    withdraw_adoption(adoption, actor=cast.head)
    assert not Adoption.objects.exists()
    assert AuditRecord.objects.get(verb="suggestion.adoption_withdrawn").before["what_will_be_done"] == "十二月起供应"
    assert told("adopted") == set()


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, cast, topic, suggestion):
    client.force_login(cast.head)
    address = reverse("bulletin:suggestion_adoption", args=[suggestion.pk])
    for data in ({"what_will_be_done": " "}, {"what_will_be_done": "十二月起", "due_on": "2020-01-01"}, {"what_will_be_done": "十二月起", "due_on": "明天"}):
        answer = client.post(address, data)
        assert answer.status_code == 422
        assert data["what_will_be_done"].strip() in answer.content.decode()
    answer = client.post(reverse("bulletin:topic_closing", args=[topic.pk]), {"summary": ""})
    assert answer.status_code == 422
    assert not Adoption.objects.exists()


def test_a_removed_suggestion_is_not_adopted_and_one_that_was_is_shown_without_its_words(client, cast, topic, suggestion):
    other = post_comment(actor=cast.inspector, about=topic, body="取消早会")
    remove_comment(actor=cast.head, comment=other, reason="无关")
    with pytest.raises(PageStateError):
        adopt_suggestion(other, what_will_be_done="好", actor=cast.head)
    adopt_suggestion(suggestion, what_will_be_done="十二月起供应", actor=cast.head)
    remove_comment(actor=cast.operator, comment=suggestion)
    close_topic(topic, summary="已安排", actor=cast.head)
    client.force_login(cast.director)
    page = client.get(topic.get_absolute_url()).content.decode()
    assert "夜班也供应热饭" not in page
    assert "十二月起供应" in page


def test_closing_tells_those_who_follow_and_shows_the_summary_with_what_was_adopted(client, cast, topic, suggestion):
    adopt_suggestion(suggestion, what_will_be_done="十二月起供应", actor=cast.head)
    close_topic(topic, summary="共收到一条建议", actor=cast.head)
    assert told("topic_closed") == {cast.operator.pk}
    stored = Notice.objects.get(pk=topic.pk)
    assert (stored.topic_summary, stored.takes_suggestions) == ("共收到一条建议", False)
    client.force_login(cast.inspector)
    page = client.get(topic.get_absolute_url()).content.decode()
    assert page.index("共收到一条建议") < page.index("十二月起供应") < page.index('id="discussion"')
    [row] = [row for row in NoticeList(User.objects.get(pk=cast.inspector.pk))[0:9] if row.pk == topic.pk]
    assert (row.is_closed, row.adopted) == (True, 1)
    assert "1" in client.get(reverse("bulletin:board")).content.decode()


def test_a_closed_topic_stays_closed_whatever_is_corrected(cast, topic, suggestion):
    adoption = adopt_suggestion(suggestion, what_will_be_done="十二月起供应", actor=cast.head)
    close_topic(topic, summary="已安排", actor=cast.head)
    corrected = correct(topic, cast.head, closes_on=today() + timedelta(days=30))
    assert (corrected.topic_summary, corrected.takes_suggestions) == ("已安排", False)
    for act in (
        lambda: close_topic(topic, summary="再次", actor=cast.head),
        lambda: withdraw_adoption(adoption, actor=cast.head),
        lambda: adopt_suggestion(suggestion, what_will_be_done="别的", actor=cast.head),
    ):
        with pytest.raises(PageStateError):
            act()
    assert Adoption.objects.get().what_will_be_done == "十二月起供应"


def test_after_closing_it_is_still_said_what_was_done(client, cast, topic, suggestion):
    adoption = adopt_suggestion(suggestion, what_will_be_done="十二月起供应", actor=cast.head)
    close_topic(topic, summary="已安排", actor=cast.head)
    client.force_login(cast.head)
    address = reverse("bulletin:suggestion_done", args=[suggestion.pk])
    assert client.post(address, {"what_was_done": ""}).status_code == 422
    assert client.post(address, {"what_was_done": "自十二月一日起供应"}).status_code == 302
    assert told("suggestion_done") == {cast.operator.pk, cast.salesperson.pk}
    note_done(adoption, what_was_done="自十二月二日起供应", actor=cast.head)
    drain()
    assert Notification.objects.filter(kind="bulletin.suggestion_done").count() == 2, "told once each"
    client.force_login(cast.operator)
    assert "自十二月二日起供应" in client.get(topic.get_absolute_url()).content.decode()
    assert client.post(address, {"what_was_done": "没有"}).status_code == 403


def test_after_the_last_day_its_publishers_are_asked_once_to_close_it(cast, topic):
    drain()
    assert correct(topic, cast.head).closes_on == topic.closes_on
    drain()
    effect = Effect.objects.get(kind=TOPIC_END_DUE)
    assert timezone.localtime(effect.due_at).date() == topic.closes_on + timedelta(days=1)
    Effect.objects.filter(pk=effect.pk).update(due_at=timezone.now())
    assert told("topic_unclosed") == {cast.head.pk, cast.deputy.pk}
    close_topic(topic, summary="无", actor=cast.head)
    assert told("topic_unclosed") == set(), "nothing is left to do"


@pytest.mark.parametrize("how", ["closed", "retracted", "later"])
def test_nobody_is_asked_to_close_what_is_closed_or_retracted_or_goes_on(cast, topic, how):
    drain()
    effect = Effect.objects.get(kind=TOPIC_END_DUE)
    if how == "closed":
        close_topic(topic, summary="无", actor=cast.head)
    elif how == "retracted":
        retract_page(topic, reason="有误", actor=cast.head)
    else:
        correct(topic, cast.head, closes_on=topic.closes_on + timedelta(days=7))
    Effect.objects.filter(pk=effect.pk).update(due_at=timezone.now())
    assert told("topic_unclosed") == set()


def test_bells_forget_a_retracted_topic_its_discussion_and_what_became_of_suggestions_and_nothing_else(cast, board, topic, suggestion):
    other = open_topic(board, cast.head, title="班车几点发？")
    kept = post_comment(actor=cast.operator, about=other, body="早十分钟")
    adopt_suggestion(kept, what_will_be_done="下月起", actor=cast.head)
    reply = post_comment(actor=cast.inspector, about=topic, body="同意", parent=suggestion)
    post_comment(actor=cast.operator, about=topic, body="谢谢", parent=reply)
    post_comment(actor=cast.deputy, about=topic, body="再加一个菜")
    note_done(adopt_suggestion(suggestion, what_will_be_done="十二月起供应", actor=cast.head), what_was_done="已供应", actor=cast.head)
    close_topic(topic, summary="夜班供应热饭。", actor=cast.head)
    assert told("topic_closed") >= {cast.operator.pk}
    of_topic = Notification.objects.filter(words__title=topic.title)
    kinds = set(of_topic.values_list("kind", flat=True))
    assert kinds == {
        "bulletin.published",
        "bulletin.adopted",
        "bulletin.suggestion_done",
        "bulletin.topic_closed",
        "discussion.answered",
        "discussion.commented",
    }
    retract_page(topic, reason="有误", actor=cast.admin)
    drain()
    assert set(of_topic.values_list("kind", flat=True)) == {"bulletin.retracted"}
    assert set(Notification.objects.filter(words__title=other.title).values_list("kind", flat=True)) >= {"bulletin.published", "bulletin.adopted"}


def test_an_open_page_is_rung_when_a_suggestion_is_adopted(client, cast, topic, suggestion):
    suggestion.discussion.refresh_from_db()
    seen = suggestion.discussion.cursor
    adopt_suggestion(suggestion, what_will_be_done="十二月起供应", actor=cast.head)
    client.force_login(cast.operator)
    address = reverse("discussion:arrivals", args=[suggestion.discussion.about_type_id, topic.pk])
    answer = client.get(address, {"since": seen}, headers={"HX-Request": "true"}).content.decode()
    assert shown_in(answer) == [suggestion.pk]
    assert "十二月起供应" in answer


def test_adoptions_cost_no_statement_for_each_suggestion(client, cast, topic, django_assert_max_num_queries):
    client.force_login(cast.inspector)

    def adopt(number: int) -> None:
        for place in range(number):
            comment = post_comment(actor=cast.employees[place % 7], about=topic, body=f"建议 {place} / {number}")
            adopt_suggestion(comment, what_will_be_done="好", actor=cast.head)

    adopt(1)
    client.get(topic.get_absolute_url())
    with django_assert_max_num_queries(60) as few:
        client.get(topic.get_absolute_url())
    adopt(9)
    with django_assert_max_num_queries(len(few)):
        client.get(topic.get_absolute_url())
