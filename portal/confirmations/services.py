"""Confirming, and reminding of it: before the time until when, after it, and when somebody presses."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.access.policies import decide
from portal.audit.services import record
from portal.confirmations.errors import ConfirmationError
from portal.confirmations.models import Confirmation, Reminder
from portal.confirmations.registry import Confirmable, confirmable_for
from portal.confirmations.reports import ConfirmationReport
from portal.confirmations.topics import topic_of
from portal.live.services import ring_topics
from portal.notifications.services import notify
from portal.organization.models import Department, Employment
from portal.outbox.models import Effect
from portal.outbox.services import enqueue

REMIND_DUE = "confirmations.remind_due"
OVERDUE_DUE = "confirmations.overdue_due"
BETWEEN_REMINDERS = timedelta(hours=1)
AT_MOST_BEFORE = timedelta(days=1)


@transaction.atomic
def confirm(*, actor: Any, about: models.Model, number: int) -> Confirmation:
    """ "I have read version `number` of this." Doing it twice is the same as once; refuses a version that is not read now."""
    confirmable, stored = confirmable_for(type(about)), _stored(about)
    decision = decide(actor, "confirm", stored)
    if not decision:
        raise ConfirmationError(str(decision.rule))
    asking = confirmable.asks(stored)
    if asking is None:
        raise ConfirmationError(_("No confirmation is asked for."))
    if not 0 < number <= asking.current:
        raise ConfirmationError(_("There is no such version. Open it again, then confirm."))
    if number != asking.current and not (number in asking.also and confirmable.reads(actor, stored, number)):
        raise ConfirmationError(_("It was corrected while you were reading. Read what has changed, then confirm."))
    about_type = ContentType.objects.get_for_model(stored)
    confirmation, is_new = Confirmation.objects.get_or_create(
        about_type=about_type,
        about_id=stored.pk,
        number=number,
        person=actor,
        defaults={"department_id": department_on_duty(actor.pk), "confirmed_at": timezone.now()},
    )
    if is_new:
        record(actor, f"{confirmable.noun}.confirmed", stored, after={"version": number})
        ring_topics({topic_of(about_type.pk, stored.pk): 0})
    if confirmable.confirmed is not None:
        confirmable.confirmed(stored, actor)
    return confirmation


def confirm_for_writers(about: models.Model, people: Iterable[Any]) -> None:
    """Who wrote or published what asks to be confirmed has read it and is not asked. In the transaction that publishes."""
    asking = confirmable_for(type(about)).asks(about)
    if asking is None:
        return
    for person in {person.pk: person for person in people if person is not None}.values():
        if decide(person, "confirm", about):
            confirm(actor=person, about=about, number=asking.current)


@transaction.atomic
def remind_unconfirmed(*, actor: Any, about: models.Model) -> int:
    """Remind everyone who has not confirmed; return how many. Refuses within an hour of the last time, for then nobody reads it."""
    confirmable, stored = confirmable_for(type(about)), _stored(about)
    decision = decide(actor, "report", stored)
    if not decision:
        raise ConfirmationError(str(decision.rule))
    if confirmable.asks(stored) is None:
        raise ConfirmationError(_("No confirmation is asked for."))
    if not _note_reminder(stored):
        raise ConfirmationError(_("They were reminded less than an hour ago. Give them time."))
    missing = ConfirmationReport(stored).missing()
    if not missing:
        raise ConfirmationError(_("Everyone has confirmed."))
    record(actor, f"{confirmable.noun}.reminded", stored, after={"people": len(missing)})
    _remind(confirmable, stored, [person_id for person_id, _department in missing], actor)
    return len(missing)


def plan_deadline(about: models.Model, *, now: datetime) -> None:
    """What is due at the time until when a thing asks, once: one that was moved there and back is planned already. In the transaction that sets it."""
    asking = confirmable_for(type(about)).asks(about)
    if asking is None or asking.by is None or asking.by <= now:
        return
    deadline = {"model": about._meta.label_lower, "id": about.pk, "number": asking.number, "by": asking.by.isoformat()}
    if not Effect.objects.filter(kind=OVERDUE_DUE, payload=deadline).exists():
        enqueue(REMIND_DUE, deadline, due_at=max(now + (asking.by - now) / 2, asking.by - AT_MOST_BEFORE))
        enqueue(OVERDUE_DUE, deadline, due_at=asking.by)


@transaction.atomic
def remind_due(*, model: str, pk: int, number: int, by: str) -> None:
    """The reminder before a deadline; nothing where the thing, what is asked or the deadline has changed since it was planned."""
    about = _still(model, pk, number, by)
    if about is not None and (missing := ConfirmationReport(about).missing()):
        _remind(confirmable_for(type(about)), about, [person_id for person_id, _department in missing], None)


@transaction.atomic
def tell_overdue(*, model: str, pk: int, number: int, by: str) -> None:
    """After a deadline the heads are told how many of their people have not confirmed; of what is not for them, they learn nothing."""
    about = _still(model, pk, number, by)
    if about is None:
        return
    confirmable = confirmable_for(type(about))
    missing = Counter(department_id for _person, department_id in ConfirmationReport(about).missing() if department_id is not None)
    for head_id, count in _by_head(missing).items():
        words = {"number": count, "title": confirmable.label(about)}
        notify(confirmable.overdue, words=words, about=about, recipients=[head_id], url=confirmable.missing_url(about))


def department_on_duty(person_id: int) -> int | None:
    """The department of the person's main post today."""
    return Employment.objects.current().primary().filter(person=person_id).values_list("department_id", flat=True).first()


def _stored(about: models.Model) -> Any:
    return type(about)._default_manager.get(pk=about.pk)


def _note_reminder(about: models.Model) -> bool:
    """Note that it is reminded of now; false within an hour of the last time, also where two press at once."""
    now = timezone.now()
    row, is_new = Reminder.objects.get_or_create(about_type=ContentType.objects.get_for_model(about), about_id=about.pk, defaults={"reminded_at": now})
    return is_new or bool(Reminder.objects.filter(pk=row.pk, reminded_at__lte=now - BETWEEN_REMINDERS).update(reminded_at=now))


def _still(model: str, pk: int, number: int, by: str) -> Any:
    """The thing, where it still asks what was planned."""
    about = apps.get_model(model)._default_manager.filter(pk=pk).first()
    asking = confirmable_for(type(about)).asks(about) if about is not None else None
    return about if asking is not None and asking.number == number and asking.by == datetime.fromisoformat(by) else None


def _remind(confirmable: Confirmable, about: Any, missing: list[int], actor: Any) -> None:
    asking, now = confirmable.asks(about), timezone.now()
    until = asking.by if asking is not None and asking.by is not None and asking.by > now else None
    words = {"title": confirmable.label(about)} | ({"day": date_format(timezone.localtime(until), "m-d H:i")} if until is not None else {})
    notify(confirmable.remind, words=words, about=about, recipients=missing, url=confirmable.url(about), actor=actor)


def _by_head(missing: Counter[int]) -> Counter[int]:
    """How many of each head's people are missing; where a department has no head, the next one above answers."""
    heads: dict[int, list[int]] = {}
    for department_id, person_id in Employment.objects.current().filter(position__is_head=True, person__is_active=True).values_list("department", "person"):
        heads.setdefault(department_id, []).append(person_id)
    told: Counter[int] = Counter()
    for department in Department.objects.filter(pk__in=missing):
        above = next((pk for pk in (department.pk, *reversed(department.ancestor_ids)) if pk in heads), None)
        for head_id in heads.get(above, []) if above is not None else []:
            told[head_id] += missing[department.pk]
    return told
