"""S15, S16: nothing says who wrote an anonymous post, on no surface and in no table, to the byte; no join on time, transaction, sequence or log finds it."""

import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from forum.models import Post, Thread, Waiting
from forum.services.masked import release_waiting
from forum.services.moderation import report_post
from forum.services.posts import post_reply, set_follow
from forum.services.unsealing import ask_to_unseal
from portal.attachments.queries import shown_on
from portal.notifications.models import Notification
from portal.outbox.services import drain
from portal.runtime.addresses import OWNER_ROLE
from portal.search.feeding import feed_waiting
from portal.search.models import Entry, Passage
from tests.attachments.samples import png
from tests.forum.masked import anonymous_board, make_crowd, make_officers, reply_masked, rounds
from tests.forum.writing import fresh, let_moderate_all, make_thread, moderators_duty

__all__ = ["rounds"]
pytestmark = pytest.mark.usefixtures("rounds")

Rows = dict[str, list[dict[str, Any]]]
# What is drawn by chance or counted up, and tells nothing by itself: compared by how many there are.
CHANCE = {
    "id",
    "uuid",
    "thread_uuid",
    "key",
    "tag",
    "box",
    "delivery",
    "sha256",
    "storage_name",
    "content",
    "size",
    "digest",
    "position",
    "record_id",
    "fingerprint",
}
OWN = {"thread_id", "post_id", "object_id", "about_id"}
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
IDS = re.compile(
    r"((?:/forum/(?:threads|posts|cases)/|forum_thread:|data-cursor=\"|since=|\"(?:post_id|object_id)\": ))\d+"
    r"|(\"seal\": \")[0-9a-f]{64}|((?:nonce=|content=|csrfmiddlewaretoken\" value=|X-CSRFToken(?:&quot;|\"): ?)(?:&quot;|\"))[\w-]{20,}|()" + UUID
)


def even(text: str) -> str:
    """With what is an id, a token or a cursor taken out."""
    return IDS.sub(lambda match: "".join(group or "" for group in match.groups()), text)


@pytest.fixture
def plant(cast):
    """刘洋 moderates by duty, 管理员 all boards by name."""
    make_crowd(cast)
    make_officers(cast)
    let_moderate_all(cast, cast.admin)
    return anonymous_board(cast, duty=moderators_duty(cast, cast.workshop_head))


def test_posts_of_two_authors_are_the_same_to_the_byte_for_everybody_else(cast, plant, client_for):
    at = datetime(2026, 11, 25, 8, 4, tzinfo=UTC)
    threads = []
    for author in (cast.operator, cast.inspector):
        with time_machine.travel(at, tick=False):
            thread = make_thread(plant, cast.head)
            set_follow(actor=fresh(cast.director), thread=thread, level="all")
        address = reverse("forum:reply", args=[thread.pk])
        with time_machine.travel(at + timedelta(minutes=1), tick=False):
            picture = SimpleUploadedFile(f"{author.name}.png", png())
            sent = client_for(author).post(address, {"voice": "mask", "words": "夜班加班费没发。", "pictures": picture})
            assert sent.status_code == 302
        with time_machine.travel(at + timedelta(minutes=7), tick=False):
            assert release_waiting() == 1
            drain()
            feed_waiting()
        threads.append(Thread.objects.get(pk=thread.pk))
    posts = [Post.objects.get(thread=thread, number=2) for thread in threads]
    with time_machine.travel(at + timedelta(minutes=8), tick=False):
        for reader in (cast.salesperson, cast.workshop_head, cast.admin, cast.director):
            client = client_for(reader)
            for name, things in (
                ("thread", threads), ("arrivals", threads), ("history", posts), ("post_report", posts), ("post_hiding", posts), ("post_muting", posts),
                ("post_unsealing", posts),
            ):  # fmt: skip
                shown = [
                    client.get(f"{reverse(f'forum:{name}', args=[thing.pk])}{'?since=1&first=1&last=2' if name == 'arrivals' else ''}") for thing in things
                ]
                assert shown[0].status_code == shown[1].status_code
                assert even(shown[0].text) == even(shown[1].text), (reader.name, name)
                assert "张强" not in shown[0].text
                assert "王伟" not in shown[1].text
        for reader in (cast.operator, cast.inspector):
            page = client_for(reader).get(plant.get_absolute_url()).text
            assert page.count("匿名甲") == 2, "their own lists say no more"
    bells = [
        list(
            Notification.objects.filter(url__in=[post.get_absolute_url(), f"{post.thread.get_absolute_url()}?new"]).values(
                "recipient", "kind", "words", "actor", "created_at"
            )
        )
        for post in posts
    ]
    assert bells[0] == bells[1] != []
    assert {row["actor"] for row in bells[0]} == {None}
    entries = [Entry.objects.get(source="posts", object_id=post.pk, part="") for post in posts]
    assert [entry.author_id for entry in entries] == [None, None]
    for field in ("title", "names", "dated_at", "department_id", "include", "readers"):
        assert getattr(entries[0], field) == getattr(entries[1], field)
    texts = [[passage.text for passage in Passage.objects.filter(entry=entry)] for entry in entries]
    assert texts[0] == texts[1]
    files = [next(iter(shown_on(post))) for post in posts]
    assert [(file.name, file.created_at, file.uploaded_by) for file in files] == [("图片1.jpg", posts[0].created_at, None)] * 2
    contents = [b"".join(client_for(cast.salesperson).get(reverse("attachments:file", args=[file.pk])).streaming_content) for file in files]
    comment = re.compile(rb"\xff\xfe\x00\x22[0-9a-f]{32}")
    assert comment.sub(b"", contents[0]) == comment.sub(b"", contents[1]), "all but the bytes of chance"
    assert contents[0] != contents[1]
    assert b"Exif" not in contents[0]


