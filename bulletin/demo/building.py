"""Making notices in bulk, as if they had been published over the past year, with versions, readers and confirmations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from html import escape
from random import Random
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from bulletin.demo.texts import Text
from bulletin.models import DepartmentBoard, Notice, NoticeVersion, Reading
from bulletin.prefixes import DOCUMENTS, document_key, prefix_key
from bulletin.services.boards import ensure_boards
from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token, position_token
from portal.access.standings import count_matching
from portal.accounts.models import User
from portal.confirmations.models import Confirmation
from portal.numbers.services import continue_after
from portal.organization.demo import Plant
from portal.organization.models import Department
from portal.pages.bulk import BATCH, insert_pages

CORRECTED_AFTER = timedelta(hours=3)
PREFIXES = {"OFF": "厂发", "QUA": "厂质", "PLN": "厂计", "HR": "厂人", "DIR": "厂办"}
PRODUCTION = ("CUT", "MAK", "FIL", "PRD", "EQP")


@dataclass(slots=True)
class Plan:
    """A notice to be made."""

    department: Department
    author: User
    kind: str
    title: str
    body: str
    audience: Audience
    published_at: datetime
    asks: bool = False
    confirm_by: datetime | None = None
    is_urgent: bool = False
    change_note: str = ""
    pinned_until: datetime | None = None
    shown_until: datetime | None = None
    closes_on: date | None = None
    file_ids: list[UUID] = field(default_factory=list)


def plan_notice(plant: Plant, text: Text, at: datetime, audiences: dict[str, Audience]) -> Plan:
    """A text of a department, published at a moment."""
    department = plant.departments[text.department]
    day = timezone.localtime(at).date()
    words = {"day": f"{day.month} 月 {day.day} 日", "month": f"{day.month}"}
    asks = text.asks
    return Plan(
        department=department,
        author=plant.heads.get(text.department) or plant.cast["clerk"],
        kind=text.kind,
        title=text.title.format(**words),
        body=body_html(text).format(**words),
        audience=audiences[text.reach if text.reach not in {"department", "quality"} else f"dept:{text.department}"],
        published_at=at,
        asks=asks,
        confirm_by=at + timedelta(days=plant.random.randrange(3, 9)) if asks else None,
        is_urgent=text.urgent,
        closes_on=day + timedelta(days=plant.random.randrange(6, 20)) if text.kind == Notice.Kind.TOPIC else None,
    )


def audiences_of(plant: Plant) -> dict[str, Audience]:
    """The audiences that the texts name."""
    heads = [position_token(position.pk) for position in plant.positions.values() if position.is_head]
    rules = {
        "all": AudienceRule.of(["all"]),
        "customers": AudienceRule.of(["all", "customers"]),
        "heads": AudienceRule.of(heads),
        "production": AudienceRule.of([department_token(plant.departments[code].pk) for code in PRODUCTION if code in plant.departments]),
        **{f"dept:{code}": AudienceRule.of([department_token(department.pk)]) for code, department in plant.departments.items()},
    }
    return {name: Audience.objects.for_rule(rule) for name, rule in rules.items()}


def body_html(text: Text) -> str:
    """Paragraphs, with the table after the first heading or at the end."""
    parts = [part if part.startswith("<") else f"<p>{escape(part)}</p>" for part in text.body]
    if text.table:
        place = next((index + 1 for index, part in enumerate(parts) if part.startswith("<h2>") and part.endswith("</h2>")), len(parts))
        parts.insert(place, table_html(text.table))
    return "".join(parts)


def table_html(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    cells = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in body)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"


def insert_notices(plans: Iterable[Plan]) -> list[Notice]:
    """The rows of notices that were published, oldest first, without what follows from publishing (bells, record)."""
    ensure_boards()
    boards = {board.department_id: board for board in DepartmentBoard.objects.all()}
    numbers: dict[tuple[str, int], int] = {}
    ordered = sorted(plans, key=lambda plan: plan.published_at)
    places = [boards[plan.department.pk] for plan in ordered]
    notices = [_notice(plan, board, numbers) for plan, board in zip(ordered, places, strict=True)]
    insert_pages(notices, places)
    for (prefix, year), number in numbers.items():
        continue_after(DOCUMENTS, number, year=year, scope=prefix_key(prefix))
    audiences = list({plan.audience.pk: plan.audience for plan in ordered}.values())
    reach = dict(zip((audience.pk for audience in audiences), count_matching([audience.rule for audience in audiences]), strict=True))
    versions = [version for plan, notice in zip(ordered, notices, strict=True) for version in _versions(plan, notice, reach[plan.audience.pk])]
    NoticeVersion.objects.bulk_create(versions, batch_size=BATCH)
    return notices


def add_readers(notices: Sequence[Notice], people: Sequence[User], random: Random, *, share: float = 0.7) -> None:
    """Let some of these people have read and confirmed, within days of the publication."""
    now, notices_type = timezone.now(), ContentType.objects.get_for_model(Notice)
    readings: list[Reading] = []
    confirmations: list[Confirmation] = []
    for notice in notices:
        version = notice.versions.order_by("-number").first() if notice.binding_number else None
        for person in people:
            if random.random() > share:
                continue
            at: datetime = min((notice.published_at or now) + timedelta(minutes=random.expovariate(1 / 900)), now)
            readings.append(Reading(notice=notice, person=person, read_at=at))
            if version is not None and random.random() < 0.92:
                confirmed_at = min(max(at, version.published_at) + timedelta(minutes=random.randrange(1, 9)), now)
                confirmations.append(
                    Confirmation(
                        about_type=notices_type,
                        about_id=notice.pk,
                        number=version.number,
                        person=person,
                        department_id=_department(person),
                        confirmed_at=confirmed_at,
                    )
                )
    Reading.objects.bulk_create(readings, batch_size=5_000, ignore_conflicts=True)
    Confirmation.objects.bulk_create(confirmations, batch_size=5_000, ignore_conflicts=True)


def _department(person: Any) -> int | None:
    return getattr(person, "main_department_id", None)


def _notice(plan: Plan, board: DepartmentBoard, numbers: dict[tuple[str, int], int]) -> Notice:
    number, year, prefix = None, None, ""
    if plan.kind == Notice.Kind.DOCUMENT:
        year = timezone.localtime(plan.published_at).year
        prefix = board.document_prefix or f"厂{plan.department.pk}"
        number = numbers[prefix, year] = numbers.get((prefix, year), 0) + 1
    version = 2 if plan.change_note else 1
    return Notice(
        title=plan.title, owner=plan.author, expire_at=plan.shown_until,
        audience=plan.audience, kind=plan.kind, body=plan.body, file_ids=plan.file_ids, is_urgent=plan.is_urgent, pinned_until=plan.pinned_until,
        needs_confirmation=plan.asks, confirm_by=plan.confirm_by, closes_on=plan.closes_on,
        department=plan.department, is_shown=True, shown_until=plan.shown_until, published_at=plan.published_at, published_by=plan.author,
        corrected_at=plan.published_at + CORRECTED_AFTER if plan.change_note else None, version_number=version, binding_number=1 if plan.asks else None,
        document_prefix=prefix, document_year=year, document_number=number, document_key=document_key(prefix, year, number) if number and year else None,
    )  # fmt: skip


def _versions(plan: Plan, notice: Notice, reach: int) -> list[NoticeVersion]:
    common: dict[str, Any] = {
        "notice": notice,
        "reach": reach,
        "title": plan.title,
        "file_ids": plan.file_ids,
        "audience": plan.audience,
        "published_by": plan.author,
        "confirm_by": plan.confirm_by,
    }
    first_body = plan.body.replace("每班两次", "每日两次") if plan.change_note else plan.body
    versions = [NoticeVersion(number=1, body=first_body, is_binding=plan.asks, published_at=plan.published_at, **common)]
    if plan.change_note:
        versions.append(NoticeVersion(number=2, body=plan.body, change_note=plan.change_note, published_at=plan.published_at + CORRECTED_AFTER, **common))
    return versions


def at_day(day: date, hour: int, minute: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
