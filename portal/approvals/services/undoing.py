"""Taking back one's own approval until the next has acted, and voiding an approved paper by two people."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access.registry import has_capability
from portal.approvals.capabilities import KEEP_PAPERS
from portal.approvals.errors import DecidedMeanwhileError, NotYoursError, PaperError
from portal.approvals.models import Ceiling, Event, LineFact, Paper, Step, Task, Vote
from portal.approvals.notifications import VOID_ASKED, VOIDED
from portal.approvals.seats import KEEPERS, Seating
from portal.approvals.services.deciding import LONGEST_OPINION, way_to
from portal.approvals.services.ending import finish
from portal.approvals.services.lines import COUNTED
from portal.approvals.services.opening import close_step, reopen_step
from portal.approvals.services.telling import holders_of, let_read, ring, tell
from portal.approvals.services.trail import last_event_of, lock_paper, note, open_step_of
from portal.audit.services import record
from portal.foundation.storable import storable
from portal.search.services import touch

# What somebody does with the paper, and that is not undone by taking back what was done before it.
ACTS = ("approve", "refuse", "return", "opinion", "resubmitted", "transferred", "asked", "signer_added", "withdrawn", "taken_back", "finished")
ASKED, DECLINED, DONE = "void_asked", "void_declined", "voided"


def vote_to_take_back(paper: Paper, user: Any, seating: Seating | None = None) -> Vote | None:
    """This person's approval, where it was the last act on a paper under way and the seat is still theirs."""
    if paper.state != Paper.State.RUNNING:
        return None
    last = last_event_of(paper, ACTS)
    if last is None or last.verb != Vote.Decision.APPROVE or last.actor_id != user.pk:
        return None
    vote = Vote.objects.filter(pk=last.details["vote"]).select_related("step", "task").first()
    if vote is None or way_to(paper, vote.step, vote.task.seat, user, seating) is None:
        return None
    return vote


@transaction.atomic
def take_back_vote(paper: Paper, *, actor: Any, reason: str = "") -> Step:
    """Ask the step anew, with what others had approved in it: the vote stays on the trail and counts no more. Refuses where somebody has acted since."""
    stored = lock_paper(paper.pk)
    vote = vote_to_take_back(stored, actor, stored.seating)
    if vote is None:
        raise DecidedMeanwhileError(_("It cannot be taken back any more: somebody has acted since, or it is finished."))
    _check_length(reason)
    asked = set(Task.objects.filter(paper=stored, state=Task.State.OPEN).values_list("seat", flat=True))
    note(stored, "taken_back", actor=actor, principal_id=vote.principal_id, task=vote.task_id, step=vote.step_id, vote=vote.pk, reason=storable(reason.strip()))
    opened = open_step_of(stored)
    if opened is not None:
        close_step(stored, opened, Step.State.SUPERSEDED)
    Step.objects.filter(paper=stored, pk__gte=vote.step_id, state=Step.State.PASSED).update(state=Step.State.SUPERSEDED)
    step = reopen_step(stored, Step.objects.get(pk=vote.step_id), actor=actor, besides=vote)
    record(actor, "paper.taken_back", stored, after={"step": step.label_in["zh"]}, reason=reason)
    touch(Paper, [stored.pk])
    ring(stored, asked | set(Task.objects.filter(step=step, state=Task.State.OPEN).values_list("seat", flat=True)))
    return step


def may_ask_void(paper: Paper, user: Any) -> bool:
    """Whoever began it, and who keeps papers; that they see it is the policy's question."""
    return paper.state == Paper.State.APPROVED and (paper.originator_id == user.pk or may_void(paper, user))


def may_void(paper: Paper, user: Any) -> bool:
    if paper.kind.keeper and any(way.person_id == user.pk for way in Seating().ways(paper.kind.keeper)):
        return True
    return has_capability(user, KEEP_PAPERS)


def void_asked(paper: Paper) -> Event | None:
    """Who asked to void the paper, where that is not answered."""
    last = last_event_of(paper, (ASKED, DECLINED, DONE))
    return last if last is not None and last.verb == ASKED else None


@transaction.atomic
def ask_void(paper: Paper, *, actor: Any, reason: str) -> Event:
    """The first of two: says why an approved paper should not hold any more. Those who keep papers read it from then on."""
    stored = _approved(paper)
    if not may_ask_void(stored, actor):
        raise NotYoursError(_("Whoever began it or keeps papers asks for that."))
    if not reason.strip():
        raise PaperError(_("Write why it should not hold any more."))
    _check_length(reason)
    if void_asked(stored) is not None:
        raise PaperError(_("Somebody has asked for that already; another who keeps papers has to agree."))
    _refuse_built_upon(stored)
    asked = note(stored, ASKED, actor=actor, reason=storable(reason.strip()))
    keepers = {KEEPERS} | ({stored.kind.keeper} if stored.kind.keeper else set())
    let_read(stored, keepers, "voids", actor=actor)
    record(actor, "paper.void_asked", stored, reason=reason)
    tell(VOID_ASKED, stored, holders_of(keepers), actor=actor, note=reason)
    ring(stored)
    return asked


@transaction.atomic
def answer_void(paper: Paper, *, actor: Any, is_agreed: bool) -> Paper:
    """The second of two: the paper is void, or stays. Its number is not given again; what it bound and what counted of it does not any more."""
    stored = _approved(paper)
    asked = void_asked(stored)
    if asked is None:
        raise DecidedMeanwhileError(_("That was answered already."))
    if asked.actor_id == actor.pk or not may_void(stored, actor):
        raise NotYoursError(_("Another one who keeps papers has to agree."))
    if not is_agreed:
        note(stored, DECLINED, actor=actor)
        record(actor, "paper.void_declined", stored)
        ring(stored)
        return stored
    _refuse_built_upon(stored)
    note(stored, DONE, actor=actor)
    Ceiling.objects.filter(paper=stored).delete()
    finish(stored, Paper.State.VOID, actor=actor)
    record(actor, "paper.voided", stored, reason=asked.details["reason"])
    voters = Vote.objects.filter(paper=stored).values_list("person", flat=True)
    tell(VOIDED, stored, {stored.originator_id, *voters}, actor=actor, note=asked.details["reason"])
    ring(stored)
    return stored


def _approved(paper: Paper) -> Paper:
    stored = lock_paper(paper.pk)
    if stored.state != Paper.State.APPROVED:
        raise DecidedMeanwhileError(_("Only a paper that is approved can be voided; this one is: %(state)s.") % {"state": stored.get_state_display()})
    return stored


def _refuse_built_upon(paper: Paper) -> None:
    """Lines of it that stand in papers under way or approved keep it."""
    numbers = LineFact.objects.filter(origin=paper, paper__state__in=COUNTED).order_by("paper").values_list("paper__number", flat=True).distinct()[:3]
    if numbers:
        raise PaperError(_("Lines of it were pulled into %(papers)s. Void or withdraw those first.") % {"papers": _(", ").join(numbers)})


def _check_length(reason: str) -> None:
    if len(reason) > LONGEST_OPINION:
        raise PaperError(_("Write up to %(most)s characters here.") % {"most": LONGEST_OPINION})
