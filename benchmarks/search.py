"""Search in a plant of 10,000 with 200,000 entries, half of them restricted by 5,000 audiences: finding, typing, indexing, and how soon a notice is found."""

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.client import HTTPConnection
from itertools import cycle
from random import Random
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from benchmarks import board
from benchmarks.context import Context
from benchmarks.rows import Row, at_least, at_most, told
from bulletin.demo.texts import TEXTS
from bulletin.models import Notice
from bulletin.services.boards import board_of
from bulletin.services.notices import create_notice
from portal.access.models import Audience
from portal.access.rules import EVERYONE, AudienceRule, department_token, person_token, position_token
from portal.accounts.models import User
from portal.attachments.models import Attachment, FileText, StoredFile
from portal.foundation.rich_text import to_text
from portal.organization.models import Department, Employment, Position
from portal.outbox.services import drain
from portal.pages.services import publish_draft, save_draft
from portal.search.asking import understand
from portal.search.engines import engine
from portal.search.feeding import feed_all
from portal.search.finding import Chosen, asking, find, find_while_typing
from portal.search.following import rebuild
from portal.search.models import Entry, Waiting
from portal.search.sources import all_sources
from portal.search.views.searching import TYPED
from tests.runtime.portal_process import free_ports

ENTRIES, AUDIENCES = 200_000, 5_000
CONTENTS = 400
TURNS = 300
QUESTIONS = (
    "质量", "卷烟质量", "温湿度 仓库", "消防安全检查", "烟", "设备 维护 保养", "“质量分析”", "通知 -停电", "王伟", "wangwei", "体检安排", "8mg", "GB/T 5606",
    "type:pdf 质量", "department:质检 通知", "after:2025-06 安全", "meeting", "qualty", "怎样缩短换牌号的停机时间", "三季度产品质量分析报告有哪些缺陷",
)  # fmt: skip
TYPED_WORDS = ("w", "wa", "wang", "质", "质量", "质量分", "温湿度", "体检", "通知 5", "zhang", "meet", "8m")
FIND_GOAL, SERVER_GOAL, TYPING_GOAL, INDEXING_GOAL, FOUND_GOAL = 15, 40, 8, 2_000, 1


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    board.fill_boards(context)
    fill(context)
    reader = some_reader()
    rows = [told("search", "entries in the feed", Entry.objects.filter(is_gone=False).count(), "entries")]
    context.say("making the index")
    begun = time.monotonic()
    written = rebuild()
    rows.append(at_least("search", f"{engine().name}: indexing", written / (time.monotonic() - begun), "entries/s", INDEXING_GOAL))
    context.say("finding")
    rows += [*finding(reader), *typing(reader), *_question(reader), *publishing(), *_serving(context, reader)]
    return rows


def finding(reader: User) -> list[Row]:
    """The whole in the process: reading the question, the engine with facets, the check against the database, the passages."""
    people = cycle(_fresh(reader, TURNS + len(QUESTIONS)))
    times = list(_timed(QUESTIONS, lambda words: find(next(people), understand(words), Chosen())))
    return [
        told("search", "finding with facets and passages: median", statistics.median(times), "ms"),
        at_most("search", "finding with facets and passages: p95", _p95(times), "ms", FIND_GOAL),
    ]


def typing(reader: User) -> list[Row]:
    people = cycle(_fresh(reader, TURNS + len(TYPED_WORDS)))
    times = list(_timed(TYPED_WORDS, lambda words: find_while_typing(next(people), understand(words), TYPED)))
    return [told("search", "while typing: median", statistics.median(times), "ms"), at_most("search", "while typing: p95", _p95(times), "ms", TYPING_GOAL)]


def _question(reader: User) -> list[Row]:
    """What is sent to the engine, in characters; it says nothing of what is restricted, so it does not grow with that."""
    ask = asking(reader, understand("卷烟质量"), Chosen(), limit=20)
    fit, _answer = ask.best()
    question = ask.question(fit, ask.wording(fit))
    return [told("search", "the question sent to the engine", len(repr(replace(question, filters=replace(question.filters, now=0)))), "characters")]


def publishing() -> list[Row]:
    """From the answer to the publisher until a reader finds it, with the effects carried out in this process."""
    head = Employment.objects.current().filter(position__is_head=True, person__is_active=True, department__parent__isnull=False).order_by("pk")[0]
    author, reader = User.objects.get(pk=head.person_id), some_reader()
    waits = []
    for _turn in range(3):
        word = f"罕见词{uuid.uuid4().hex[:6]}"
        notice = create_notice(board_of(head.department), actor=author)
        audience = Audience.objects.for_rule(AudienceRule.of([person_token(reader.pk)]))
        save_draft(notice, actor=author, values={"title": f"关于{word}的通知", "body": "<p>请传达。</p>", "audience": audience}, seen=None)
        publish_draft(notice, actor=author)
        begun = time.monotonic()
        drain()
        while not find(some_reader(), understand(word), has_facets=False).total:
            drain()
        waits.append(time.monotonic() - begun)
    return [at_most("search", "a published notice is found after", statistics.median(waits), "s", FOUND_GOAL)]


