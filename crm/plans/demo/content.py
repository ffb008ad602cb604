"""Plans of the demo plant: this year's money, split down to persons and in force; next year's, a draft; a deviation that was explained."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Sum

from crm.plans.actual import Ledger
from crm.plans.errors import PlansError
from crm.plans.models import Plan, PlanLine, Sold
from crm.plans.services.asking import settle_version, submit_version
from crm.plans.services.plans import Part, begin_plan, explain_deviation, split_line, state_of
from crm.plans.services.proposing import candidates_of, propose
from portal.accounts.models import User
from portal.approvals.models import Task
from portal.approvals.services.deciding import approve_task
from portal.approvals.services.telling import holders_of
from portal.organization.demo import Plant, register_content

REASONS = ("新店开业推迟，发货晚于计划。", "两户大客户盘点停购，下月补齐。", "节前备货提前，超计划完成。")
MEASURES = ("逐户排查，下旬加访两次。", "调整投放节奏。", "")


def build_plans(plant: Plant) -> None:
    head = plant.heads.get("SAL")
    actor = User.objects.get(pk=head.pk) if head is not None else User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    sold = Sold.objects.filter(day__year=plant.day.year).aggregate(sum=Sum("fen"))["sum"] or 0
    if actor is None or not sold:
        return
    try:
        _in_force(plant, actor, sold * 6 // 500 * 100)
        _begin(plant, actor, date(plant.day.year + 1, 1, 1), sold * 7 // 500 * 100, reason="下一年度计划", by="equal")
    except PlansError:
        return  # a small plant sells nothing


def _begin(plant: Plant, actor: User, day: date, amount: int, *, reason: str, by: str) -> Plan:
    department = plant.departments["SAL"]
    plan = begin_plan(actor=actor, department=department, period="year", day=day, measure="money", amount=amount, reason=reason)
    _split(PlanLine.objects.get(version__plan=plan), actor, by)
    return plan


def _split(line: PlanLine, actor: User, by: str) -> None:
    """A twentieth is held back; down to persons."""
    line = PlanLine.objects.select_related("version__plan", "department").get(pk=line.pk)
    candidates = candidates_of(line, actor)
    if not candidates:
        return
    held_back = line.amount // 2_000 * 100
    parts = [Part(one.department, one.person, one.amount, one.weight) for one in propose(line, candidates, by=by, held_back=held_back, weights={})]
    way: Any = by
    split_line(line, actor=actor, seen=state_of(line, []), held_back=held_back, parts=parts, by=way)
    for part in line.parts.filter(person__isnull=True):
        _split(part, actor, by)


def _in_force(plant: Plant, actor: User, amount: int) -> None:
    plan = _begin(plant, actor, plant.day, amount, reason="年度计划", by="heads")
    version = submit_version(plan.versions.get(), actor=actor)
    assert version.paper is not None
    while (task := Task.objects.filter(paper=version.paper, state=Task.State.OPEN).order_by("pk").first()) is not None:
        person = User.objects.get(pk=holders_of([task.seat])[0])
        approve_task(task.pk, actor=person, seen=1, key=UUID(int=plant.random.getrandbits(128), version=4))
    settled = settle_version(version.paper.pk)
    if settled is None or settled.state != "published":
        return
    lines = list(settled.lines.select_related("version__plan", "department", "person").filter(parent__isnull=False).order_by("pk")[:3])
    sums = Ledger(plan, actor).by_line(lines, plan.starts_on, plant.day)
    for line, reason, measure in zip(lines, REASONS, MEASURES, strict=False):
        explain_deviation(line, actor=actor, on=plant.day, actual=sums[line.pk], reason=reason, measure=measure)


register_content(78, build_plans)
