"""The plant's own papers in the demo: one of each kind for a month, pulled from one another, most of them finished."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from portal.accounts.models import User
from portal.approvals.demo.samples import Sample, filled_in, reply_sample, samples
from portal.approvals.models import Paper, PaperKind, Task
from portal.approvals.moments import told_at
from portal.approvals.placing import Placing
from portal.approvals.seats import Seating
from portal.approvals.services.deciding import approve_task, written_in
from portal.approvals.services.opening import case_of
from portal.approvals.services.submitting import begin_paper, submit_paper
from portal.organization.demo import Plant
from portal.organization.models import Employment

BEGUN_BEFORE = timedelta(days=26)
MOST_ACTS = 12
# How many acts are told of those that are still under way.
UNDER_WAY = {"inspection": 0, "feedback": 1, "plan-report": 1, "price-control": 0, "finance-basis": 1}


def tell_own_papers(plant: Plant, seating: Seating) -> None:
    """Nothing where a department of theirs is not in the plant."""
    start = timezone.now() - BEGUN_BEFORE
    day = timezone.localtime(start).date()
    codes = ("MAK", "FIL", "PRD", "PUR")
    buyers = [person for person in people_of(plant, "PUR") if person not in plant.heads.values()]
    if not buyers or any(code not in plant.departments for code in codes):
        return
    ids = {code: plant.departments[code].pk for code in codes} | {"buyer": buyers[0].pk}
    done: dict[str, Paper] = {}
    for number, sample in enumerate(samples(day.strftime("%Y-%m"), day, ids=ids)):
        is_late = sample.code in UNDER_WAY
        at = timezone.now() - timedelta(days=3, hours=number) if is_late else start + timedelta(hours=8 * number)
        if (paper := _tell(plant, sample, at, seating, done)) is not None:
            done[sample.code] = paper
    if "assessment" in done:
        _tell(plant, reply_sample(done["assessment"].pk), timezone.now() - timedelta(days=8), seating, done)


def people_of(plant: Plant, code: str) -> list[User]:
    department = plant.departments.get(code)
    if department is None:
        return []
    held = Employment.objects.on(plant.day).filter(department__path__startswith=department.path, person__is_active=True)
    return list(User.objects.filter(pk__in=held.values("person")).order_by("pk"))


def _tell(plant: Plant, sample: Sample, at: datetime, seating: Seating, done: dict[str, Paper]) -> Paper | None:
    people = [person for person in people_of(plant, sample.department) if person.is_active and person not in plant.heads.values()]
    if not people:
        return None
    kind = PaperKind.objects.select_related("form", "route").get(code=sample.code)
    originator = plant.random.choice(people)
    values = sample.values | ({"lines": _pulled(sample, done)} if sample.lines else {})
    with told_at(at):
        paper = begin_paper(kind, actor=originator, values=values)
        submit_paper(paper, actor=originator, values=values)
    for _act in range(UNDER_WAY.get(sample.code, MOST_ACTS)):
        at += timedelta(hours=plant.random.randrange(2, 20))
        if at > timezone.now():
            break
        with told_at(at):
            if not _approve(plant, paper.pk, sample, seating):
                break
    return Paper.objects.select_related("content").get(pk=paper.pk)


def _approve(plant: Plant, paper_id: int, sample: Sample, seating: Seating) -> bool:
    paper = Paper.objects.select_related("content", "kind", "form", "route", "originator").get(pk=paper_id)
    task = Task.objects.filter(paper=paper, state=Task.State.OPEN).select_related("step").order_by("pk").first()
    if task is None or paper.content is None:
        return False
    way = next((way for way in seating.ways(task.seat) if Placing(case_of(paper), seating).may_act(way.person_id, task.seat)), None)
    if way is None:
        return False
    key, writes = UUID(int=plant.random.getrandbits(128)), written_in(paper, task.step)
    filled = filled_in(sample, paper.content.values, writes)
    approve_task(task.pk, actor=User.objects.get(pk=way.person_id), seen=paper.content.number, key=key, opinion="同意。", filled=filled)
    return True


def _pulled(sample: Sample, done: dict[str, Paper]) -> list[dict[str, object]]:
    """A purchase plan says from which lines of the requirements it was pulled."""
    source = done.get("material-needs") if sample.code == "purchase-plan" else None
    if source is None or source.content is None or source.state != Paper.State.APPROVED:
        return sample.lines
    uids = {line["item"]: line["uid"] for line in reversed(source.content.values["lines"])}
    return [line | ({"origin": f"{source.pk}:{uids[line['item']]}"} if line["item"] in uids else {}) for line in sample.lines]
