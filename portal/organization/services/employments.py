"""Who holds which post from when to when. A person's changes happen one after the other: their row is locked."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record, snapshot
from portal.foundation.locking import lock_row
from portal.organization.errors import OrganizationError
from portal.organization.models import Department, Employment, Position
from portal.organization.registry import announce_changes
from portal.organization.services.concerned import deputies_of
from portal.outbox.services import enqueue

FIELDS = ("department", "position", "is_primary", "starts_on", "ends_on")
ONE_DAY = timedelta(days=1)
MOVED = "organization.person_moved"


@transaction.atomic
def start_employment(
    person: User,
    *,
    department: Department,
    position: Position,
    starts_on: date,
    ends_on: date | None = None,
    is_primary: bool = True,
    actor: Any,
) -> Employment:
    """Give a person a post. Refuses a second primary one at the same time, and a department that is closed by then."""
    lock_person(person)
    employment = add_employment(person, department=department, position=position, starts_on=starts_on, ends_on=ends_on, is_primary=is_primary, actor=actor)
    announce_employment(employment)
    return employment


@transaction.atomic
def end_employment(employment: Employment, *, last_day: date, actor: Any) -> Employment:
    """The person holds the post until `last_day`, which is included. Refuses a day before it began."""
    lock_person(employment.person)
    stored = _locked(employment)
    if last_day < stored.starts_on:
        raise OrganizationError(_("It begins on %(day)s; it cannot end before.") % {"day": _day(stored.starts_on)})
    before = snapshot(stored, *FIELDS)
    stored.ends_on = last_day
    with sentence_for_overlap(stored.person):
        stored.save(update_fields=["ends_on"])
    record(actor, "employment.ended", stored, before=before, after=snapshot(stored, *FIELDS))
    announce_employment(stored)
    return stored


@transaction.atomic
def continue_employment(employment: Employment, *, actor: Any, today: date) -> Employment:
    """Take back the end of a post that still lasts: it goes on until further notice. Refuses where another primary one follows, or it is over."""
    lock_person(employment.person)
    stored = _locked(employment)
    if stored.ends_on is not None and stored.ends_on < today:
        raise OrganizationError(_("It is over already. Take the person on again instead."))
    before = snapshot(stored, *FIELDS)
    stored.ends_on = None
    with sentence_for_overlap(stored.person):
        stored.save(update_fields=["ends_on"])
    record(actor, "employment.continued", stored, before=before, after=snapshot(stored, *FIELDS))
    announce_employment(stored)
    return stored


@transaction.atomic
def withdraw_employment(employment: Employment, *, actor: Any, today: date) -> None:
    """Take back a post that has not begun; the primary one that was to end for it goes on. Refuses one that was held."""
    lock_person(employment.person)
    stored = _locked(employment)
    if stored.starts_on <= today:
        raise OrganizationError(_("It has begun already. End it instead."))
    record(actor, "employment.withdrawn", stored, before=snapshot(stored, *FIELDS))
    earlier = Employment.objects.filter(person=stored.person, is_primary=True, ends_on=stored.starts_on - ONE_DAY).first() if stored.is_primary else None
    announced = {stored.person_id} | deputies_of(Employment.objects.filter(pk=stored.pk))
    ends_on = stored.ends_on
    stored.delete()
    if earlier is not None:
        before = snapshot(earlier, *FIELDS)
        earlier.ends_on = ends_on
        earlier.save(update_fields=["ends_on"])
        record(actor, "employment.continued", earlier, before=before, after=snapshot(earlier, *FIELDS))
    announce_changes(announced)


@transaction.atomic
def move_person(person: User, *, department: Department, position: Position, moves_on: date, actor: Any) -> Employment:
    """From `moves_on` the person's primary post is this one; a day to come takes effect by itself.

    The post until then ends the day before. One that would begin on that very day is put right instead. Refuses while a later move is planned.
    """
    lock_person(person)
    employment = change_primary(person, department=department, position=position, moves_on=moves_on, actor=actor)
    announce_employment(employment)
    return employment


def change_primary(person: User, *, department: Department, position: Position, moves_on: date, actor: Any) -> Employment:
    """`move_person` for callers who hold the lock and announce themselves."""
    held = Employment.objects.select_for_update(of=("self",)).filter(person=person, is_primary=True).select_related("department", "position")
    current = primary_to_change(person, list(held.order_by("starts_on")), department=department, position=position, moves_on=moves_on)
    before = snapshot(current, *FIELDS)
    moved = change_post(current, department=department, position=position, moves_on=moves_on)
    current.save()
    if moved is not current:
        moved.save()
    record(actor, "employment.corrected" if moved is current else "employment.moved", moved, before=before, after=snapshot(moved, *FIELDS))
    enqueue(MOVED, move_payload(moved, actor), due_at=enters_at(moved))
    return moved


def primary_to_change(person: User, held: Sequence[Employment], *, department: Department, position: Position, moves_on: date) -> Employment:
    """Which of a person's primary posts, in their order, ends by a move. Refuses while a later move is planned, without a post, and the same post again."""
    refuse_closed(department, moves_on)
    planned = next((post for post in held if post.starts_on > moves_on), None)
    if planned is not None:
        raise OrganizationError(_("%(person)s is to move on %(day)s already. Withdraw that first.") % {"person": person.name, "day": _day(planned.starts_on)})
    current = next((post for post in held if post.holds_on(moves_on)), None)
    if current is None:
        raise OrganizationError(_("%(person)s holds no post on that day. Take them on again instead.") % {"person": person.name})
    if (current.department_id, current.position_id) == (department.pk, position.pk):
        raise OrganizationError(_("%(person)s holds this post already.") % {"person": person.name})
    return current


