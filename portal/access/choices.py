"""What the audience picker offers: departments, positions, duties, groups and people that match what was typed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.access.models import AudienceGroup
from portal.access.rules import CUSTOMERS, EVERYONE, department_token, duty_token, group_token, person_token, position_token
from portal.access.standings import people_by_token
from portal.access.words import department_words
from portal.accounts.models import User
from portal.foundation.names import name_starts
from portal.organization.models import Department, Duty, Position
from portal.organization.places import Places, find_people, find_positions, folded, position_labels, posts_of, read_places

DEPARTMENTS = 5
POSITIONS = 4
DUTIES = 4
GROUPS = 4
PEOPLE = 8
UNCOUNTED = ("user", "customers")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the picker. `detail` tells two of one name apart; `count` is how many people it is today, None for a person and for customers."""

    token: str
    kind: str
    label: str
    detail: str = ""
    count: int | None = None


def find_choices(text: str) -> list[Choice]:
    """What matches, the most likely first; without text what is chosen most: everyone, and the top of the tree."""
    words = text.replace("\x00", "").strip()
    places = read_places()
    found = [*_fixed(words), *_departments(words, places), *_positions(words), *_duties(words), *_groups(words), *(_people(words, places) if words else [])]
    counts = people_by_token([choice.token for choice in found if choice.kind not in UNCOUNTED])
    return [
        choice if choice.kind in UNCOUNTED else Choice(choice.token, choice.kind, choice.label, choice.detail, counts.get(choice.token, 0)) for choice in found
    ]


def existing_tokens(tokens: Iterable[str]) -> set[str]:
    """Those of the tokens that name something that exists (S11: a form may name anything)."""
    asked = set(tokens)
    known = asked & {EVERYONE, CUSTOMERS}
    for prefix, model in (("dept", Department), ("pos", Position), ("duty", Duty), ("group", AudienceGroup), ("user", User)):
        ids = {int(token.partition(":")[2].rstrip("+")) for token in asked if token.startswith(f"{prefix}:")}
        existing = {str(pk) for pk in model._default_manager.filter(pk__in=ids).values_list("pk", flat=True)} if ids else set()
        known |= {token for token in asked if token.startswith(f"{prefix}:") and token.partition(":")[2].rstrip("+") in existing}
    return known


def _fixed(words: str) -> list[Choice]:
    fixed = [
        Choice(EVERYONE, "all", _("everyone"), _("all employees")),
        Choice(CUSTOMERS, "customers", _("customers"), _("all of them, on the customers' site")),
    ]
    return [choice for choice in fixed if not words or words.lower() in choice.label.lower()]


def _departments(words: str, places: Places) -> list[Choice]:
    """Twice each: with those below, and alone. Without words the top of the tree."""
    found = places.find(words) if words else [place for place in places.all.values() if not place.is_closed]
    choices = []
    for place in found[:DEPARTMENTS]:
        for with_below in (True, False):
            choices.append(Choice(department_token(place.pk, with_below=with_below), "dept", department_words(places.label(place.pk), with_below=with_below)))
    return choices


def _positions(words: str) -> list[Choice]:
    if not words:
        return []
    found = find_positions(words)[:POSITIONS]
    labels = position_labels(Position.objects.all()) if found else {}
    return [Choice(position_token(position.pk), "pos", _("Position: %(position)s") % {"position": labels[position.pk]}) for position in found]


def _duties(words: str) -> list[Choice]:
    if not words:
        return []
    wanted = folded(words)
    named = [duty for duty in Duty.objects.all() if _is_called(duty.name, wanted) or wanted in folded(duty.name_en)]
    return [Choice(duty_token(duty.pk), "duty", _("Duty: %(duty)s") % {"duty": duty.label}) for duty in named[:DUTIES]]


def _is_called(name: str, wanted: str) -> bool:
    """The words stand in the name, or its pinyin or initials begin with them."""
    return wanted in folded(name) or (wanted.isascii() and f"|{wanted}" in name_starts(name, ""))


def _groups(words: str) -> list[Choice]:
    groups = AudienceGroup.objects.all()
    if words.isascii() and words:
        wanted = folded(words)
        named = [group for group in groups if _is_called(group.name, wanted)]
    else:
        named = list(groups.filter(name__icontains=words)[:GROUPS])
    return [Choice(group_token(group.pk), "group", _("Group: %(group)s") % {"group": group.name}, group.note) for group in named[:GROUPS]]


def _people(words: str, places: Places) -> list[Choice]:
    people = find_people(words, among=User.objects.active(), most=PEOPLE, places=places)
    posts = posts_of(people, places)
    return [Choice(person_token(person.pk), "user", person.name, f"{posts.get(person.pk, '')} {person.employee_number}".strip()) for person in people]