def test_a_page_that_is_viewed_as_its_author_says_nothing(cast, plant, client_for):
    thread = make_thread(plant, cast.head)
    reply_masked(cast.operator, thread)
    own = client_for(cast.operator).get(thread.get_absolute_url()).text
    assert "post_withdrawal" not in own
    assert "/withdrawal/" in own
    admin = client_for(cast.admin)
    for person in (cast.operator, cast.inspector):
        admin.post(reverse("access:view_as_start"), {"person": person.employee_number, "reason": "核对权限"})
        seen = admin.get(thread.get_absolute_url()).text
        assert "匿名甲" in seen
        assert "/withdrawal/" not in seen
        assert "mask-form" not in seen
        admin.post(reverse("access:view_as_end"))


def test_counts_lists_and_searches_of_a_person_know_nothing_of_what_they_wrote_anonymously(cast, plant, client_for):
    thread = make_thread(plant, cast.head)
    reply_masked(cast.operator, thread)
    post_reply(actor=fresh(cast.operator), thread=thread, body="<p>实名的一句</p>")
    page = client_for(cast.salesperson).get(thread.get_absolute_url()).text
    assert page.count("匿名甲") == 1
    client = client_for(cast.operator)
    assert thread.title not in client.get("/forum/?show=mine").text
    assert "条新" in client_for(cast.head).get("/forum/").text
    assert not Notification.objects.filter(recipient=cast.operator, kind__startswith="forum.").exists()
    case = report_post(actor=fresh(cast.salesperson), post=Post.objects.get(thread=thread, number=2), reason="不实")
    listed = client_for(cast.workshop_head).get(f"{reverse('forum:case_list')}?q=张强").text
    assert case.post.thread.title not in listed, "a search for a name finds no mask"
    assert "匿名甲" in client_for(cast.workshop_head).get(reverse("forum:case_list")).text


