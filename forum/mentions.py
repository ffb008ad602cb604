"""Whom a post calls with @: whoever may read where it stands."""

from typing import NamedTuple

from django.db import models
from django.db.models import Count

from forum.models import Board
from portal.access.policies import viewers_of
from portal.accounts.models import User
from portal.discussion.mentions import SHORTEST, Mentioned, find_mentioned
from portal.foundation.rich_text import to_text
from portal.organization.places import find_people, posts_of

MOST_OFFERED = 8


class Callable(NamedTuple):
    """Somebody who can be called: by name, or by number where the name is another's too."""

    name: str
    place: str
    call: str


def mentioned_in(body: str, place: models.Model) -> Mentioned:
    """`place` is the thread of the post, or the board on which it begins one."""
    return find_mentioned(to_text(body), viewers_of(place)) if "@" in body or "＠" in body else Mentioned()


def offered(board: Board, words: str) -> list[Callable]:
    """Readers of a board by what is typed of a name, its pinyin, a number or a place."""
    readers = User.objects.employees().filter(pk__in=viewers_of(board).values("pk"))
    people = find_people(words, among=readers, most=MOST_OFFERED) if words.strip() else []
    if not people:
        return []
    names = [person.name for person in people if len(person.name) >= SHORTEST]
    counts = dict(readers.filter(name__in=names).order_by().values_list("name").annotate(Count("pk")))
    posts = posts_of(people)
    return [Callable(person.name, posts.get(person.pk, ""), person.name if counts.get(person.name) == 1 else person.employee_number) for person in people]