def _serving(context: Context, reader: User) -> list[Row]:
    """Through the server, one after the other, as one person asks."""
    context.say("finding through the server")
    cookie = context.sign_in(reader)
    port = free_ports()
    with context.server(context.pages_command(port), port):
        client = HTTPConnection("127.0.0.1", port, timeout=30)

        def ask(path: str, words: str) -> None:
            client.request("GET", f"{path}?{urlencode({'q': words})}", headers={"Cookie": cookie})
            answer = client.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} answers {answer.status}")

        times = list(_timed(QUESTIONS, lambda words: ask("/search/", words), turns=120))
        typed = list(_timed(TYPED_WORDS, lambda words: ask("/search/typing/", words), turns=120))
    return [
        at_most("search", "the search page through the server: p95", _p95(times), "ms", SERVER_GOAL),
        told("search", "while typing through the server: p95", _p95(typed), "ms"),
    ]


def _timed(words: tuple[str, ...], ask: Callable[[str], object], turns: int = TURNS) -> Iterator[float]:
    for word in words:
        ask(word)
    for turn in range(turns):
        begun = time.perf_counter()
        ask(words[turn % len(words)])
        yield (time.perf_counter() - begun) * 1000


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def some_reader() -> User:
    employment = Employment.objects.current().primary().filter(person__is_superuser=False, person__is_active=True, position__is_head=False).order_by("pk")[100]
    return User.objects.get(pk=employment.person_id)


def _fresh(person: User, number: int) -> list[User]:
    """As requests load a person: nothing is known of their standing yet."""
    return [User.objects.get(pk=person.pk) for _turn in range(number)]


def fill(context: Context) -> None:
    """Files on the notices until there are 200,000 entries; made once and kept for the next run."""
    # Not every notice is searched, so some fewer may have come of it.
    if Entry.objects.filter(is_gone=False).count() >= 0.99 * ENTRIES:
        return
    random = Random(13)
    _restrict(random)
    contents = _contents(random)
    about = ContentType.objects.get_for_model(Notice)
    notices = list(Notice.objects.filter(is_shown=True).values_list("pk", "published_by", "published_at"))
    wanted = ENTRIES - User.objects.count() - len(notices)
    context.say(f"hanging {wanted:,} files on {len(notices):,} notices")
    rows = []
    for number in range(wanted):
        notice, author, at = notices[number % len(notices)]
        title = to_text(random.choice(TEXTS).title)
        rows.append(
            Attachment(
                file=random.choice(contents),
                name=f"{title} {number}.pdf",
                uploaded_by_id=author,
                created_at=at,
                about_type=about,
                about_id=notice,
                standing="shown",
            )
        )
    Attachment.objects.bulk_create(rows, batch_size=5_000)
    for source in all_sources():
        ids = list(source.rows().values_list("pk", flat=True))
        for done in feed_all(source, ids):
            if done % 2_000 == 0:
                context.say(f"feeding {source.code}: {done:,} of {len(ids):,}")
    Waiting.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _restrict(random: Random) -> None:
    """Every second notice for one of 5,000 audiences."""
    departments, positions = list(Department.objects.filter(parent__isnull=False)), list(Position.objects.all())
    people = list(User.objects.active().employees().order_by("pk")[:3_000])
    rules = set()
    while len(rules) < AUDIENCES:
        tokens = [department_token(random.choice(departments).pk), position_token(random.choice(positions).pk), person_token(random.choice(people).pk)]
        rules.add(AudienceRule.of(random.sample(tokens, random.choice((2, 3))), (), random.randrange(3)))
    Audience.objects.add_rules(rules)
    keys = [rule.key for rule in rules]
    ids = list(Audience.objects.filter(key__in=keys).values_list("pk", flat=True))
    with transaction.atomic():
        for pk in Notice.objects.filter(is_shown=True).exclude(audience__include=[EVERYONE]).values_list("pk", flat=True):
            Notice.objects.filter(pk=pk).update(audience=random.choice(ids))


def _contents(random: Random) -> list[StoredFile]:
    """Stored files with the text of a page or two, without content on the disk: nobody opens them here."""
    files = []
    for number in range(CONTENTS):
        file = StoredFile.objects.create(sha256=f"{number:064x}", size=1, storage_name="none", kind="pdf", media_type="application/pdf", text_state="done")
        for page in range(1, random.choice((2, 2, 3))):
            words = [to_text(paragraph) for text in random.sample(TEXTS, 3) for paragraph in (text.title, *map(str, text.body))]
            FileText.objects.create(file=file, number=page, text="\n".join(words)[:1_500])
        files.append(file)
    return files
