"""The end of a paper, and its number."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.approvals.endings import effect_at_end
from portal.approvals.models import Paper, PaperKind
from portal.approvals.moments import is_history, moment
from portal.approvals.notifications import APPROVED
from portal.approvals.services.lines import bind_ceilings, count_facts
from portal.approvals.services.telling import tell
from portal.approvals.services.trail import note
from portal.audit.services import record
from portal.numbers.series import NumberSeries
from portal.numbers.services import issue_number, next_number
from portal.outbox.services import enqueue
from portal.search.services import touch

FOLLOW_UP = "approvals.follow_up"
PAPERS = NumberSeries("approvals.paper", "{prefix}〔{year}〕{number}号")


def finish(paper: Paper, state: str, *, actor: Any) -> None:
    """No step is open any more. What is numbered at its approval is numbered now, in the transaction of the decision."""
    paper.state, paper.finished_at = state, moment()
    paper.save(update_fields=["state", "finished_at"])
    if state == Paper.State.APPROVED:
        number_paper(paper, PaperKind.NumberedAt.APPROVAL)
        bind_ceilings(paper)
    if paper.form.plan.tables:
        count_facts(paper, is_counted=state == Paper.State.APPROVED)
    note(paper, "finished", state=state, number=paper.number)
    record(actor, "paper.finished", paper, after={"state": state, "number": paper.number})
    touch(Paper, [paper.pk])
    effect = effect_at_end(paper.kind.code)
    if effect is not None and not is_history():
        enqueue(effect, {"paper_id": paper.pk})
    if state == Paper.State.APPROVED:
        tell(APPROVED, paper, [paper.originator_id], actor=actor)
        if paper.kind.follow_up and not is_history():
            enqueue(FOLLOW_UP, {"paper_id": paper.pk})


def number_paper(paper: Paper, at: str) -> None:
    """Give it the next number of its kind where this is the moment for it. The sequence stays locked until the transaction ends, so there is no gap."""
    if paper.kind.numbered_at != at or paper.number:
        return
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a number is issued in the transaction of the act")
    year = timezone.localtime(moment()).year
    paper.number = PAPERS.write(issue_number(PAPERS, year=year, scope=paper.kind.number_prefix), year=year, prefix=paper.kind.number_prefix)
    paper.save(update_fields=["number"])


def coming_number(kind: PaperKind) -> str:
    """What a paper of this kind would be called now; nothing is promised."""
    year = timezone.localdate().year
    return PAPERS.write(next_number(PAPERS, year=year, scope=kind.number_prefix), year=year, prefix=kind.number_prefix)
