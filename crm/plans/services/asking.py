"""A plan goes as a paper, and is in force once that is approved and says what the plan says."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.plans.errors import PlansError
from crm.plans.models import Plan, PlanLine, PlanVersion
from crm.plans.notifications import IN_FORCE, NOT_APPROVED
from crm.plans.papers import CODE
from crm.plans.services.plans import not_adding_up
from crm.plans.units import say_amount
from portal.access.policies import decide
from portal.approvals.definitions.forms import digest
from portal.approvals.errors import PaperError
from portal.approvals.models import Paper, PaperKind
from portal.approvals.services.submitting import begin_paper, submit_paper
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify

ENDED = "plans.version_ended"
MOST_LINES = 500


@transaction.atomic
def submit_version(version: PlanVersion, *, actor: Any) -> PlanVersion:
    """Begin and submit the paper. From now on nothing of this version changes."""
    held = lock_row(PlanVersion.objects.select_related("plan__department", "plan__brand", "plan__product", "plan__portfolio"), version.pk, no_key=True)
    decision = decide(actor, "keep", held.plan)
    if not decision:
        raise PlansError(str(decision.rule))
    if held.state != PlanVersion.State.DRAFT:
        raise PlansError(_("Version %(number)s is no draft any more. Make a new version.") % {"number": held.number})
    if wrong := not_adding_up(held):
        names = "、".join(line.label for line in wrong[:5])
        raise PlansError(_("The parts do not add up at: %(names)s. Split them anew.") % {"names": names})
    kind = PaperKind.objects.filter(code=CODE).first()
    if kind is None:
        raise PlansError(_("The plant has no paper for plans of sales. Tell those who keep the kinds of papers."))
    values = _values(held)
    try:
        paper = submit_paper(begin_paper(kind, actor=actor, values=values), actor=actor, values=values)
    except PaperError as error:
        raise PlansError(str(error)) from error
    assert paper.content is not None
    held.paper, held.said, held.state = paper, digest(paper.content.values), PlanVersion.State.ASKED
    held.save()
    record(actor, "plan.submitted", held.plan, after={"version": held.number, "paper": paper.number})
    return held


@transaction.atomic
def settle_version(paper_id: int) -> PlanVersion | None:
    """What the end of the paper means. Done again it does nothing; a paper that was written by hand puts no plan into force."""
    found = PlanVersion.objects.filter(paper=paper_id).first()
    if found is None:
        return None
    held = lock_row(PlanVersion.objects.select_related("paper__content", "plan__department", "author"), found.pk, no_key=True)
    assert held.paper is not None
    if held.paper.state not in (Paper.State.APPROVED, Paper.State.REFUSED, Paper.State.WITHDRAWN, Paper.State.VOID):
        return held
    approved = held.paper.state == Paper.State.APPROVED and held.paper.content is not None and digest(held.paper.content.values) == held.said
    words = {"plan": str(held.plan), "number": held.number}
    if held.state == PlanVersion.State.ASKED and approved:
        held.state, held.published_at = PlanVersion.State.PUBLISHED, timezone.now()
        held.save()
        record(None, "plan.published", held.plan, after={"version": held.number})
        people = set(held.lines.filter(person__isnull=False).values_list("person", flat=True)) | {held.author_id}
        notify(IN_FORCE, words=words, about=held.plan, recipients=people, url=held.plan.get_absolute_url())
    elif held.state in (PlanVersion.State.ASKED, PlanVersion.State.PUBLISHED) and not approved:
        held.state = PlanVersion.State.REFUSED
        held.save()
        record(None, "plan.refused", held.plan, after={"version": held.number})
        notify(NOT_APPROVED, words=words, about=held.plan, recipients=[held.author_id], url=held.plan.get_absolute_url())
    return held


def _values(version: PlanVersion) -> dict[str, Any]:
    plan: Plan = version.plan
    lines = list(version.lines.select_related("department", "person").order_by("pk"))
    by = dict(PlanLine.By.choices)
    return {
        "title": _("Plan of sales %(plan)s") % {"plan": plan},
        "plan": str(plan),
        "version": f"V{version.number}",
        "total": say_amount(plan, lines[0].amount),
        "reason": version.reason,
        "lines": [
            {
                "uid": f"{line.pk:010}",
                "who": f"{line.department.label} · {line.person.name}" if line.person is not None else line.department.label,
                "amount": say_amount(plan, line.amount),
                "held_back": say_amount(plan, line.held_back) if line.split_by else "",
                "weight": str(by.get(line.split_by, "")),
            }
            for line in lines[:MOST_LINES]
        ],
    }
