"""Building the demo plant: its tree, its people, and three years of dated moves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.audit.services import record
from portal.demo.cast import CAST, PASSWORD, CastMember
from portal.demo.history import add_deputies_and_absences, add_second_posts, plan_newcomer, plan_posts, plan_predecessor
from portal.demo.names import draw_name, english_form
from portal.demo.posts import Post, Slot, plan_slots
from portal.demo.structure import POSITIONS, UnitPlan, plan_units
from portal.organization.demo import Plant, builders
from portal.organization.models import Department, Employment, Position, Profile
from portal.organization.querysets import today
from portal.search.feeding import feed_anew

FIRST_NUMBER = 10_101
LEAVERS_IN_HUNDRED = 3
NEWCOMERS_IN_THOUSAND = 3
SMALLEST = 60
BATCH = 1_000

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Draft:
    """Someone who is to be: the posts, oldest first, and whether the account is open."""

    slot: Slot
    posts: list[Post]
    member: CastMember | None = None
    has_left: bool = False


@transaction.atomic
def build_plant(people: int = 300, seed: int = 1, *, day: date | None = None, with_content: bool = True, on_progress: Progress | None = None) -> Plant:
    """Fill an empty database with a cigarette factory of so many people, leavers among them, and return it.

    The same number, seed and day give the same plant; without content it has its departments, people and moves.
    `on_progress(step, done, total)` is called as it goes.
    """
    if people < SMALLEST:
        raise ValueError(f"a demo plant has at least {SMALLEST} people")
    tell = on_progress or (lambda step, done, total: None)
    plant = Plant(day=day or today(), random=Random(seed))
    tree = plan_units(people)
    tell("departments", 0, 1)
    _build_tree(plant, tree)
    tell("departments", 1, 1)
    drafts = _draft_people(plant, tree, people)
    _build_people(plant, drafts, tell)
    tell("moves", 0, 3)
    _build_employments(plant, drafts)
    tell("moves", 1, 3)
    add_second_posts(plant)
    tell("moves", 2, 3)
    add_deputies_and_absences(plant)
    tell("moves", 3, 3)
    tell("rights", 0, 1)
    refresh_standings()
    tell("rights", 1, 1)
    content = builders() if with_content else []
    for number, builder in enumerate(content):
        tell("content", number, len(content))
        builder(plant)
    feed_anew()
    record(None, "demo.created", after={"people": people, "seed": seed, "departments": len(plant.departments)})
    return plant


def _build_tree(plant: Plant, tree: UnitPlan) -> None:
    for order, position in enumerate(POSITIONS):
        plant.positions[position.code] = Position(
            code=position.code, name=position.name, name_en=position.name_en, clearance=position.clearance, is_head=position.is_head, order=order
        )
    Position.objects.bulk_create(plant.positions.values())
    for order, (unit, parent) in enumerate(_walk(tree, None)):
        above = plant.departments[parent.code] if parent else None
        is_root = parent is None
        department = Department(
            parent=above,
            code=unit.code,
            name=settings.ENVIRONMENT.plant_name if is_root else unit.name,
            name_en=settings.ENVIRONMENT.plant_name_en if is_root else unit.name_en,
            kind=unit.kind,
            order=order,
            phone=f"{6000 + order}" if unit.kind in (Department.Kind.DEPARTMENT, Department.Kind.WORKSHOP) else "",
            path="",
        )
        department.save()
        department.path = f"{above.path if above else ''}{department.pk}/"
        department.save(update_fields=["path"])
        plant.departments[unit.code] = department


def _walk(unit: UnitPlan, parent: UnitPlan | None) -> Iterator[tuple[UnitPlan, UnitPlan | None]]:
    yield unit, parent
    for below in unit.below:
        yield from _walk(below, unit)


def _draft_people(plant: Plant, tree: UnitPlan, people: int) -> list[Draft]:
    """The cast first, then those at work, those to come, and those who left; the heads' predecessors are among the last."""
    leavers, newcomers = max(2, people * LEAVERS_IN_HUNDRED // 100), max(1, people * NEWCOMERS_IN_THOUSAND // 1_000)
    slots = plan_slots(plant, tree, people - leavers - newcomers)
    drafts = []
    for member in CAST:
        slot = next((slot for slot in slots if (slot.unit.code, slot.position) == (member.department, member.position)), None)
        slot = slot or next(slot for slot in reversed(slots) if slot.unit.code == member.department or not slot.is_head)
        slots.remove(slot)
        drafts.append(Draft(slot, plan_posts(plant, slot, is_cast=True), member))
    drafts += [Draft(slot, plan_posts(plant, slot)) for slot in slots]
    staff = [draft.slot for draft in drafts if not draft.slot.is_head]
    drafts += [Draft(slot, plan_newcomer(plant, slot)) for slot in plant.random.sample(staff, newcomers)]
    appointed = [draft for draft in drafts if draft.slot.is_head and len(draft.posts) > 1]
    appointed.sort(key=lambda draft: draft.member is None)
    for number in range(leavers):
        slot = appointed[number].slot if number < len(appointed) else plant.random.choice(staff)
        until = appointed[number].posts[-1].starts_on if number < len(appointed) else plant.day - timedelta(days=plant.random.randrange(1, 1_000))
        drafts.append(Draft(slot, plan_predecessor(plant, slot, until), has_left=True))
    return drafts


def _build_people(plant: Plant, drafts: list[Draft], tell: Progress) -> None:
    known_password = make_password(PASSWORD)
    number = FIRST_NUMBER
    for start in range(0, len(drafts), BATCH):
        tell("people", start, len(drafts))
        people = []
        for draft in drafts[start : start + BATCH]:
            member = draft.member
            person = User(
                employee_number=member.employee_number if member else str(number),
                name=member.name if member else draw_name(plant.random),
                password=known_password if member else make_password(None),
                is_superuser=bool(member and member.is_superuser),
                is_active=not draft.has_left,
            )
            number += member is None
            person.name_en = english_form(person.name)
            person.spell_name()
            person.email = f"{person.name_pinyin.replace(' ', '')}.{person.employee_number}@goldleaf.example"
            people.append(person)
        plant.people += User.objects.bulk_create(people)
        Profile.objects.bulk_create([_card(plant, person, draft.slot) for person, draft in zip(people, drafts[start : start + BATCH], strict=True)])
    tell("people", len(drafts), len(drafts))
    for person, draft in zip(plant.people, drafts, strict=True):
        if draft.member:
            plant.cast[draft.member.key] = person
        if draft.slot.is_head and not draft.has_left:
            plant.heads[draft.slot.unit.code] = person


def _card(plant: Plant, person: User, slot: Slot) -> Profile:
    random = plant.random
    has_desk = slot.is_head or slot.position not in ("operator", "fitter", "electrician", "guard", "driver")
    return Profile(
        person=person,
        mobile=f"1{random.choice(('35', '36', '37', '38', '39', '50', '58', '59', '86', '87', '88'))}{random.randrange(10**8):08d}",
        phone=str(random.randrange(6100, 9000)) if has_desk else "",
        room=f"{slot.unit.building} {random.randrange(1, 6)}{random.randrange(1, 25):02d}" if has_desk else slot.unit.building,
    )


def _build_employments(plant: Plant, drafts: list[Draft]) -> None:
    rows = [
        Employment(
            person=person,
            department=plant.departments[post.department],
            position=plant.positions[post.position],
            starts_on=post.starts_on,
            ends_on=post.ends_on,
        )
        for person, draft in zip(plant.people, drafts, strict=True)
        for post in draft.posts
    ]
    Employment.objects.bulk_create(rows, batch_size=BATCH)
