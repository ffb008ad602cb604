"""People as the plant knows them: taken on, named, gone, back again; and their cards."""

from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import EMPLOYEE_NUMBER, User
from portal.accounts.services import end_sessions
from portal.audit.services import record, snapshot
from portal.organization.errors import OrganizationError
from portal.organization.models import Department, Deputyship, Employment, Position, Profile
from portal.organization.querysets import today
from portal.organization.registry import announce_changes, announce_words
from portal.organization.services.concerned import deputies_of
from portal.organization.services.duties import end_duties
from portal.organization.services.employments import FIELDS as EMPLOYMENT_FIELDS
from portal.organization.services.employments import ONE_DAY, add_employment, announce_employment, lock_person
from portal.outbox.services import enqueue

NAME_FIELDS = ("employee_number", "name", "name_en", "email")
CARD_FIELDS = ("mobile", "phone", "room", "about")
DEPARTURE = "organization.departure"


@transaction.atomic
def enrol_person(
    *,
    employee_number: str,
    name: str,
    name_en: str = "",
    email: str = "",
    department: Department,
    position: Position,
    starts_on: date,
    ends_on: date | None = None,
    actor: Any,
    **card: str,
) -> User:
    """Take a new person on. The account opens nothing before a first password is issued. Refuses a number that was ever given."""
    person = add_person(employee_number=employee_number, name=name, name_en=name_en, email=email, actor=actor, **card)
    employment = add_employment(person, department=department, position=position, starts_on=starts_on, ends_on=ends_on, actor=actor)
    announce_employment(employment)
    return person


def add_person(*, employee_number: str, name: str, name_en: str = "", email: str = "", actor: Any, **card: str) -> User:
    """The account and the card without a post, for callers who add that and announce it themselves."""
    number = checked_number(employee_number)
    if User.objects.filter(employee_number=number).exists():
        raise OrganizationError(_("The employee number %(number)s was given before.") % {"number": number})
    person = User.objects.create_user(number, None, name=name, name_en=name_en, email=email)
    Profile.objects.create(person=person, **checked_card(card))
    record(actor, "person.enrolled", person, after=snapshot(person, *NAME_FIELDS) | card)
    return person


@transaction.atomic
def change_person(person: User, *, actor: Any, **changes: Any) -> User:
    """Correct the name, its English form or the address for mail."""
    unknown = set(changes) - {"name", "name_en", "email"}
    if unknown:
        raise TypeError(f"a person has no {', '.join(sorted(unknown))} to change")
    stored = User.objects.select_for_update().get(pk=person.pk)
    before = snapshot(stored, *NAME_FIELDS)
    for field, value in changes.items():
        setattr(stored, field, value)
    stored.spell_name()
    after = snapshot(stored, *NAME_FIELDS)
    if after != before:
        stored.save()
        record(actor, "person.changed", stored, before=before, after=after)
        announce_words(stored)
    return stored


@transaction.atomic
def dismiss_person(person: User, *, leaves_on: date, actor: Any, reason: str = "") -> None:
    """From `leaves_on`, which is the first day without work, the person stands for nothing (S14).

    Today or earlier: at once, with sessions ended and the account closed. Later: by itself on that day, and the account until then is untouched.
    Posts that would begin later are withdrawn, and the person stands in for nobody any more. Refuses oneself.
    """
    if actor is not None and actor.pk == person.pk:
        raise OrganizationError(_("Nobody can dismiss themselves. Ask another administrator."))
    lock_person(person)
    if not person.is_employee:
        raise OrganizationError(_("%(person)s is not an employee.") % {"person": person.name})
    announced = end_posts(person, leaves_on=leaves_on, actor=actor)
    record(actor, "person.dismissed", person, after={"leaves_on": leaves_on}, reason=reason)
    if leaves_on <= today():
        close_account(person)
    else:
        enqueue(DEPARTURE, {"person_id": person.pk}, due_at=timezone.make_aware(datetime.combine(leaves_on, time.min)))
    announce_changes({person.pk} | announced)


def end_posts(person: User, *, leaves_on: date, actor: Any) -> set[int]:
    """End every post and stand-in of a person; return whose rights that touches besides. For callers who hold the lock and announce."""
    lasting = Employment.objects.select_for_update(of=("self",)).filter(person=person).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=leaves_on))
    touched = deputies_of(lasting)
    for employment in lasting.select_related("person", "department", "position"):
        before = snapshot(employment, *EMPLOYMENT_FIELDS)
        if employment.starts_on >= leaves_on:
            record(actor, "employment.withdrawn", employment, before=before)
            employment.delete()
            continue
        employment.ends_on = leaves_on - ONE_DAY
        employment.save(update_fields=["ends_on"])
        record(actor, "employment.ended", employment, before=before, after=snapshot(employment, *EMPLOYMENT_FIELDS))
    end_duties(person, leaves_on=leaves_on, actor=actor)
    standing_in = Deputyship.objects.filter(deputy=person).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=leaves_on))
    standing_in.filter(starts_on__gte=leaves_on).delete()
    standing_in.update(ends_on=leaves_on - ONE_DAY)
    return touched


def close_account(person: User) -> None:
    """No sign-in any more, and every session ends."""
    person.is_active = False
    User.objects.filter(pk=person.pk).update(is_active=False)
    end_sessions(person)


@transaction.atomic
def rehire(person: User, *, department: Department, position: Position, starts_on: date, actor: Any) -> Employment:
    """Take a leaver on again under the old number; what they wrote was theirs all along. Refuses someone who is employed."""
    lock_person(person)
    employment = add_employment(person, department=department, position=position, starts_on=starts_on, actor=actor)
    reopen_account(person, actor=actor)
    announce_employment(employment)
    return employment


def reopen_account(person: User, *, actor: Any) -> None:
    """The account may be used again from the day on which a post begins."""
    if not person.is_active:
        person.is_active = True
        User.objects.filter(pk=person.pk).update(is_active=True)
    record(actor, "person.rehired", person, after={"is_active": True})


@transaction.atomic
def depart(person_id: int) -> None:
    """Close the account of someone whose last day has passed. Does nothing for one who was taken on again, so it may run twice."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person_id)
    if not person.is_active or Employment.objects.filter(person=person).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today())).exists():
        return
    close_account(person)
    record(None, "person.left", person, after={"is_active": False})
    announce_changes({person.pk})


@transaction.atomic
def update_profile(person: User, *, actor: Any, **card: str) -> Profile:
    """Change what the card shows: mobile, phone, room, about."""
    card = checked_card(card)
    profile, _created = Profile.objects.select_for_update().get_or_create(person=person)
    before = snapshot(profile, *CARD_FIELDS)
    for field, value in card.items():
        setattr(profile, field, value)
    after = snapshot(profile, *CARD_FIELDS)
    if after != before:
        profile.save()
        record(actor, "card.changed", person, before=before, after=after)
        announce_words(person)
    return profile


def checked_number(text: str) -> str:
    """The employee number in its stored form; refuses one that is malformed."""
    number = text.strip().lower()
    try:
        EMPLOYEE_NUMBER(number)
    except ValidationError as error:
        raise OrganizationError(" ".join(error.messages)) from error
    return number


def checked_card(card: dict[str, str]) -> dict[str, str]:
    unknown = set(card) - set(CARD_FIELDS)
    if unknown:
        raise TypeError(f"a card has no {', '.join(sorted(unknown))}")
    return card
