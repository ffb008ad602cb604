"""What is done beside deciding: withdrawing, sending copies, urging."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access.rules import person_token
from portal.accounts.models import User
from portal.approvals.errors import DecidedMeanwhileError, NotYoursError, PaperError
from portal.approvals.models import Event, Paper, PaperReader, Step, Task, Vote
from portal.approvals.moments import moment
from portal.approvals.notifications import COPIED, URGED, WITHDRAWN
from portal.approvals.services.ending import finish
from portal.approvals.services.opening import close_step
from portal.approvals.services.telling import holders_of, let_read, ring, step_url, tell
from portal.approvals.services.trail import lock_paper, note, open_step_of
from portal.audit.services import record
from portal.foundation.dates import say_instant
from portal.search.services import touch

URGED_EVERY = timedelta(hours=4)
MOST_COPIES = 50


@transaction.atomic
def withdraw_paper(paper: Paper, *, actor: Any, reason: str = "") -> Paper:
    """Take back a paper that is under way; who is asked is not any more. Refuses one that is finished, or on which a step that binds has decided."""
    stored = lock_paper(paper.pk)
    if stored.originator_id != actor.pk:
        raise NotYoursError(_("Only whoever began it can withdraw it."))
    if stored.state == Paper.State.WITHDRAWN:
        return stored
    step = open_step_of(stored)
    if not stored.is_open or step is None:
        raise DecidedMeanwhileError(_("It is finished: %(state)s. It cannot be withdrawn any more.") % {"state": stored.get_state_display()})
    if label := binding_step(stored):
        raise PaperError(_("“%(step)s” has decided already. Ask those who have it now to return it.") % {"step": label})
    asked = list(Task.objects.filter(step=step, state=Task.State.OPEN).values_list("seat", flat=True))
    close_step(stored, step, Step.State.WITHDRAWN)
    note(stored, "withdrawn", actor=actor)
    finish(stored, Paper.State.WITHDRAWN, actor=actor)
    record(actor, "paper.withdrawn", stored, reason=reason)
    tell(WITHDRAWN, stored, holders_of(asked), actor=actor)
    ring(stored, asked)
    return stored


def binding_step(paper: Paper) -> str:
    """The step that has decided so that the paper cannot be withdrawn; nothing where none has."""
    keys = {step.key for step in paper.route.plan if step.binds}
    if not keys:
        return ""
    votes = Vote.objects.filter(paper=paper, decision=Vote.Decision.APPROVE, step__key__in=keys).exclude(step__state=Step.State.SUPERSEDED)
    vote = votes.select_related("step").first()
    return vote.step.label if vote else ""


@transaction.atomic
def copy_paper(paper: Paper, *, to: Collection[Any], actor: Any) -> list[Any]:
    """Let these people read it, and tell them; returns those who had no copy yet. Whether the actor may is the policy's question."""
    stored = lock_paper(paper.pk)
    if len(to) > MOST_COPIES:
        raise PaperError(_("Up to %(most)s people at once.") % {"most": MOST_COPIES})
    known = set(PaperReader.objects.filter(thing=stored, reason="copied").values_list("token", flat=True))
    people = [person for person in to if person_token(person.pk) not in known]
    people = list(User.objects.active().employees().filter(pk__in=[person.pk for person in people]).order_by("pk"))
    if not people:
        return []
    tokens = [person_token(person.pk) for person in people]
    # Who takes part for another reason is found among the copies too.
    PaperReader.objects.filter(thing=stored, token__in=tokens).update(reason="copied")
    let_read(stored, tokens, "copied", actor=actor)
    note(stored, "copied", actor=actor, people=[person.pk for person in people])
    record(actor, "paper.copied", stored, after={"to": "、".join(person.name for person in people)})
    tell(COPIED, stored, [person.pk for person in people], actor=actor)
    touch(Paper, [stored.pk])
    return people


@transaction.atomic
def urge_paper(paper: Paper, *, actor: Any) -> int:
    """Ring those who have it now; once in four hours. Returns how many people."""
    stored = lock_paper(paper.pk)
    if stored.originator_id != actor.pk:
        raise NotYoursError(_("Only whoever began it can urge."))
    step = open_step_of(stored)
    if stored.state != Paper.State.RUNNING or step is None:
        raise PaperError(_("Nobody else has it now."))
    last = Event.objects.filter(paper=stored, verb="urged").order_by("-seq").values_list("at", flat=True).first()
    if last is not None and moment() < last + URGED_EVERY:
        raise PaperError(_("You urged them %(when)s already; once in four hours is enough.") % {"when": say_instant(last)})
    seats = Task.objects.filter(step=step, state=Task.State.OPEN).exclude(place=Task.Place.OPINION).values_list("seat", flat=True)
    people = [pk for pk in holders_of(seats) if pk != actor.pk]
    note(stored, "urged", actor=actor)
    record(actor, "paper.urged", stored)
    tell(URGED, stored, people, actor=actor, url=step_url(stored, step))
    return len(people)
