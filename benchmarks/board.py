"""The boards in a plant of 10,000 with 20,000 notices, half of them restricted: pages, publishing, the report of confirmations."""

import statistics
import time
from datetime import timedelta
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.context import Context
from benchmarks.pages import REFERENCE, REFERENCE_BACKEND, ROUNDS, Site
from benchmarks.rows import Row, at_most, told
from bulletin.demo.building import Plan, add_readers, body_html, insert_notices
from bulletin.demo.texts import TEXTS
from bulletin.models import Notice, ReadingMark
from bulletin.services.boards import board_of
from bulletin.services.notices import create_notice
from bulletin.services.readers import mark_all_read
from portal.access.models import Audience
from portal.access.rules import EVERYONE, AudienceRule, department_token, position_token
from portal.accounts.models import User
from portal.confirmations.reports import ConfirmationReport
from portal.notifications.models import Notification
from portal.organization.models import Department, Employment, Position
from portal.outbox.services import drain
from portal.pages.services import publish_draft, save_draft

NOTICES, DAYS = 20_000, 700
PER_READ, LIST_GOAL, NOTICE_GOAL = 400, 1.5, 1.2
MOST_QUERIES, MOST_HTML = 8, 30
PUBLISH_GOAL, BELL_GOAL, REPORT_GOAL = 300, 5, 200


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    fill_boards(context)
    employment = Employment.objects.current().primary().filter(person__is_superuser=False, person__is_active=True, position__is_head=False).order_by("pk")[100]
    reader = employment.person
    read = Notice.objects.addressed_to(reader).filter(binding_number__isnull=True, kind=Notice.Kind.NOTICE).newest_first()[0]
    return [*_pages(context, reader, read), *_publishing(context), *_report(context)]


def _pages(context: Context, reader: User, notice: Notice) -> list[Row]:
    """Each page and the reference take turns, so that whatever else the machine does falls on both."""
    ours, bare, wagtail = Site("portal.config.settings"), Site("benchmarks.reference.settings"), Site("benchmarks.reference.wagtail")
    cookie, plain_cookie = context.sign_in(reader), context.sign_in(reader, backend=REFERENCE_BACKEND)
    pages = [
        ("the mixed board", "/bulletin/", ours, cookie, LIST_GOAL),
        ("a department's board", f"/bulletin/departments/{notice.department_id}/", ours, cookie, LIST_GOAL),
        ("a notice", notice.get_absolute_url(), ours, cookie, NOTICE_GOAL),
        ("a plain Wagtail page", f"/wagtail/{notice.pk}/", wagtail, plain_cookie, None),
    ]
    rows: list[Row] = []
    for name, path, site, own_cookie, goal in pages:
        context.say(name)
        queries, size = site.weigh(path, own_cookie)
        pairs = [(site.time(path, own_cookie), bare.time(REFERENCE, plain_cookie)) for _round in range(ROUNDS)]
        ratio = statistics.median(own / reference for own, reference in pairs)
        own_ms, reference_ms = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
        rows.append(told("board", f"{name}: CPU", own_ms, "ms", reference=reference_ms))
        label = f"{name}: CPU of the reference"
        rows.append(at_most("board", label, ratio, "x", goal, reference=1) if goal else told("board", label, ratio, "x", reference=1))
        is_list = goal == LIST_GOAL
        rows.append(
            at_most("board", f"{name}: queries", queries, "queries", MOST_QUERIES) if is_list else told("board", f"{name}: queries", queries, "queries")
        )
        rows.append(at_most("board", f"{name}: HTML", size / 1024, "kB", MOST_HTML) if is_list else told("board", f"{name}: HTML", size / 1024, "kB"))
    return rows


def _publishing(context: Context) -> list[Row]:
    """To everyone: how soon the answer comes, and when the last row of the bells is there."""
    context.say("publishing to everyone")
    head = Employment.objects.current().filter(position__is_head=True, person__is_active=True, department__parent__isnull=False).order_by("pk")[0]
    author = User.objects.get(pk=head.person_id)
    answers, rung, told_people = [], [], 0
    for number in range(3):
        notice = create_notice(board_of(head.department), actor=author)
        audience = Audience.objects.for_rule(AudienceRule.of([EVERYONE]))
        save_draft(notice, actor=author, values={"title": f"全厂通知 {number}", "body": "<p>请各部门传达。</p>", "audience": audience}, seen=None)
        begun = time.monotonic()
        publish_draft(notice, actor=author)
        answers.append(time.monotonic() - begun)
        drain()
        rung.append(time.monotonic() - begun)
        told_people = Notification.objects.filter(url=notice.get_absolute_url()).count()
    return [
        at_most("board", f"publishing to {told_people:,} people answers after", statistics.median(answers) * 1000, "ms", PUBLISH_GOAL),
        at_most("board", "last row of the bells after", statistics.median(rung), "s", BELL_GOAL),
    ]


def _report(context: Context) -> list[Row]:
    context.say("the report of confirmations")
    notice = Notice.objects.filter(binding_number__isnull=False, audience__include=[EVERYONE], audience__level=0).order_by("-published_at")[0]
    people = list(User.objects.active().employees().order_by("pk"))
    add_readers([notice], people, Random(7), share=0.8)
    times = []
    for _turn in range(5):
        begun = time.monotonic()
        report = ConfirmationReport(notice)
        lines = report.departments()
        report.people(limit=51)
        times.append(time.monotonic() - begun)
    expected = sum(line.expected for line in lines)
    return [at_most("board", f"report of confirmations of {expected:,} people", statistics.median(times) * 1000, "ms", REPORT_GOAL)]


def fill_boards(context: Context) -> None:
    """Made once and kept for the next run."""
    if Notice.objects.count() >= NOTICES:
        return
    context.say(f"writing {NOTICES:,} notices")
    random, now = Random(11), timezone.now()
    departments = list(Department.objects.filter(parent__isnull=False))
    heads = dict(Employment.objects.current().filter(position__is_head=True).values_list("department", "person"))
    authors = User.objects.in_bulk(heads.values())
    anyone = next(iter(authors.values()))
    positions = list(Position.objects.all())
    everyone = Audience.objects.for_rule(AudienceRule.of([EVERYONE]))
    restricted = [
        Audience.objects.for_rule(
            AudienceRule.of([department_token(random.choice(departments).pk), position_token(random.choice(positions).pk)], (), random.randrange(3))
        )
        for _number in range(800)
    ]
    plans = []
    for number in range(NOTICES):
        department, text = random.choice(departments), random.choice(TEXTS)
        author = authors.get(heads.get(department.pk, 0), anyone)
        at = now - timedelta(minutes=number * DAYS * 24 * 60 / NOTICES + 1)
        asks = number % 25 == 0
        plans.append(
            Plan(
                department=department, author=author, kind="notice" if text.kind in {"topic", "document"} else text.kind, title=f"{text.title} {number}",
                body=body_html(text), audience=everyone if number % 2 else random.choice(restricted), published_at=at, asks=asks,
                confirm_by=at + timedelta(days=9) if asks else None,
            )
        )  # fmt: skip
    with transaction.atomic():
        insert_notices(plans)
    people = list(User.objects.active().employees().order_by("pk")[:PER_READ])
    for person in people:
        mark_all_read(actor=person, until=now - timedelta(days=10))
    ReadingMark.objects.bulk_create(
        [ReadingMark(person=person, read_until=now - timedelta(days=10)) for person in User.objects.active()], ignore_conflicts=True
    )
    with transaction.atomic():
        add_readers(list(Notice.objects.filter(published_at__gt=now - timedelta(days=60))), people[:PER_READ], random, share=0.3)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
