"""However much is said and whatever is typed, a page stays quick, and text stays text."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.audit.models import AuditRecord
from portal.discussion.models import Comment, Discussion
from portal.discussion.services import (
    delete_discussion,
    remove_comment,
    toggle_support,
)
from portal.discussion.texts import body_html, clean_body
from portal.discussion.threads import PER_PAGE, REPLIES_SHOWN
from tests.cast import Cast
from tests.discussion.comments import SignIn, fill, questions_of, say, shown_in, thread_path
from tests.papers.models import Paper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.discussion.urls")]


def test_the_questions_of_a_page_do_not_grow_with_what_was_said(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    browser = client_for(cast.head)
    root = say(cast.inspector, paper)
    few = questions_of(browser, thread_path(paper))
    fill(paper, cast.deputy, 60)
    fill(paper, cast.inspector, 30, parent=root)
    for comment in Comment.objects.all()[:20]:
        if comment.author != cast.head:
            toggle_support(actor=cast.head, comment=comment)
    assert questions_of(browser, thread_path(paper)) == few <= 10  # two of them ask who takes part in the paper


def test_pages_of_ten_thousand_comments_do_not_shift_when_something_new_arrives(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    comments = fill(paper, cast.inspector, 10_000)
    browser = client_for(cast.head)
    first = browser.get(f"/papers/{paper.pk}/").content.decode()
    assert shown_in(first) == [comment.pk for comment in reversed(comments[-PER_PAGE:])]
    following = re.search(r'rel="next"\s+href="([^"#]+)', first)
    assert following
    say(cast.deputy, paper, "新话")
    second = browser.get(f"/papers/{paper.pk}/{following[1].replace('&amp;', '&')}").content.decode()
    assert shown_in(second) == [comment.pk for comment in reversed(comments[-2 * PER_PAGE : -PER_PAGE])]
    middle = browser.get(f"/papers/{paper.pk}/?comment={comments[5000].pk}").content.decode()
    assert comments[5000].pk in shown_in(middle)
    for nonsense in ("comments_page=-1", "comments_page=999999999999", "comments_upto=x", "comment=99999999999999999999", "comments_sort=evil"):
        assert browser.get(f"/papers/{paper.pk}/?{nonsense}").status_code == 200


def test_the_first_replies_are_shown_and_the_others_are_a_press_away(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    root = say(cast.inspector, paper)
    replies = fill(paper, cast.deputy, 60, parent=root)
    browser = client_for(cast.head)
    assert shown_in(browser.get(f"/papers/{paper.pk}/").content.decode()) == [root.pk, *(reply.pk for reply in replies[:REPLIES_SHOWN])]
    first = browser.get(f"/discussion/comments/{root.pk}/replies/").content.decode()
    second = browser.get(f"/discussion/comments/{root.pk}/replies/?page=2").content.decode()
    assert shown_in(first)[1:] + shown_in(second)[1:] == [reply.pk for reply in replies]


def test_lists_learn_how_many_comments_each_thing_has_in_one_question(cast: Cast, paper: Paper) -> None:
    other = Paper.objects.create(title="年报", audience=paper.audience)
    say(cast.inspector, paper)
    remove_comment(actor=cast.inspector, comment=say(cast.inspector, other))
    assert Discussion.objects.counts_of(Paper, [paper.pk, other.pk]) == {paper.pk: 1}


def test_with_the_thing_its_discussion_goes_and_the_record_stays(cast: Cast, paper: Paper) -> None:
    comment = say(cast.inspector, paper)
    say(cast.deputy, paper, "回复", comment)
    toggle_support(actor=cast.deputy, comment=comment)
    delete_discussion(actor=cast.admin, about=paper)
    assert not Comment.objects.exists()
    assert AuditRecord.objects.filter(verb="discussion.deleted", actor=cast.admin).exists()


def test_text_is_only_ever_text_and_addresses_of_the_web_can_be_pressed() -> None:
    assert body_html("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert "href" not in body_html("javascript:alert(1) data:text/html,x ftp://a.cn")
    html = body_html("见 https://tobacco.gov.cn/a?b=1&c=2，谢谢（https://a.cn/x_(y)）。")
    assert 'href="https://tobacco.gov.cn/a?b=1&amp;c=2"' in html
    assert 'href="https://a.cn/x_(y)"' in html
    assert "onmouseover" not in re.sub(r">[^<]*<", "><", body_html('https://a.cn/"onmouseover="alert(1)'))
    assert body_html("一\n二\n\n三") == "<p>一<br>二</p><p>三</p>"


def test_marks_that_turn_text_around_or_hide_it_are_taken_out() -> None:
    assert clean_body("好\u202e坏\x00\x07\r\n\r\n\r\n\r\n完\u200b \n") == "好坏\n\n完"


@pytest.mark.parametrize("text", ["http://" * 600, "https://a" + ")" * 3900, "(" * 4000, "h" * 4000, "\n" * 4000, "https://" + "a." * 1990])
def test_no_text_takes_long_to_draw(text: str) -> None:
    started = timezone.now()
    body_html(clean_body(text) or "x")
    assert timezone.now() - started < timedelta(seconds=0.2)
