"""What becomes of many people at once, in a few statements: by the rules of the services for one, for callers who hold the locks and announce."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import Act, record_all, snapshot
from portal.organization.errors import OrganizationError
from portal.organization.models import Department, Employment, Position, Profile
from portal.organization.services.employments import FIELDS, MOVED, change_post, enters_at, move_payload, new_employment, primary_to_change
from portal.organization.services.people import CARD_FIELDS, NAME_FIELDS, checked_card, checked_number
from portal.outbox.services import enqueue_all

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Someone to be taken on, with a primary post. `names` has the name, and the English one and the address for mail where they are known."""

    employee_number: str
    names: Mapping[str, str]
    card: Mapping[str, str] = field(default_factory=dict)
    department: Department
    position: Position
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Move:
    person: User
    department: Department
    position: Position
    moves_on: date


def enrol_all(newcomers: Sequence[Newcomer], *, actor: Any) -> list[User]:
    """The accounts, cards and posts. Refuses all where one number was ever given, or one post cannot be."""
    people = []
    for newcomer in newcomers:
        person = User(employee_number=checked_number(newcomer.employee_number), **newcomer.names)
        person.set_unusable_password()
        person.spell_name()
        people.append(person)
    given = User.objects.filter(employee_number__in=[person.employee_number for person in people]).values_list("employee_number", flat=True).first()
    if given is not None:
        raise OrganizationError(_("The employee number %(number)s was given before.") % {"number": given})
    User.objects.bulk_create(people, batch_size=BATCH)
    pairs = list(zip(people, newcomers, strict=True))
    Profile.objects.bulk_create([Profile(person=person, **checked_card(dict(one.card))) for person, one in pairs], batch_size=BATCH)
    posts = [new_employment(person, department=one.department, position=one.position, starts_on=one.starts_on, ends_on=one.ends_on) for person, one in pairs]
    Employment.objects.bulk_create(posts, batch_size=BATCH)
    acts: list[Act] = []
    for (person, one), post in zip(pairs, posts, strict=True):
        acts.append(("person.enrolled", person, {}, snapshot(person, *NAME_FIELDS) | dict(one.card)))
        acts.append(("employment.started", post, {}, snapshot(post, *FIELDS)))
    record_all(actor, acts)
    return people


def move_all(moves: Sequence[Move], *, actor: Any) -> None:
    """Another primary post for each from a day on. Refuses all where one of them cannot move."""
    held: dict[int, list[Employment]] = defaultdict(list)
    primary = Employment.objects.select_for_update(of=("self",)).filter(person__in=[move.person for move in moves], is_primary=True)
    for post in primary.select_related("person", "department", "position").order_by("starts_on"):
        held[post.person_id].append(post)
    corrected: list[Employment] = []
    ended: list[Employment] = []
    begun: list[Employment] = []
    told: list[tuple[str, Employment, dict[str, Any]]] = []
    for move in moves:
        current = primary_to_change(move.person, held[move.person.pk], department=move.department, position=move.position, moves_on=move.moves_on)
        before = snapshot(current, *FIELDS)
        moved = change_post(current, department=move.department, position=move.position, moves_on=move.moves_on)
        if moved is current:
            corrected.append(current)
            told.append(("employment.corrected", current, before))
        else:
            ended.append(current)
            begun.append(moved)
            told.append(("employment.moved", moved, before))
    Employment.objects.bulk_update(corrected, ["department", "position"], batch_size=BATCH)
    for last_day in sorted({post.ends_on for post in ended if post.ends_on}):
        Employment.objects.filter(pk__in=[post.pk for post in ended if post.ends_on == last_day]).update(ends_on=last_day)
    Employment.objects.bulk_create(begun, batch_size=BATCH)
    record_all(actor, [(verb, post, before, snapshot(post, *FIELDS)) for verb, post, before in told])
    effects: list[tuple[dict[str, Any], datetime]] = [(move_payload(post, actor), enters_at(post)) for _verb, post, _before in told]
    enqueue_all(MOVED, effects)


def change_cards(cards: Sequence[tuple[User, Mapping[str, str]]], *, actor: Any) -> None:
    """Something else on each of these cards."""
    people = [person for person, _card in cards]
    profiles = Profile.objects.select_for_update().in_bulk([person.pk for person in people])
    acts: list[Act] = []
    changed = []
    for person, card in cards:
        profile = profiles.get(person.pk) or Profile(person=person)
        before = snapshot(profile, *CARD_FIELDS)
        for name, value in checked_card(dict(card)).items():
            setattr(profile, name, value)
        after = snapshot(profile, *CARD_FIELDS)
        if after != before:
            changed.append(profile)
            acts.append(("card.changed", person, before, after))
    # Some four times as fast as bulk_update, which makes a CASE of each value.
    Profile.objects.bulk_create(changed, update_conflicts=True, unique_fields=["person"], update_fields=CARD_FIELDS, batch_size=BATCH)
    record_all(actor, acts)
