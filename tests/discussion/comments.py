"""Writing comments quickly, and reading pages of them."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.discussion.models import Comment, Discussion
from portal.discussion.services import (
    post_comment,
)
from portal.organization.models import Employment
from tests.papers.models import Paper

SignIn = Callable[[User], Client]
PART = {"HX-Request": "true"}


def say(actor: User, paper: Paper, body: str = "同意", parent: Comment | None = None) -> Comment:
    return post_comment(actor=actor, about=paper, body=body, parent=parent)


def fill(paper: Paper, author: User, count: int, *, parent: Comment | None = None) -> list[Comment]:
    """Many comments at once, as the services would have left them."""
    first = say(author, paper, "第一条", parent)
    discussion = Discussion.objects.get()
    rows = [
        Comment(discussion=discussion, parent=parent, author=author, body=f"第 {number} 条", born_in=discussion.cursor, changed_in=discussion.cursor)
        for number in range(2, count + 1)
    ]
    rows = Comment.objects.bulk_create(rows)
    Comment.objects.filter(pk=parent.pk if parent else None).update(reply_count=count)
    discussion.comment_count += count - 1
    discussion.place_count += 0 if parent else count - 1
    discussion.save()
    return [first, *rows]


def leave_department(person: User) -> None:
    Employment.objects.filter(person=person).delete()
    refresh_standings([person.pk])


def thread_path(paper: Paper, rest: str = "") -> str:
    return f"/discussion/{Discussion.objects.get().topic.removeprefix('discussion:')}/{rest}"


def questions_of(browser: Client, path: str) -> int:
    assert browser.get(path, headers=PART).status_code == 200
    with CaptureQueriesContext(connection) as questions:
        browser.get(path, headers=PART)
    return len(questions)


def shown_in(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<article class="comment[^"]*" id="comment-(\d+)"', page)]


def order_in(answer: Any, *comments: Comment) -> list[int]:
    return [pk for pk in shown_in(answer.content.decode()) if pk in {comment.pk for comment in comments}]