def rows_of_all_tables() -> dict[str, dict[str, dict[str, Any]]]:
    """As the owner of the tables, who reads the seals too: by table and place, with the transaction that wrote each row."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {OWNER_ROLE}")
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t.ctid::text, t.xmin::text, row_to_json(t)::text FROM "{table}" t')
            found[table] = {f"{place} {xmin}": {"xmin": xmin, **json.loads(row)} for place, xmin, row in cursor.fetchall()}
    return found


def sequences() -> list[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {OWNER_ROLE}")
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
        return cursor.fetchall()


def changes_of(act: Callable[[], object]) -> Rows:
    """The rows that an act wrote, by table."""
    before = rows_of_all_tables()
    act()
    after = rows_of_all_tables()
    return {table: new for table, rows in after.items() if (new := [row for place, row in rows.items() if place not in before[table]])}


def plain(rows: Rows, thread: Thread) -> dict[str, list[str]]:
    """Without what is drawn by chance, and without the ids of this thread and its posts."""
    own = {str(thread.pk), *(str(pk) for pk in Post.objects.filter(thread=thread).values_list("pk", flat=True))}

    def said(row: dict[str, Any]) -> str:
        kept = {name: value for name, value in row.items() if name not in {*CHANCE, "xmin"}}
        for name in OWN & kept.keys():
            kept[name] = "own" if str(kept[name]) in own else kept[name]
        return even(json.dumps(kept, sort_keys=True, ensure_ascii=False))

    return {table: sorted(said(row) for row in found) for table, found in rows.items()}


@pytest.mark.django_db(transaction=True)
def test_tables_transactions_sequences_times_and_log_are_the_same_whoever_wrote(cast, plant, client_for, caplog):
    caplog.set_level(logging.DEBUG)
    at = datetime(2026, 11, 25, 8, 4, tzinfo=UTC)
    told = []
    for author in (cast.operator, cast.inspector):
        with time_machine.travel(at, tick=False):
            thread = make_thread(plant, cast.head)
            clients = [client_for(person) for person in (cast.operator, cast.inspector, cast.salesperson)]
            for client in clients:
                client.get(thread.get_absolute_url())
                client.post(reverse("forum:reading", args=[thread.pk]), {"number": "1"})
            drain()
        writer = client_for(author)
        drawn = sequences()
        caplog.clear()

        def write(thread=thread, writer=writer):
            with time_machine.travel(at + timedelta(minutes=1, seconds=27), tick=False):
                assert writer.post(reverse("forum:reply", args=[thread.pk]), {"voice": "mask", "words": "夜班加班费没发。"}).status_code == 302

        def release():
            with time_machine.travel(at + timedelta(minutes=7), tick=False):
                assert release_waiting() == 1

        sent = changes_of(write)
        assert list(sent) == ["forum_waiting"], "one row, and nothing else anywhere"
        assert sequences() == drawn
        [waiting] = sent["forum_waiting"]
        assert not {author.pk, author.employee_number, author.name} & {value for value in waiting.values() if not isinstance(value, list | dict)}
        assert not any("08:05" in str(value) for value in waiting.values()), "no time but the round"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {OWNER_ROLE}")
            cursor.execute("SELECT count(*) FROM forum_threadread WHERE xmin::text = %s", [waiting["xmin"]])
            assert cursor.fetchone() == (0,)
        log = " ".join(f"{record.getMessage()} {record.args}" for record in caplog.records if not record.name.startswith("django.db"))
        assert author.name not in log
        assert author.employee_number not in log
        released = changes_of(release)
        together = {row["xmin"] for row in released["forum_post"]}
        persons = people_columns()
        for table, rows in rows_of_all_tables().items():
            for row in rows.values():
                if row["xmin"] in together:
                    assert author.pk not in [row.get(column) for column in persons.get(table, ())], (table, row)
        told.append({"sent": plain(sent, thread), "released": plain(released, thread)})
        Thread.objects.get(pk=thread.pk)
    assert not Waiting.objects.exists()
    assert told[0] == told[1], "whoever wrote, the database says the same"


def people_columns() -> dict[str, list[str]]:
    """The columns that name people, by table; and those of tables that keep a person without a key."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT conrelid::regclass::text, attname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
            WHERE contype = 'f' AND confrelid = 'accounts_user'::regclass
        """)
        found: dict[str, list[str]] = {}
        for table, column in [*cursor.fetchall(), ("audit_record", "actor_id"), ("foundation_sentform", "sender"), ("search_entry", "author_id")]:
            found.setdefault(table, []).append(column)
    return found


def test_who_was_asked_for_is_named_by_no_page_of_the_ceremony(cast, plant, client_for):
    post = reply_masked(cast.operator, make_thread(plant, cast.head))
    ceremony = ask_to_unseal(actor=fresh(cast.salesperson), post=post, reason="诽谤", reference="3")
    for officer in (cast.salesperson, cast.deputy):
        assert "张强" not in client_for(officer).get(reverse("forum:ceremony", args=[ceremony.pk])).text
        assert "张强" not in client_for(officer).get(reverse("forum:ceremony_list")).text
