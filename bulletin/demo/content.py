"""The boards of the demo plant, as its cast finds them on the first day."""

from datetime import timedelta
from io import BytesIO

from django.utils import timezone
from openpyxl import Workbook

from bulletin.demo.building import PREFIXES, Plan, add_readers, at_day, audiences_of, insert_notices, plan_notice
from bulletin.demo.news import build_news
from bulletin.demo.texts import COMMENTS, CORRECTIONS, SUGGESTIONS, TEXTS
from bulletin.models import DepartmentBoard, Notice, ReadingMark
from bulletin.prefixes import prefix_key
from bulletin.services.boards import ensure_boards
from portal.access.standings import people_matching
from portal.accounts.models import User
from portal.attachments.services import hang_files, receive_file
from portal.discussion.services import post_comment
from portal.organization.demo import Plant, register_content
from portal.organization.models import Employment

DAYS = 200
MOST_READERS = 80


def build_boards(plant: Plant) -> None:
    """Notices over the past months, the newest from today, with files, readers, confirmations, comments and suggestions."""
    ensure_boards()
    for code, prefix in PREFIXES.items():
        if code in plant.departments:
            DepartmentBoard.objects.filter(department=plant.departments[code]).update(document_prefix=prefix, prefix_key=prefix_key(prefix))
    notices = insert_notices(_plans(plant))
    _add_files(plant, notices)
    _mark_older_as_read(plant)
    _add_people(plant, notices)
    _add_comments(plant, notices)


def _plans(plant: Plant) -> list[Plan]:
    audiences = audiences_of(plant)
    random, now = plant.random, timezone.now()
    texts = [text for text in TEXTS if text.department in plant.departments]
    plans = []
    for place, text in enumerate(texts):
        at = now - timedelta(hours=place * 5 + 1, minutes=random.randrange(50))
        plan = plan_notice(plant, text, at, audiences)
        if plan.asks:
            plan.confirm_by = now + timedelta(days=2 + place % 5)
        if place == 1:
            plan.change_note = CORRECTIONS[0]
            plan.pinned_until = now + timedelta(days=3)
        plans.append(plan)
    for place in range(60):
        text = random.choice(texts)
        day = plant.day - timedelta(days=7 + place * (DAYS - 7) // 60)
        plan = plan_notice(plant, text, at_day(day, random.randrange(8, 17), random.randrange(60)), audiences)
        if random.random() < 0.1 and text.kind != Notice.Kind.TOPIC:
            plan.change_note = random.choice(CORRECTIONS[1:])
        if random.random() < 0.15:
            plan.shown_until = now + timedelta(days=random.randrange(2, 50))
        plans.append(plan)
    return plans


def _add_files(plant: Plant, notices: list[Notice]) -> None:
    """A table with the newest report, and a text in GB18030, as it comes from older machines, with the newest document."""
    wanted = {
        "质量分析报告": ("三季度质量数据.xlsx", _workbook()),
        "温湿度管理办法": ("温湿度记录要求.txt", "库区每班记录两次。\n异常在 30 分钟内报质检科。\n".encode("gb18030")),
    }
    for words, (name, content) in wanted.items():
        notice = next((notice for notice in reversed(notices) if words in notice.title), None)
        if notice is None:
            continue
        file = receive_file(actor=notice.published_by, name=name, content=BytesIO(content))
        Notice.objects.filter(pk=notice.pk).update(file_ids=[file.pk])
        hang_files(actor=notice.published_by, about=notice, shown=[file.pk])


def _workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    for row in (("机组", "批次", "一次合格", "空头率"), ("1#", 182, "99.5%", "0.30%"), ("3#", 176, "98.9%", "0.41%"), ("5#", 190, "99.1%", "0.35%")):
        sheet.append(row)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _mark_older_as_read(plant: Plant) -> None:
    """Nobody is greeted by two hundred unread notices: what is older than two days counts as read."""
    until = timezone.now() - timedelta(days=2)
    ReadingMark.objects.bulk_create([ReadingMark(person=person, read_until=until) for person in plant.people if person.is_active], batch_size=5_000)


def _add_people(plant: Plant, notices: list[Notice]) -> None:
    departments = dict(Employment.objects.current().primary().values_list("person", "department"))
    for notice in notices:
        people = list(people_matching(notice.audience.rule).order_by("pk")[:MOST_READERS]) if notice.audience else []
        for person in people:
            person.main_department_id = departments.get(person.pk)
        newest = notice.published_at is not None and notice.published_at > timezone.now() - timedelta(days=1)
        cast = {member.pk for member in plant.cast.values()}
        readers: list[User] = [person for person in people if not (newest and person.pk in cast)]
        add_readers([notice], readers, plant.random, share=0.45 if newest else 0.8)


def _add_comments(plant: Plant, notices: list[Notice]) -> None:
    random = plant.random
    for notice in notices[-20:]:
        people = list(people_matching(notice.audience.rule).order_by("pk")[:30]) if notice.audience else []
        words = SUGGESTIONS if notice.kind == Notice.Kind.TOPIC else COMMENTS
        if not people or (notice.kind == Notice.Kind.TOPIC and not notice.takes_suggestions):
            continue
        for text in random.sample(words, random.randrange(0, 4) if notice.kind != Notice.Kind.TOPIC else 4):
            post_comment(actor=random.choice(people), about=notice, body=text)


register_content(10, build_boards)
register_content(20, build_news)
