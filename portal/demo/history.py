"""Three years of moves, those to come, deputies, and who is away."""

from datetime import date, timedelta

from portal.demo.posts import Post, Slot
from portal.organization.demo import Plant
from portal.organization.models import Absence, Deputyship, Employment

YEARS = timedelta(days=3 * 365)
LOWER = {
    "director": "deputy_director", "chief": "officer", "workshop_head": "deputy_workshop_head", "group_leader": "technician", "shift_leader": "operator",
    "district_manager": "account_manager", "inspector": "operator", "engineer": "technician", "accountant": "officer", "deputy_chief": "officer",
}  # fmt: skip
NOTES = {
    Absence.Kind.TRAVEL: ("赴昆明参加烟叶交易会", "到省公司开会", "走访零售户", "设备验收", ""),
    Absence.Kind.LEAVE: ("年休假", "探亲", "婚假", ""),
    Absence.Kind.SICK: ("",),
    Absence.Kind.TRAINING: ("安全管理培训", "质量体系内审员培训", "新设备操作培训"),
}


def plan_posts(plant: Plant, slot: Slot, *, is_cast: bool = False) -> list[Post]:
    """Someone's posts up to today's, and for a few the next one. The cast has been in post for long, but the head of Quality came this year."""
    random, day = plant.random, plant.day
    code, position = slot.unit.code, slot.position
    if is_cast:
        hired = day - timedelta(days=4_000)
        if code == "QUA":
            moved = day - timedelta(days=146)
            return [Post("QUA-2", "inspector", hired, moved - timedelta(days=1)), Post(code, position, moved)]
        return [Post(code, position, hired)]
    hired = day - timedelta(days=int(random.triangular(40, 11_000, 2_500)))
    chance = random.random()
    if chance < (0.55 if slot.is_head else 0.22) and day - hired > timedelta(days=200):
        moved = day - timedelta(days=random.randrange(10, min(YEARS, day - hired).days - 30))
        earlier = _earlier_post(plant, slot)
        if earlier != (code, position):
            return [Post(*earlier, hired, moved - timedelta(days=1)), Post(code, position, moved)]
    if chance > 0.992 and not slot.is_head:
        moves_on = day + timedelta(days=random.randrange(3, 40))
        target = random.choice(plant.places[position])
        if target != code:
            return [Post(code, position, hired, moves_on - timedelta(days=1)), Post(target, position, moves_on)]
    return [Post(code, position, hired)]


def plan_newcomer(plant: Plant, slot: Slot) -> list[Post]:
    """Taken on, but not yet here."""
    return [Post(slot.unit.code, slot.position, plant.day + timedelta(days=plant.random.randrange(3, 30)))]


def plan_predecessor(plant: Plant, slot: Slot, until: date) -> list[Post]:
    """Someone who held the place until the day before and left the plant then."""
    return [Post(slot.unit.code, slot.position, until - timedelta(days=plant.random.randrange(400, 9_000)), until - timedelta(days=1))]


def add_second_posts(plant: Plant) -> None:
    """Where no one heads a department, the head above does so besides; and here and there someone helps out elsewhere."""
    rows = []
    for code, _department in plant.departments.items():
        above = next((plant.heads[parent] for parent in _codes_above(plant, code) if parent in plant.heads), None)
        if code != "PLANT" and code not in plant.heads and above is not None:
            rows.append(_besides(plant, above.pk, code, "group_leader"))
    director = plant.cast["director"]
    rows.append(_besides(plant, director.pk, "PLANT", "director"))
    heads = {head.pk for head in plant.heads.values()}
    staff = [person for person in plant.people if person.is_active and person.pk not in heads]
    for person in plant.random.sample(staff, len(staff) // 100):
        rows.append(_besides(plant, person.pk, plant.random.choice(["UNI", "INF", "SEC", "ENT"]), "officer"))
    Employment.objects.bulk_create(rows)


def add_deputies_and_absences(plant: Plant) -> None:
    """One in thirty is away today; heads who are have a deputy from among their people, and Planning's head is always one of them."""
    random, day = plant.random, plant.day
    at_work = [person.pk for person in plant.people if person.is_active]
    cast = {person.pk for person in plant.cast.values()}
    away = [pk for pk in random.sample(at_work, len(at_work) // 30) if pk not in cast]
    if plant.heads["PLN"].pk not in away:
        away.append(plant.heads["PLN"].pk)
    absences = [_absence(plant, pk, day - timedelta(days=random.randrange(0, 4)), random.randrange(1, 8)) for pk in away]
    absences += [
        _absence(plant, pk, day + timedelta(days=random.randrange(9, 40)), random.randrange(1, 8)) for pk in random.sample(at_work, len(at_work) // 40)
    ]
    Absence.objects.bulk_create(absences)
    spans = {absence.person_id: absence for absence in absences[: len(away)]}
    headed = Employment.objects.on(day).filter(position__is_head=True, person__in=spans, is_primary=True).order_by("pk")
    rows = []
    for employment in headed:
        colleague = _colleague(plant, employment, set(spans))
        if colleague is not None:
            span = spans[employment.person_id]
            rows.append(Deputyship(employment=employment, deputy_id=colleague, starts_on=span.starts_on, ends_on=span.ends_on, reason=span.note))
    quality = Employment.objects.on(day).get(person=plant.cast["head"], is_primary=True)
    inspector = plant.cast["inspector"].pk
    rows.append(Deputyship(employment=quality, deputy_id=inspector, starts_on=day - timedelta(days=60), ends_on=day - timedelta(days=50), reason="外出培训"))
    Deputyship.objects.bulk_create(rows)


def _earlier_post(plant: Plant, slot: Slot) -> tuple[str, str]:
    position = LOWER.get(slot.position, slot.position)
    siblings = [unit.code for unit in slot.unit.below]
    if slot.is_head:
        return (siblings[0] if siblings and plant.random.random() < 0.5 else slot.unit.code), position
    return plant.random.choice(plant.places.get(position, [slot.unit.code])), position


def _codes_above(plant: Plant, code: str) -> list[str]:
    department, above = plant.departments[code].parent, []
    while department is not None:
        above.append(department.code)
        department = department.parent
    return above


def _besides(plant: Plant, person_id: int, code: str, position: str) -> Employment:
    starts_on = plant.day - timedelta(days=plant.random.randrange(20, 900))
    return Employment(person_id=person_id, department=plant.departments[code], position=plant.positions[position], starts_on=starts_on, is_primary=False)


def _absence(plant: Plant, person_id: int, starts_on: date, length: int) -> Absence:
    kind = plant.random.choices([*NOTES], [4, 4, 2, 2])[0]
    return Absence(
        person_id=person_id, kind=kind, starts_on=starts_on, ends_on=max(starts_on + timedelta(days=length), plant.day), note=plant.random.choice(NOTES[kind])
    )


def _colleague(plant: Plant, employment: Employment, away: set[int]) -> int | None:
    colleagues = Employment.objects.on(plant.day).filter(department__path__startswith=employment.department.path, person__is_active=True)
    return colleagues.exclude(person__in=away | {employment.person_id}).order_by("-position__clearance", "pk").values_list("person_id", flat=True).first()
