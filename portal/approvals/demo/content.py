"""A few dozen papers of the demo plant: under way and finished, with returns, some handed on, some overdue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.approvals.demo.own import people_of, tell_own_papers
from portal.approvals.demo.texts import ANSWERS, MATTERS, OPINIONS, QUESTIONS, REASONS, Matter
from portal.approvals.errors import PaperError
from portal.approvals.models import Paper, PaperKind, Step, Task, Vote
from portal.approvals.moments import told_at
from portal.approvals.placing import Placing
from portal.approvals.seats import Seating
from portal.approvals.services.asking import ask_person, transfer_task
from portal.approvals.services.deciding import answer_task, approve_task, refuse_task, return_task
from portal.approvals.services.kinds import ship_kinds
from portal.approvals.services.opening import case_of
from portal.approvals.services.others import copy_paper
from portal.approvals.services.submitting import begin_paper, resubmit_paper, submit_paper
from portal.organization.demo import Plant, register_content
from portal.organization.models import Duty, DutyHolding, Employment

DAYS = 70
FEW = 3  # every third matter: the demo has to be built quickly
MOST_ACTS = 14
# Which leaders are in charge of which departments; the deputy directors and the chief engineer are told apart by their order.
DUTIES = (
    ("LEAD-PROD", "分管生产", "In charge of production", ("PRD", "CUT", "MAK", "FIL", "EQP", "PWR", "QUA")),
    ("LEAD-TRADE", "分管经营", "In charge of trade", ("SAL", "PUR", "PLN", "WHS", "FIN")),
    ("LEAD-STAFF", "分管行政", "In charge of administration", ("OFF", "HR", "ENT", "AUD", "SEC", "INF", "UNI")),
)


@dataclass(slots=True)
class Story:
    """How a paper goes: when it was begun, how many acts are told of it, and how it ends."""

    matter: Matter
    originator: User
    at: datetime
    acts: int
    ending: str


def build_papers(plant: Plant) -> None:
    """Papers over the past ten weeks, told act by act with the services themselves."""
    ship_kinds()
    _give_duties(plant)
    kind = PaperKind.objects.select_related("form", "route").get(code="other")
    seating = Seating()
    for story in sorted(_stories(plant), key=lambda one: one.at):
        _tell(plant, kind, story, seating)
    tell_own_papers(plant, seating)


def _give_duties(plant: Plant) -> None:
    in_office = Employment.objects.current().filter(department=plant.departments["DIR"]).exclude(position__is_head=True)
    leaders = list(in_office.order_by("pk").values_list("person_id", flat=True))
    for place, (code, name, name_en, departments) in enumerate(DUTIES):
        duty, is_new = Duty.objects.get_or_create(code=code, defaults={"name": name, "name_en": name_en, "order": place})
        if is_new and leaders:
            duty.departments.set([plant.departments[one] for one in departments if one in plant.departments])
            DutyHolding.objects.create(duty=duty, person_id=leaders[place % len(leaders)], starts_on=plant.day - timedelta(days=400))
    refresh_standings(leaders)


def _stories(plant: Plant) -> Iterator[Story]:
    """The head of Quality of the cast has some that wait, one of them overdue; the inspector has begun one that came back."""
    now, random = timezone.now(), plant.random
    endings = ["approved"] * 14 + ["refused", "withdrawn", "returned", "open", "open", "open"]
    matters = MATTERS[::FEW]
    for place, matter in enumerate(matters):
        people = [person for person in people_of(plant, matter.department) if person.is_active]
        if people:
            at = now - timedelta(days=DAYS * (len(matters) - place) // len(matters) + 1, hours=random.randrange(1, 9))
            ending = random.choice(endings)
            is_old = now - at > timedelta(days=12)
            yield Story(matter, random.choice(people), at, random.randrange(0, 3), "approved" if is_old and ending in ("open", "returned") else ending)
    inspector, head = plant.cast["inspector"], plant.cast["head"]
    quality = [matter for matter in MATTERS if matter.department == "QUA"]
    for matter, days, acts, ending in zip(quality, (6, 3, 1, 0), (0, 0, 1, 0), ("open", "open", "returned", "open"), strict=False):
        colleagues = [person for person in people_of(plant, "QUA") if person.pk != head.pk] or [inspector]
        yield Story(matter, inspector if ending == "returned" else random.choice(colleagues), now - timedelta(days=days, hours=3), acts, ending)
    yield Story(quality[0], head, now - timedelta(days=2), 0, "open")


def _tell(plant: Plant, kind: PaperKind, story: Story, seating: Seating) -> None:
    random, at = plant.random, story.at
    partner = plant.departments.get(story.matter.partner)
    values = {
        "title": story.matter.title,
        "text": story.matter.text,
        "amount": f"{story.matter.amount:.2f}" if story.matter.amount else None,
        "partner": partner.pk if partner is not None else None,
        "files": None,
    }
    with told_at(at):
        try:
            paper = begin_paper(kind, actor=story.originator, values=values)
            submit_paper(paper, actor=story.originator, values=values)
        except PaperError:
            return
    for number in range(MOST_ACTS):
        if story.ending == "open" and number >= story.acts:
            return
        at += timedelta(hours=random.randrange(3, 30))
        if at > timezone.now():
            return
        with told_at(at):
            if not _act(plant, paper.pk, story, number, seating):
                return


def _act(plant: Plant, paper_id: int, story: Story, number: int, seating: Seating) -> bool:
    """One act by whoever is asked; whether the story goes on."""
    paper = Paper.objects.select_related("content", "kind", "form", "originator").get(pk=paper_id)
    task = Task.objects.filter(paper=paper, state=Task.State.OPEN).select_related("step").order_by("-place", "pk").first()
    if task is None or paper.content is None:
        return False
    random, seen, key = plant.random, paper.content.number, UUID(int=plant.random.getrandbits(128))
    if task.step.kind == Step.Kind.REVISE:
        values = paper.content.values | {"text": f"{paper.content.values['text']}\n{random.choice(ANSWERS)}"}
        resubmit_paper(task.pk, actor=story.originator, seen=seen, key=key, values=values, answer=random.choice(ANSWERS))
        return True
    way = next((way for way in seating.ways(task.seat) if Placing(case_of(paper), seating).may_act(way.person_id, task.seat)), None)
    if way is None:
        return False
    actor = User.objects.get(pk=way.person_id)
    if task.place == Task.Place.OPINION:
        answer_task(task.pk, actor=actor, key=key, opinion=random.choice(ANSWERS))
        return True
    chance = random.random()
    if story.ending == "refused" and number > 0:
        refuse_task(task.pk, actor=actor, seen=seen, key=key, opinion=random.choice(REASONS))
        return False
    if (story.ending == "returned" or chance < 0.12) and not Vote.objects.filter(paper=paper, decision="return").exists():
        return_task(task.pk, actor=actor, seen=seen, key=key, opinion=random.choice(REASONS), is_straight=chance < 0.5)
        return story.ending != "returned"
    if chance < 0.2:
        _bring_in(plant, paper, task, actor, is_handed_on=chance < 0.15)
        return True
    approve_task(task.pk, actor=actor, seen=seen, key=key, opinion=random.choice(OPINIONS))
    return True


def _bring_in(plant: Plant, paper: Paper, task: Task, actor: User, *, is_handed_on: bool) -> None:
    """Hand it to another head, or ask one; send a copy to the clerk of the plant office."""
    others = [person for person in plant.heads.values() if person.pk not in (actor.pk, paper.originator_id) and person.is_active]
    other = plant.random.choice(others)
    try:
        if is_handed_on:
            transfer_task(task.pk, to=other, actor=actor, reason="这件事由你部门主办")
        else:
            ask_person(task.pk, whom=other, question=plant.random.choice(QUESTIONS), actor=actor)
            copy_paper(paper, to=[plant.cast["clerk"]], actor=actor)
    except PaperError:
        return


register_content(30, build_papers)
