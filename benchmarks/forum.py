"""The forum of a plant of 10,000, at a scale that is built in minutes: pages at both ends, what is unread, posting alone and fifty at once."""

import statistics
import threading
from functools import partial

from django.db import connection, connections, transaction

from benchmarks.context import Context
from benchmarks.pages import REFERENCE, REFERENCE_BACKEND, ROUNDS, Site
from benchmarks.rows import Row, at_most, told
from benchmarks.timing import p95, timed
from forum.listing import ThreadList, unread_by_board
from forum.models import PER_PAGE, Board, Post, Thread
from forum.services.posts import post_reply
from forum.services.reading import mark_read
from portal.access.models import Audience
from portal.access.rules import EVERYONE, AudienceRule, department_token
from portal.accounts.models import User
from portal.organization.models import Department, Employment

# A tenth of a plant that has talked for years (60,000 threads, 2,000,000 posts and 2,500,000 positions), and one thread of its full length.
THREADS, LONG, BOARDS, READERS, READ_EACH = 20_000, 100_000, 30, 500, 500
FAR = 9_000
PAGE_GOAL, DEEP_GOAL, MOST_QUERIES, MOST_HTML = 1.5, 1.2, 8, 40
UNREAD_GOAL, POST_GOAL, AT_ONCE_GOAL, AT_ONCE = 10, 60, 300, 50
# The database writes by itself, each in one statement; boards, authors and lengths follow from the number of the thread.
WRITE_THREADS = """
    INSERT INTO forum_thread (board_id, audience_id, uuid, title, author_id, created_at, last_number,
                              last_post_at, last_author_id, mask_count, cursor, is_pinned, is_shown)
    SELECT board.id, board.audience_id, gen_random_uuid(), '换牌号时 5 号嘴棒发射机总堵 ' || n, people[1 + n * 7919 % cardinality(people)],
           now() - n * interval '30 minutes' - interval '9 hours', CASE WHEN n = 1 THEN %(long)s ELSE (ARRAY[1, 2, 3, 5, 8, 25])[1 + n * 31 % 6] END,
           now() - n * interval '30 minutes', people[1 + n * 104729 % cardinality(people)], 0, 0, false, true
    FROM generate_series(1, %(threads)s) AS n, (SELECT %(people)s::bigint[] AS people, %(boards)s::bigint[] AS boards) AS given
    JOIN forum_board board ON true
    WHERE board.id = boards[CASE WHEN n % 2 = 1 THEN 1 ELSE 1 + n / 2 % cardinality(boards) END]
"""
WRITE_POSTS = """
    INSERT INTO forum_post (thread_id, number, author_id, body, created_at, changed_in, support_count, hidden_reason)
    SELECT thread.id, number, thread.author_id, '<p>' || repeat('换牌号时 5 号嘴棒总堵，通一回清一回。', 4) || number || '</p>', thread.created_at, 0, 0, ''
    FROM forum_thread thread CROSS JOIN LATERAL generate_series(1, thread.last_number) AS number
"""
WRITE_POSITIONS = """
    INSERT INTO forum_threadread (person_id, thread_id, number) SELECT person, id, greatest(1, last_number - %(unread)s)
    FROM unnest(%(people)s::bigint[]) AS person, (SELECT id, last_number FROM forum_thread ORDER BY last_post_at DESC LIMIT %(threads)s) AS newest
    ON CONFLICT (person_id, thread_id) DO UPDATE SET number = excluded.number
"""


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    fill_forum(context)
    reader = Employment.objects.current().primary().filter(person__is_superuser=False, person__is_active=True).order_by("pk")[100].person
    diligent = User.objects.exclude(pk=reader.pk).active().employees().order_by("pk")[5]
    _read_everything(diligent)
    return [*_pages(context, reader), *_unread(reader, diligent), *_posting(context)]


def _pages(context: Context, reader: User) -> list[Row]:
    """Each page and the reference take turns, so that whatever else the machine does falls on both."""
    ours, bare = Site("portal.config.settings"), Site("benchmarks.reference.settings")
    cookie, plain = context.sign_in(reader), context.sign_in(reader, backend=REFERENCE_BACKEND)
    board = Board.objects.order_by("pk")[0]
    thread = Thread.objects.order_by("-last_number")[0]
    usual = Thread.objects.filter(board=board, last_number__gt=PER_PAGE).order_by("-last_post_at")[0]
    front_word = _deep_word(reader, board)
    pages = [
        ("the front", "/forum/", PAGE_GOAL, None),
        ("a board", board.get_absolute_url(), PAGE_GOAL, None),
        (f"a board, {FAR // 30} pages on", f"{board.get_absolute_url()}?after={front_word}", None, "a board"),
        ("a thread", usual.get_absolute_url(), PAGE_GOAL, None),
        ("a long thread", thread.get_absolute_url(), PAGE_GOAL, None),
        ("post 95,000 of it", f"{thread.get_absolute_url()}?page={95_000 // PER_PAGE}", None, "a long thread"),
    ]
    rows: list[Row] = []
    for name, path, goal, first in pages:
        context.say(name)
        queries, size = ours.weigh(path, cookie)
        other = next((one[1] for one in pages if one[0] == first), None)
        pairs = [(ours.time(path, cookie), ours.time(other, cookie) if other else bare.time(REFERENCE, plain)) for _round in range(ROUNDS)]
        ratio = statistics.median(own / reference for own, reference in pairs)
        own_ms, reference_ms = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
        rows.append(told("forum", f"{name}: CPU", own_ms, "ms", reference=reference_ms))
        label = f"{name}: CPU of {first or 'the reference'}"
        rows.append(at_most("forum", label, ratio, "x", goal or DEEP_GOAL, reference=1))
        rows.append(at_most("forum", f"{name}: queries", queries, "queries", MOST_QUERIES))
        rows.append(at_most("forum", f"{name}: HTML", size / 1024, "kB", MOST_HTML))
    return rows


