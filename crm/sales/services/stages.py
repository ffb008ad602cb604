"""The stages themselves. A rename changes no figure; a stage that anything was ever in is ended, never removed."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.sales.capabilities import KEEP_STAGES
from crm.sales.errors import SalesError
from crm.sales.models import Opportunity, Stage
from crm.sales.models.stages import STEP
from portal.access.registry import has_capability
from portal.audit.services import record
from portal.organization.querysets import today

MOST_STAGES = 8
FIRST = {
    "transactional": (("线索确认", "Lead confirmed"), ("报价", "Quoted"), ("成交", "Ordered")),
    "relationship": (
        ("线索确认", "Lead confirmed"),
        ("需求洽谈", "Needs discussed"),
        ("方案报价", "Proposal and quotation"),
        ("试销上柜", "On trial"),
        ("签约", "Signed"),
    ),
}


def lay_stages(kind: str) -> None:
    """The stages with which a plant begins, where it has none of this kind; within the transaction of whoever needs them. Two at once lay them once."""
    names = enumerate(FIRST[kind], start=1) if not Stage.objects.filter(kind=kind).exists() else ()
    rows = [Stage(kind=kind, name=name, name_en=name_en, place=STEP * number) for number, (name, name_en) in names]
    try:
        with transaction.atomic():
            Stage.objects.bulk_create(rows)
    except IntegrityError:
        return  # somebody else has laid them meanwhile


@transaction.atomic
def create_stage(*, actor: Any, kind: str, name: str, name_en: str = "", before: Stage | None = None) -> Stage:
    """At the end, or before another one. What was won before a stage came at the end has gone as far as there was to go, so its end stays the end."""
    stages = _stages(kind, actor)
    _refuse_same(stages, name)
    if sum(one.ended_on is None for one in stages) >= MOST_STAGES:
        raise SalesError(_("No more than %(number)s stages: a board shows no more side by side.") % {"number": MOST_STAGES})
    if before is None and Opportunity.objects.filter(kind=kind, state=Opportunity.State.WON).exists():
        raise SalesError(_("What was won ended in the last stage. Put the new one before another."))
    if before is None:
        place = (Stage.objects.filter(kind=kind).aggregate(last=Max("place"))["last"] or 0) + STEP
    else:
        place = next(one.place for one in stages if one.pk == before.pk)
        for one in stages:
            if one.place >= place:
                Stage.objects.filter(pk=one.pk).update(place=one.place + STEP)
    made = Stage.objects.create(kind=kind, name=name.strip(), name_en=name_en.strip(), place=place)
    record(actor, "stage.created", made, after={"name": made.name})
    return made


@transaction.atomic
def rename_stage(stage: Stage, *, actor: Any, name: str, name_en: str = "") -> Stage:
    stages = _stages(stage.kind, actor)
    held = next(one for one in stages if one.pk == stage.pk)
    _refuse_same([one for one in stages if one.pk != stage.pk], name)
    before, held.name, held.name_en = held.name, name.strip(), name_en.strip()
    held.save()
    record(actor, "stage.renamed", held, before={"name": before}, after={"name": held.name})
    return held


@transaction.atomic
def end_stage(stage: Stage, *, actor: Any) -> Stage:
    """Nothing enters it any more. Refused while anything open is in it."""
    stages = [one for one in _stages(stage.kind, actor) if one.ended_on is None]
    held = next((one for one in stages if one.pk == stage.pk), None)
    if held is None:
        raise SalesError(_("It has been ended already."))
    if len(stages) < 3:
        raise SalesError(_("Two stages remain at least: where selling begins and where it ends."))
    if held.pk == stages[-1].pk:
        raise SalesError(_("What is won ends in the last stage. Rename it instead."))
    inside = Opportunity.objects.filter(stage=held, state=Opportunity.State.OPEN).count()
    if inside:
        words = ngettext(
            "%(count)s open opportunity is in “%(stage)s”. Put it into another stage first.",
            "%(count)s open opportunities are in “%(stage)s”. Put them into other stages first.",
            inside,
        )
        raise SalesError(words % {"count": inside, "stage": held.label})
    held.ended_on = today()
    held.save()
    record(actor, "stage.ended", held)
    return held


def _stages(kind: str, actor: Any) -> list[Stage]:
    if not has_capability(actor, KEEP_STAGES):
        raise SalesError(_("For those who keep the stages of selling."))
    return list(Stage.objects.select_for_update().filter(kind=kind).order_by("place"))


def _refuse_same(stages: list[Stage], name: str) -> None:
    if any(one.name == name.strip() for one in stages):
        raise SalesError(_("There is a stage of this name already, perhaps one that was ended."))
