"""People and departments, to be found by everyone who works here."""

from collections.abc import Collection, Iterator

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.access.rules import EVERYONE, AudienceRule
from portal.accounts.models import User
from portal.organization.models import Department, Employment, Position, Profile
from portal.organization.querysets import today
from portal.organization.registry import follow_changes, follow_words
from portal.organization.services.concerned import holders_of, people_below
from portal.search.services import touch, touch_of_departments
from portal.search.sources import Draft, Kind, Source, register_kind, register_source

EVERYBODY = AudienceRule.of([EVERYONE])


def _employees() -> QuerySet[User]:
    """Those who work here today; administrators without a post are nobody's colleagues."""
    return User.objects.filter(is_active=True, kind=User.Kind.EMPLOYEE, pk__in=Employment.objects.on(today()).values("person"))


def _departments() -> QuerySet[Department]:
    return Department.objects.open()


def _drafts_of_people(people: QuerySet[User]) -> Iterator[tuple[int, Draft]]:
    rows = list(people)
    posts: dict[int, list[Employment]] = {}
    for post in Employment.objects.on(today()).filter(person__in=rows).select_related("department__parent", "position").order_by("-is_primary", "pk"):
        posts.setdefault(post.person_id, []).append(post)
    cards = Profile.objects.in_bulk([person.pk for person in rows])
    for person in rows:
        held = posts.get(person.pk, [])
        card = cards.get(person.pk)
        words = [person.employee_number, *_post_words(held)]
        words += [value for value in (card.phone, card.mobile, card.room, card.about) if value] if card is not None else []
        yield (
            person.pk,
            Draft(
                kind="person",
                title=f"{person.name} {person.name_en}".strip(),
                url=reverse("organization:person_detail", args=[person.pk]),
                rule=EVERYBODY,
                text=[(None, " · ".join(words))],
                names=tuple(name for name in (person.name, person.name_en, person.employee_number) if name),
                department_id=held[0].department_id if held else None,
                number=person.employee_number,
                called=tuple(dict.fromkeys(name for post in held for name in (post.position.name, post.position.name_en) if name)),
            ),
        )


def _post_words(held: list[Employment]) -> Iterator[str]:
    for post in held:
        above = post.department.parent.name if post.department.parent is not None and post.department.parent.parent_id else ""
        yield " ".join(filter(None, (above, post.department.name, post.department.name_en, post.position.name, post.position.name_en)))


def _drafts_of_departments(departments: QuerySet[Department]) -> Iterator[tuple[int, Draft]]:
    for department in departments.select_related("parent"):
        words = [department.name_en, department.code, department.phone, department.parent.name if department.parent else ""]
        yield (
            department.pk,
            Draft(
                kind="department",
                title=department.name,
                url=reverse("organization:department_detail", args=[department.pk]),
                rule=EVERYBODY,
                text=[(None, " · ".join(filter(None, words)))],
                names=tuple(filter(None, (department.name, department.name_en))),
                department_id=department.pk,
            ),
        )


def _touch_people(user_ids: Collection[int] | None) -> None:
    """Whose post has changed; everyone where that cannot be told apart. Departments are few and change with them."""
    touch(User, user_ids if user_ids is not None else _employees().values_list("pk", flat=True))
    if user_ids is None:
        touch(Department, Department.objects.values_list("pk", flat=True))


def _touch_words(thing: Model) -> None:
    """A department takes those who work there along, and what it has published: both stand under its name and its place in the plant."""
    if isinstance(thing, Department):
        below = Department.objects.below(thing)
        touch(Department, below.values_list("pk", flat=True))
        touch(User, people_below(thing))
        touch_of_departments(below.values_list("pk", flat=True))
    elif isinstance(thing, Position):
        touch(User, holders_of(thing))
    else:
        touch(User, [thing.pk])


register_kind(Kind("person", _("person"), pgettext_lazy("results", "People"), "user", group="people", order=10))
register_kind(Kind("department", _("department"), _("Departments"), "network", group="people", order=20))
register_source(Source("people", User, _employees, _drafts_of_people, is_for_all=True))
register_source(Source("departments", Department, _departments, _drafts_of_departments, is_for_all=True))
follow_changes(_touch_people)
follow_words(_touch_words)
