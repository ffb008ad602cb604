"""Bringing feed and index up to what the tests have written, as a worker does after commit."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from django.test import Client

from portal.accounts.models import User
from portal.outbox.services import drain
from portal.search.asking import understand
from portal.search.engines import engine
from portal.search.feeding import feed_waiting
from portal.search.finding import Chosen, Findings, find
from portal.search.following import follow
from portal.search.models import Feed
from portal.search.services import touch
from tests.bulletin.writing import audience
from tests.papers.models import Paper


def settle() -> None:
    """Carry out what waits; the index is made where there is none."""
    drain()
    while feed_waiting():
        pass
    follow()


def start_afresh() -> None:
    """No index; and a feed with a name where the test before has emptied all tables."""
    if not Feed.objects.exists():
        Feed.objects.create()
        engine.cache_clear()
    engine().destroy()


def paper(title: str, *include: str, exclude: tuple[str, ...] = (), level: int = 0, **values: object) -> Paper:
    """A paper that is searched; a title with a full-width colon has its text behind it."""
    written = Paper.objects.create(title=title, audience=audience(*(include or ("all",)), exclude=exclude, level=level), **values)
    touch(Paper, [written.pk])
    return written


def ask(person: User, words: str, **chosen: object) -> Findings:
    """As a request asks: nothing is known of the person yet."""
    return find(User.objects.get(pk=person.pk), understand(words), Chosen(**chosen))


def titles(person: User, words: str, **chosen: object) -> list[str]:
    """Of what fits, without what only comes near beside it."""
    found = ask(person, words, **chosen)
    return titles_of(found)[: len(found.results) - found.near]


def titles_of(found: Findings) -> list[str]:
    return ["".join(piece.text for piece in result.title) for result in found.results]


def page(person: User, **query: str) -> str:
    client = Client()
    client.force_login(person)
    answer = client.get("/search/", query)
    assert answer.status_code == 200
    return answer.content.decode()


@contextmanager
def another_session() -> Iterator[psycopg.Connection]:
    """Of the same database, as another process has it."""
    values = connection.get_connection_params()
    with psycopg.connect(**{name: values[name] for name in ("dbname", "user", "password", "host", "port") if values.get(name)}, autocommit=True) as session:
        yield session
        # A server notices some time later that its client has gone.
        session.execute("SELECT pg_advisory_unlock_all()")


def is_somebody_waiting() -> bool:
    """Another session, for a lock that this one has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return bool(cursor.fetchone()[0])
