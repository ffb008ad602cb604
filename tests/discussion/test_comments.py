"""Whoever may see a thing reads what is said of it, and nobody else; what they may write follows the thing's own rule."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from portal.access.policies import viewers_of, visible_to
from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.discussion.errors import DiscussionError, TooManyCommentsError
from portal.discussion.models import LONGEST_COMMENT, Comment, Discussion
from portal.discussion.registry import register_discussable
from portal.discussion.services import (
    edit_comment,
    remove_comment,
    toggle_support,
)
from portal.live.topics import cursor_of, may_listen
from portal.notifications.models import Notification
from portal.organization.models import Employment
from portal.outbox.services import drain
from tests.cast import Cast
from tests.discussion.comments import PART, SignIn, leave_department, say, thread_path
from tests.papers.models import Paper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.discussion.urls")]


def test_a_comment_is_on_the_page_of_its_thing_with_name_and_department(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    say(cast.inspector, paper, "湿度偏高")
    page = client_for(cast.head).get(f"/papers/{paper.pk}/").content.decode()
    assert "湿度偏高" in page
    assert "王伟" in page
    assert "质检科" in page


def test_without_scripts_a_comment_is_posted_and_its_place_isshown_in(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    browser = client_for(cast.inspector)
    page = browser.get(f"/papers/{paper.pk}/").content.decode()
    action = re.search(r'action="(/discussion/[\d-]+/comments/)"', page)
    assert action
    answer = browser.post(action[1], {"body": "湿度偏高\r\n请查"})
    comment = Comment.objects.get()
    assert answer["Location"] == f"/papers/{paper.pk}/?comment={comment.pk}#comment-{comment.pk}"
    assert "湿度偏高<br>请查" in browser.get(answer["Location"]).content.decode()


def test_a_script_gets_an_empty_form_back_and_is_told_to_look(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    say(cast.head, paper)
    answer = client_for(cast.inspector).post(thread_path(paper, "comments/"), {"body": "收到"}, headers=PART)
    assert answer["HX-Trigger"] == "discussion:posted"
    assert "收到" not in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, PART])
@pytest.mark.parametrize(("body", "sentence"), [(" \n ", "Write something first"), ("长" * (LONGEST_COMMENT + 1), "This is too long")])
def test_what_is_refused_comes_back_with_its_sentence_and_all_that_was_typed(
    cast: Cast, client_for: SignIn, paper: Paper, headers: dict[str, str], body: str, sentence: str
) -> None:
    say(cast.head, paper)
    browser = client_for(cast.inspector)
    browser.cookies["gongfang_language"] = "en"
    answer = browser.post(thread_path(paper, "comments/"), {"body": body}, headers=headers)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert body.strip() in answer.content.decode()


def test_a_reply_to_a_reply_stands_on_the_first_level_below_and_names_whom_it_answers(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    root = say(cast.head, paper, "请大家提意见")
    reply = say(cast.inspector, paper, "加一台除湿机", root)
    second = say(cast.deputy, paper, "预算呢", reply)
    assert (second.parent_id, second.answered_id) == (root.pk, reply.pk)
    assert "王伟" in client_for(cast.head).get(f"/discussion/comments/{second.pk}/", headers=PART).content.decode()


def test_the_same_words_sent_twice_at_once_are_one_comment(cast: Cast, paper: Paper) -> None:
    assert say(cast.inspector, paper).pk == say(cast.inspector, paper).pk
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        say(cast.inspector, paper)
    assert Comment.objects.count() == 2


def test_who_writes_without_pause_is_asked_to_wait_and_others_are_not(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    for number in range(10):
        say(cast.inspector, paper, f"{number}")
    with pytest.raises(TooManyCommentsError):
        say(cast.inspector, paper, "again")
    assert client_for(cast.inspector).post(thread_path(paper, "comments/"), {"body": "又一条"}).status_code == 429
    say(cast.deputy, paper)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        say(cast.inspector, paper, "later")


def test_what_is_closed_shows_why_instead_of_a_form_and_can_still_be_read(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    comment = say(cast.inspector, paper, "湿度偏高")
    Paper.objects.update(title="质量月报（已截止）")
    page = client_for(cast.inspector).get(f"/papers/{paper.pk}/").content.decode()
    assert "湿度偏高" in page
    assert "The discussion of this paper is closed." in page
    assert 'name="body"' not in page
    with pytest.raises(PermissionDenied, match="closed"):
        say(cast.inspector, Paper.objects.get())
    for act in ("reply", "change", "removal"):
        assert client_for(cast.inspector).post(f"/discussion/comments/{comment.pk}/{act}/", {"body": "x"}).status_code == 403


def test_one_changes_ones_own_words_and_nobody_elses(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    comment = say(cast.inspector, paper, "湿度 62%")
    assert client_for(cast.inspector).post(f"/discussion/comments/{comment.pk}/change/", {"body": "湿度 65%"}).status_code == 302
    comment.refresh_from_db()
    assert (comment.body, comment.edited_at is not None) == ("湿度 65%", True)
    change = AuditRecord.objects.get(verb="comment.edited")
    assert (change.before["body"], change.after["body"]) == ("湿度 62%", "湿度 65%")
    for other in (cast.head, cast.deputy):
        assert client_for(other).post(f"/discussion/comments/{comment.pk}/change/", {"body": "x"}).status_code == 403


def test_a_removed_comment_leaves_its_place_its_replies_and_who_removed_it(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    root = say(cast.inspector, paper, "不当言论")
    say(cast.deputy, paper, "请注意言辞", root)
    assert client_for(cast.head).post(f"/discussion/comments/{root.pk}/removal/", {"reason": ""}).status_code == 422
    assert client_for(cast.head).post(f"/discussion/comments/{root.pk}/removal/", {"reason": "与议题无关"}).status_code == 302
    page = client_for(cast.inspector).get(f"/papers/{paper.pk}/").content.decode()
    assert "不当言论" not in page
    assert "请注意言辞" in page
    assert "与议题无关" in page
    assert "李敏" in page
    record = AuditRecord.objects.get(verb="comment.removed")
    assert (record.before["body"], record.reason, record.actor_id) == ("不当言论", "与议题无关", cast.head.pk)
    drain()
    assert Notification.objects.get(kind="discussion.removed").recipient_id == cast.inspector.pk


def test_an_author_takes_back_their_own_without_a_reason_and_a_colleague_removes_nothing(cast: Cast, paper: Paper) -> None:
    comment = say(cast.inspector, paper)
    with pytest.raises(PermissionDenied):
        remove_comment(actor=cast.deputy, comment=comment, reason="不喜欢")
    remove_comment(actor=cast.inspector, comment=comment)
    assert Discussion.objects.get().comment_count == 0
    with pytest.raises(PermissionDenied):
        remove_comment(actor=cast.head, comment=comment, reason="再删一次")
    with pytest.raises(PermissionDenied):
        edit_comment(actor=cast.inspector, comment=Comment.objects.get(), body="又来")
    with pytest.raises(PermissionDenied):
        toggle_support(actor=cast.deputy, comment=Comment.objects.get())
    with pytest.raises(DiscussionError):
        say(cast.deputy, paper, "回复", comment)


def test_every_address_is_404_for_who_may_not_see_the_thing(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    comment = say(cast.inspector, paper, "独特词语")
    one = f"/discussion/comments/{comment.pk}/"
    for person in (cast.operator, cast.customer, cast.admin):
        browser = client_for(person)
        for path in (thread_path(paper), thread_path(paper, "new/"), one, f"{one}replies/", f"{one}reply/", f"{one}change/", f"{one}removal/"):
            assert browser.get(path, headers=PART).status_code == 404, path
        for path in (thread_path(paper, "comments/"), thread_path(paper, "following/"), *(f"{one}{act}/" for act in ("reply", "change", "removal", "support"))):
            assert browser.post(path, {"body": "x", "reason": "x"}).status_code == 404, path
    assert Comment.objects.count() == 1
    assert client_for(cast.deputy).get(thread_path(paper), headers=PART).status_code == 200


def test_a_former_member_changes_and_removes_nothing_of_what_they_wrote_there(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    comment = say(cast.inspector, paper, "湿度 62%")
    browser = client_for(cast.inspector)
    assert browser.get(f"/discussion/comments/{comment.pk}/change/").status_code == 200
    leave_department(cast.inspector)
    Employment.objects.create(person=cast.inspector, department=cast.sales, position=cast.staff_post, starts_on=timezone.localdate())
    refresh_standings([cast.inspector.pk])
    for act in ("change", "removal"):
        assert browser.post(f"/discussion/comments/{comment.pk}/{act}/", {"body": "改口", "reason": "x"}).status_code == 404
    former = User.objects.get(pk=cast.inspector.pk)
    for write in (lambda: edit_comment(actor=former, comment=comment, body="改口"), lambda: remove_comment(actor=former, comment=comment)):
        with pytest.raises(PermissionDenied):
            write()
    assert Comment.objects.get().body == "湿度 62%"


def test_what_is_visible_and_who_views_agree_with_the_thing_for_everyone(cast: Cast, paper: Paper) -> None:
    comment = say(cast.inspector, paper)
    assert set(viewers_of(comment)) == set(viewers_of(paper))
    for person in cast.everyone:
        assert visible_to(Comment, person).exists() is visible_to(Paper, person).exists()


def test_a_reply_cannot_be_smuggled_from_one_thing_to_another(cast: Cast, paper: Paper) -> None:
    other = Paper.objects.create(title="年报", audience=paper.audience)
    with pytest.raises(PermissionDenied):
        say(cast.inspector, other, "回复", say(cast.inspector, paper))


def test_only_who_may_see_the_thing_may_listen_and_only_to_what_can_be_discussed(cast: Cast, paper: Paper) -> None:
    say(cast.inspector, paper)
    topic = Discussion.objects.get().topic
    assert may_listen(cast.deputy, topic)
    assert not may_listen(cast.operator, topic)
    assert not may_listen(cast.deputy, "discussion:1-1")
    assert not may_listen(cast.deputy, "discussion:x")
    assert cursor_of(cast.deputy, topic) == 1


def test_a_model_whose_policy_does_not_say_who_comments_cannot_be_discussed() -> None:
    with pytest.raises(LookupError, match="comment, moderate"):
        register_discussable(Comment, url=str)
