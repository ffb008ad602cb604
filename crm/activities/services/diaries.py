"""Diaries: written by one, read and answered by the heads above, never lost when they are changed."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.activities.errors import ActivitiesError
from crm.activities.models import Diary, DiaryAnswer, DiaryReading, DiaryVersion
from crm.activities.notifications import DIARY_ANSWERED, DIARY_ASKS
from crm.activities.policies import line_of, may_write_diaries
from portal.access.policies import decide
from portal.access.standings import people_holding
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.organization.models import Department, Employment
from portal.organization.querysets import today

LATEST = timedelta(days=7)  # how late a diary may be written or changed
WORDS = ("done", "thoughts", "plans")


@transaction.atomic
def write_diary(*, actor: Any, day: date, done: str, thoughts: str = "", plans: str = "", asks: bool = False) -> Diary:
    """The diary of a day, or another wording of it; the earlier one is kept. What a head has answered is not changed any more."""
    if not may_write_diaries(actor):
        raise ActivitiesError(_("Diaries are for those who work with customers and their heads."))
    _check_day(day)
    words = {"done": done.strip(), "thoughts": thoughts.strip(), "plans": plans.strip()}
    if not words["done"]:
        raise ActivitiesError(_("Say what was done on this day."))
    department = reading_department(actor)
    if department is None:
        raise ActivitiesError(_("You have no post today, so that nobody could read it."))
    made, is_new = Diary.objects.get_or_create(person=actor, day=day, defaults={**words, "department": department, "asks": asks})
    if is_new:
        record(actor, "diary.written", made, after={"day": day.isoformat()})
    else:
        made = _change(made, actor, words, asks)
    if asks:
        _tell_head(made, actor)
    return made


def _change(diary: Diary, actor: Any, words: dict[str, str], asks: bool) -> Diary:
    held = lock_row(Diary.objects.select_related("person"), diary.pk, no_key=True)
    before = {name: getattr(held, name) for name in WORDS}
    if before == words and held.asks == asks:
        return held
    if held.answers.exists():
        raise ActivitiesError(_("It was answered already. Write what there is to add below the answer."))
    if before != words:
        DiaryVersion.objects.create(diary=held, **before)
        held.changed_at = timezone.now()
    for name, text in words.items():
        setattr(held, name, text)
    held.asks = asks
    held.save()
    record(actor, "diary.changed", held, after={"day": held.day.isoformat()})
    return held


@transaction.atomic
def answer_diary(diary: Diary, *, actor: Any, text: str) -> DiaryAnswer:
    """By a head of the line, which is read as well; or by the writer, to what a head said."""
    held = _lock(diary, actor, "answer")
    if not text.strip():
        raise ActivitiesError(_("Write an answer."))
    made = DiaryAnswer.objects.create(diary=held, author=actor, text=text.strip())
    if actor.pk == held.person_id:
        people = set(held.answers.exclude(author=actor.pk).values_list("author", flat=True))
    else:
        people = {held.person_id}
        _note_reading(held, actor)
        if held.answered_at is None:
            held.answered_at = made.at
            held.save(update_fields=["answered_at"])
    record(actor, "diary.answered", held)
    words = {"who": actor.name, "day": f"{held.day:%Y-%m-%d}", "text": made.text[:80]}
    notify(DIARY_ANSWERED, words=words, about=held, recipients=people, url=held.get_absolute_url(), actor=actor)
    return made


@transaction.atomic
def read_diaries(diaries: Iterable[Diary], *, actor: Any) -> int:
    """A head has read them; how many of them were new to them."""
    return sum(_note_reading(_lock(one, actor, "read"), actor) for one in diaries)


def read_diary(diary: Diary, *, actor: Any) -> None:
    read_diaries([diary], actor=actor)


def reading_department(person: Any) -> Department | None:
    """Whose heads read what this person writes: their department's, or that above the one they head."""
    post = Employment.objects.current().filter(person=person.pk).select_related("department__parent", "position").order_by("-is_primary", "pk").first()
    if post is None:
        return None
    found: Department = post.department.parent if post.position.is_head and post.department.parent is not None else post.department
    return found


def _note_reading(diary: Diary, actor: Any) -> int:
    if actor.pk == diary.person_id:
        return 0
    _row, is_new = DiaryReading.objects.get_or_create(diary=diary, reader=actor)
    return int(is_new)


def _check_day(day: date) -> None:
    if day > today():
        raise ActivitiesError(_("%(day)s is to come. A diary says what was; plans stand in that of the day before.") % {"day": f"{day:%Y-%m-%d}"})
    if day < today() - LATEST:
        raise ActivitiesError(_("%(day)s is more than a week ago. What was written stays as it is.") % {"day": f"{day:%Y-%m-%d}"})


def _tell_head(diary: Diary, actor: Any) -> None:
    """The nearest who head the writer's line, so that one is asked, not all."""
    for token in line_of(diary.department):
        people = [pk for pk in people_holding([token]).values_list("pk", flat=True) if pk != actor.pk]
        if people:
            words = {"who": actor.name, "day": f"{diary.day:%Y-%m-%d}", "text": (diary.thoughts or diary.done)[:80]}
            notify(DIARY_ASKS, words=words, about=diary, recipients=people, url=diary.get_absolute_url(), actor=actor)
            return


def _lock(diary: Diary, actor: Any, action: str) -> Diary:
    held = lock_row(Diary.objects.select_related("person", "department"), diary.pk, no_key=True)
    decision = decide(actor, action, held)
    if not decision:
        raise ActivitiesError(str(decision.rule))
    return held
