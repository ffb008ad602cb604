"""What the audience picker offers: departments, positions, groups and people that match what was typed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.access.models import AudienceGroup
from portal.access.rules import CUSTOMERS, EVERYONE, department_token, group_token, person_token, position_token
from portal.access.standings import people_by_token
from portal.accounts.models import User
from portal.organization.models import Department, Employment, Position

DEPARTMENTS = 5
POSITIONS = 4
GROUPS = 4
PEOPLE = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the picker. `detail` tells two of one name apart; `count` is how many people it is today, None for a person."""

    token: str
    kind: str
    label: str
    detail: str = ""
    count: int | None = None


def find_choices(text: str) -> list[Choice]:
    """What matches, the most likely first; without text what is chosen most: everyone, and the top of the tree."""
    words = text.replace("\x00", "").strip()
    found = [*_fixed(words), *_departments(words), *_positions(words), *_groups(words), *(_people(words) if words else [])]
    counts = people_by_token([choice.token for choice in found if choice.kind != "user"])
    return [
        choice if choice.kind == "user" else Choice(choice.token, choice.kind, choice.label, choice.detail, counts.get(choice.token, 0)) for choice in found
    ]


def existing_tokens(tokens: Iterable[str]) -> set[str]:
    """Those of the tokens that name something that exists (S11: a form may name anything)."""
    asked = set(tokens)
    known = asked & {EVERYONE, CUSTOMERS}
    for prefix, model in (("dept", Department), ("pos", Position), ("group", AudienceGroup), ("user", User)):
        ids = {int(token.partition(":")[2].rstrip("+")) for token in asked if token.startswith(f"{prefix}:")}
        existing = {str(pk) for pk in model._default_manager.filter(pk__in=ids).values_list("pk", flat=True)} if ids else set()
        known |= {token for token in asked if token.startswith(f"{prefix}:") and token.partition(":")[2].rstrip("+") in existing}
    return known


def _fixed(words: str) -> list[Choice]:
    fixed = [Choice(EVERYONE, "all", _("everyone"), _("all employees")), Choice(CUSTOMERS, "customers", _("customers"), _("on the extranet"))]
    return [choice for choice in fixed if not words or words.lower() in choice.label.lower()]


def _departments(words: str) -> list[Choice]:
    departments = Department.objects.open()
    if words:
        departments = departments.filter(Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__istartswith=words) | _pinyin(words))
    choices = []
    for department in departments.order_by("path")[:DEPARTMENTS]:
        choices += [
            Choice(department_token(department.pk), "dept", _("%(department)s with those below") % {"department": department.label}),
            Choice(department_token(department.pk, with_below=False), "dept", department.label, _("itself only")),
        ]
    return choices


def _positions(words: str) -> list[Choice]:
    if not words:
        return []
    positions = Position.objects.filter(Q(name__icontains=words) | Q(name_en__icontains=words))[:POSITIONS]
    return [Choice(position_token(position.pk), "pos", _("Position: %(position)s") % {"position": position.label}) for position in positions]


def _groups(words: str) -> list[Choice]:
    groups = AudienceGroup.objects.filter(name__icontains=words)[:GROUPS]
    return [Choice(group_token(group.pk), "group", _("Group: %(group)s") % {"group": group.name}, group.note) for group in groups]


def _people(words: str) -> list[Choice]:
    people = list(User.objects.active().matching(words)[:PEOPLE])
    posts = {
        employment.person_id: employment.department.label
        for employment in Employment.objects.current().primary().filter(person__in=people).select_related("department")
    }
    return [Choice(person_token(person.pk), "user", person.name, f"{posts.get(person.pk, '')} {person.employee_number}".strip()) for person in people]


def _pinyin(words: str) -> Q:
    spelled = words.lower().replace(" ", "")
    if not (spelled.isascii() and spelled.isalpha()):
        return Q(pk__in=[])
    return Q(name_pinyin__regex=r"(^| )" + " ?".join(spelled))
