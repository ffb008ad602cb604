"""Duties, and who holds them from day to day."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record, snapshot
from portal.foundation.locking import lock_row
from portal.organization.errors import OrganizationError
from portal.organization.models import Department, Duty, DutyHolding, Employment
from portal.organization.querysets import today
from portal.organization.registry import announce_changes
from portal.organization.services.concerned import deputies_of
from portal.organization.services.employments import ONE_DAY, lock_person

FIELDS = ("code", "name", "name_en", "order")
HOLDING_FIELDS = ("duty", "person", "starts_on", "ends_on")


@transaction.atomic
def save_duty(duty: Duty | None, *, actor: Any, departments: Iterable[Department] | None = None, **values: Any) -> Duty:
    """Create a duty (None) or change one; `departments` are those that it covers, none of them means all. Refuses a code that is taken."""
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"a duty has no {', '.join(sorted(unknown))} to set")
    stored = Duty() if duty is None else Duty.objects.select_for_update().get(pk=duty.pk)
    before = {} if duty is None else _state(stored)
    for field, value in values.items():
        setattr(stored, field, value)
    if Duty.objects.filter(code=stored.code).exclude(pk=stored.pk).exists():
        raise OrganizationError(_("Another duty has the code %(code)s.") % {"code": stored.code})
    stored.save()
    if departments is not None:
        stored.departments.set(departments)
    after = _state(stored)
    if after != before:
        record(actor, "duty.created" if duty is None else "duty.changed", stored, before=before, after=after)
    return stored


@transaction.atomic
def give_duty(duty: Duty, *, person: User, starts_on: date, ends_on: date | None = None, actor: Any) -> DutyHolding:
    """From `starts_on` to `ends_on` (both included) the person holds the duty, and who stands in for their primary post with them.

    Refuses someone who is not employed by then, days that cannot be, and days in which the person holds it already.
    """
    lock_person(person)
    if ends_on is not None and ends_on < starts_on:
        raise OrganizationError(_("The last day is before the first."))
    if not person.is_active or not Employment.objects.on(max(starts_on, today())).filter(person=person).exists():
        raise OrganizationError(_("%(person)s is not employed on that day.") % {"person": person.name})
    held = DutyHolding.objects.filter(duty=duty, person=person).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if (held if ends_on is None else held.filter(starts_on__lte=ends_on)).exists():
        raise OrganizationError(_("%(person)s holds this duty in that time already.") % {"person": person.name})
    holding = DutyHolding.objects.create(duty=duty, person=person, starts_on=starts_on, ends_on=ends_on)
    record(actor, "duty.given", holding, after=snapshot(holding, *HOLDING_FIELDS))
    announce_changes(_concerned([person.pk]))
    return holding


@transaction.atomic
def end_holding(holding: DutyHolding, *, last_day: date, actor: Any) -> None:
    """The person holds the duty until `last_day`; one that would begin later never begins. What has ended by then stays as it is."""
    stored = lock_row(DutyHolding.objects.select_related("person", "duty"), holding.pk)
    _end(stored, last_day, actor)
    announce_changes(_concerned([stored.person_id]))


def end_duties(person: User, *, leaves_on: date, actor: Any) -> None:
    """Whoever leaves holds no duty from that day on. For callers who hold the lock and announce."""
    lasting = DutyHolding.objects.select_for_update(of=("self",)).filter(person=person).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=leaves_on))
    for holding in lasting.select_related("person", "duty"):
        _end(holding, leaves_on - ONE_DAY, actor)


def _end(holding: DutyHolding, last_day: date, actor: Any) -> None:
    before = snapshot(holding, *HOLDING_FIELDS)
    if holding.starts_on > last_day:
        record(actor, "duty.withdrawn", holding, before=before)
        holding.delete()
    elif holding.ends_on is None or holding.ends_on > last_day:
        holding.ends_on = last_day
        holding.save(update_fields=["ends_on"])
        record(actor, "duty.ended", holding, before=before, after=snapshot(holding, *HOLDING_FIELDS))


def _concerned(person_ids: Collection[int]) -> set[int]:
    return {*person_ids, *deputies_of(Employment.objects.filter(person__in=person_ids, is_primary=True))}


def _state(duty: Duty) -> dict[str, Any]:
    return snapshot(duty, *FIELDS) | {"departments": sorted(duty.departments.values_list("pk", flat=True))}