def change_post(current: Employment, *, department: Department, position: Position, moves_on: date) -> Employment:
    """The post from then on, unsaved: this one put right where it begins on that very day, else another, and this one ends the day before."""
    if current.starts_on == moves_on:
        current.department, current.position = department, position
        return current
    moved = Employment(person=current.person, department=department, position=position, starts_on=moves_on, ends_on=current.ends_on, is_primary=True)
    current.ends_on = moves_on - ONE_DAY
    return moved


def enters_at(employment: Employment) -> datetime:
    """When somebody is told of a move: on the day of entering, and not before."""
    return max(timezone.make_aware(datetime.combine(employment.starts_on, time.min)), timezone.now())


def move_payload(employment: Employment, actor: Any) -> dict[str, Any]:
    post = [employment.department_id, employment.position_id]
    return {"employment_id": employment.pk, "post": post, "actor_id": actor.pk if actor is not None else None}


def add_employment(
    person: User, *, department: Department, position: Position, starts_on: date, ends_on: date | None = None, is_primary: bool = True, actor: Any
) -> Employment:
    """`start_employment` for callers who hold the lock and announce themselves."""
    employment = new_employment(person, department=department, position=position, starts_on=starts_on, ends_on=ends_on, is_primary=is_primary)
    with sentence_for_overlap(person):
        employment.save()
    record(actor, "employment.started", employment, after=snapshot(employment, *FIELDS))
    return employment


def new_employment(
    person: User, *, department: Department, position: Position, starts_on: date, ends_on: date | None = None, is_primary: bool = True
) -> Employment:
    """A post, unsaved. Refuses a department that is closed by then, and an end before the beginning."""
    refuse_closed(department, starts_on)
    if ends_on is not None and ends_on < starts_on:
        raise OrganizationError(_("It begins on %(day)s; it cannot end before.") % {"day": _day(starts_on)})
    return Employment(person=person, department=department, position=position, starts_on=starts_on, ends_on=ends_on, is_primary=is_primary)


def announce_employment(employment: Employment) -> None:
    """Its holder's rights change, and those of whoever stands in."""
    announce_changes({employment.person_id} | deputies_of(Employment.objects.filter(person_id=employment.person_id)))


def lock_person(person: User) -> None:
    User.objects.select_for_update(of=("self",)).only("pk").get(pk=person.pk)


def refuse_closed(department: Department, day: date) -> None:
    if department.closed_on is not None and department.closed_on <= day:
        raise OrganizationError(_("“%(department)s” is closed from %(day)s.") % {"department": department.label, "day": _day(department.closed_on)})


@contextmanager
def sentence_for_overlap(person: User) -> Iterator[None]:
    """Turns the database's refusal of two primary posts at a time into a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "one_primary_employment_at_a_time" not in str(error):
            raise
        raise OrganizationError(_("%(person)s has another primary post in that time.") % {"person": person.name}) from error


def _locked(employment: Employment) -> Employment:
    return lock_row(Employment.objects.select_related("person", "department", "position"), employment.pk)


def _day(day: date) -> str:
    return date_format(day, "Y-m-d")