def _unread(reader: User, diligent: User) -> list[Row]:
    rows = []
    for name, person in (("who reads nothing", reader), ("who has read everything", diligent)):
        count = partial(_count_unread, person.pk)
        rows.append(at_most("forum", f"unread count, of one {name}", statistics.median(timed(count) for _turn in range(25)), "ms", UNREAD_GOAL))
    return rows


def _posting(context: Context) -> list[Row]:
    context.say("posting")
    people = list(User.objects.active().employees().order_by("pk")[200 : 200 + AT_ONCE])
    threads = list(Thread.objects.filter(audience__include=[EVERYONE]).order_by("-pk")[:40])
    alone = [timed(partial(post_reply, actor=who, thread=thread, body="<p>收到</p>")) for who, thread in zip(people, threads, strict=False)]
    shared, times, lock = Thread.objects.get(pk=threads[0].pk), [], threading.Lock()
    before = shared.last_number
    barrier = threading.Barrier(AT_ONCE)

    def reply(who: User) -> None:
        who.refresh_from_db()
        barrier.wait()
        taken = timed(lambda: post_reply(actor=who, thread=shared, body=f"<p>同意 {who.pk}</p>"))
        with lock:
            times.append(taken)
        connections.close_all()

    crowd = [threading.Thread(target=reply, args=(who,)) for who in people]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    numbers = list(Post.objects.filter(thread=shared, number__gt=before).order_by("number").values_list("number", flat=True))
    gaps = len(set(range(before + 1, before + 1 + AT_ONCE)) ^ set(numbers))
    return [
        at_most("forum", "posting, p95", p95(alone), "ms", POST_GOAL),
        at_most("forum", f"{AT_ONCE} replies to one thread at once, p95", p95(times), "ms", AT_ONCE_GOAL),
        at_most("forum", "numbers left out or given twice", gaps, "posts", 0),
    ]


def fill_forum(context: Context) -> None:
    """Made once and kept for the next run."""
    if Thread.objects.count() >= THREADS:
        return
    context.say(f"writing {THREADS:,} threads")
    departments = list(Department.objects.filter(parent__isnull=False)[: BOARDS // 2])
    rules = [AudienceRule.of([EVERYONE]) if number % 2 == 0 else AudienceRule.of([department_token(departments[number // 2].pk)]) for number in range(BOARDS)]
    boards = [
        Board.objects.get_or_create(name=f"版块 {number}", defaults={"audience": Audience.objects.for_rule(rule), "order": number})[0].pk
        for number, rule in enumerate(rules)
    ]
    people = list(User.objects.active().employees().order_by("pk").values_list("pk", flat=True)[:2_000])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WRITE_THREADS, {"long": LONG, "threads": THREADS, "people": people, "boards": boards})
        context.say("writing the posts")
        cursor.execute(WRITE_POSTS)
        context.say("and how far people have read")
        cursor.execute(WRITE_POSITIONS, {"people": people[:READERS], "threads": READ_EACH, "unread": 1})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE forum_thread, forum_post, forum_threadread")


def _read_everything(person: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(WRITE_POSITIONS, {"people": [person.pk], "threads": THREADS + 100, "unread": 0})
    mark_read(actor=User.objects.get(pk=person.pk), thread=Thread.objects.filter(board__audience__include=[EVERYONE])[0], number=1)


def _deep_word(reader: User, board: Board) -> str:
    """The address's word for what stands far down the board."""
    page = ThreadList(reader, board).page()
    place = Thread.objects.filter(board=board).order_by("-last_post_at", "-id")[FAR]
    return f"r-{int(place.last_post_at.timestamp() * 1_000_000)}-{place.pk}" if page.after else ""


def _count_unread(pk: int) -> dict[int, int]:
    """As a request does: nothing is known of the person yet."""
    return unread_by_board(User.objects.get(pk=pk))
