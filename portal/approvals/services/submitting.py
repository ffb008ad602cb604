"""Drafts, submission, and submitting again what was returned."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.policies import visible_to
from portal.access.rules import person_token
from portal.accounts.models import User
from portal.approvals.definitions.forms import Values, digest
from portal.approvals.errors import ChangedMeanwhileError, NotYoursError, PaperError
from portal.approvals.models import Content, Draft, Paper, PaperKind, Step, Task, Vote
from portal.approvals.moments import moment
from portal.approvals.notifications import ALL, CHANGED
from portal.approvals.placing import Case, Placing
from portal.approvals.services.contents import Chosen, file_ids, whole, with_later, write_content
from portal.approvals.services.deciding import Held, hold_task, lock_paper_of, sent_before, supersede
from portal.approvals.services.ending import number_paper
from portal.approvals.services.opening import close_step, go_on
from portal.approvals.services.telling import let_read, ring, step_url, tell
from portal.approvals.services.trail import lock_paper, note
from portal.attachments.services import hang_files, release_files
from portal.audit.services import record
from portal.notifications.services import renew_bells
from portal.organization.models import Employment
from portal.search.services import touch


def posts_to_begin_from(person: Any) -> list[Employment]:
    """The posts under which a person may begin a paper today, the primary one first."""
    return list(Employment.objects.current().filter(person=person).select_related("department", "position").order_by("-is_primary", "-starts_on", "pk"))


@transaction.atomic
def begin_paper(kind: PaperKind, *, actor: Any, values: Values, chosen: Chosen | None = None, employment: Employment | None = None) -> Paper:
    """A draft, which nobody but its writer sees. Refuses a kind that this person may not begin, and who holds no post today."""
    if not kind.is_open or kind.form_id is None or kind.route_id is None or not visible_to(PaperKind, actor).filter(pk=kind.pk).exists():
        raise NotYoursError(_("You cannot begin a paper of this kind."))
    posts = posts_to_begin_from(actor)
    post = next((one for one in posts if employment is None or one.pk == employment.pk), None)
    if post is None:
        raise PaperError(_("You hold no post today, so there is nobody to decide for you."))
    paper = Paper.objects.create(
        kind=kind, form_id=kind.form_id, route_id=kind.route_id, originator=actor, employment=post, department=post.department, created_at=moment()
    )
    let_read(paper, [person_token(actor.pk)], "began", actor=actor)
    record(actor, "paper.begun", paper, after={"kind": kind.name})
    save_draft(paper, actor=actor, values=values, chosen=chosen)
    return paper


@transaction.atomic
def save_draft(paper: Paper, *, actor: Any, values: Values, chosen: Chosen | None = None) -> Draft:
    """Keep what was written so far, whole or not. Of a draft it is what lists show, of a paper that was returned it is its writer's alone."""
    stored = lock_paper(paper.pk)
    if stored.state not in (Paper.State.DRAFT, Paper.State.RETURNED):
        raise PaperError(_("This paper is under way or finished; it cannot be written in any more."))
    plan = stored.form.plan
    values = whole(plan, values, stored.kind)
    draft, _is_new = Draft.objects.update_or_create(
        paper=stored, writer=actor, defaults={"values": values, "chosen": dict(chosen or {}), "saved_at": timezone.now()}
    )
    if stored.state == Paper.State.DRAFT:
        stored.title, stored.amount = plan.title(values), plan.amount(values)
        stored.save(update_fields=["title", "amount"])
        hang_files(actor=actor, about=stored, shown=file_ids(values))
    elif stored.content is not None:
        shown = file_ids(stored.content.values)
        hang_files(actor=actor, about=stored, shown=shown, held=[pk for pk in file_ids(values) if pk not in shown])
    return draft


@transaction.atomic
def delete_draft(paper: Paper, *, actor: Any) -> None:
    """What was never submitted goes without a trace but the record's."""
    stored = lock_paper(paper.pk)
    if stored.state != Paper.State.DRAFT:
        raise PaperError(_("What was submitted stays. Withdraw it instead."))
    release_files(actor=actor, about=stored)
    record(actor, "paper.deleted", stored, before={"title": stored.title})
    stored.delete()


@transaction.atomic
def submit_paper(paper: Paper, *, actor: Any, values: Values, chosen: Chosen | None = None) -> Paper:
    """Send a draft on its way: its first content, its number where the kind is numbered now, its first step. Sent again it answers with what was done."""
    stored = lock_paper(paper.pk)
    if stored.originator_id != actor.pk:
        raise NotYoursError(_("Only whoever began it can submit it."))
    if stored.state != Paper.State.DRAFT:
        return stored
    _take_versions_of_today(stored)
    _check_chosen(stored, chosen or {})
    stored.state, stored.submitted_at = Paper.State.RUNNING, moment()
    write_content(stored, with_later(stored.form.plan, {}, values), chosen or {}, actor=actor)
    stored.save(update_fields=["form", "route"])
    number_paper(stored, PaperKind.NumberedAt.SUBMISSION)
    Draft.objects.filter(paper=stored).delete()
    let_read(stored, [f"head:{stored.department_id}"], "heads", actor=actor)
    note(stored, "submitted", actor=actor, content=stored.content_id, department=stored.department_id)
    record(actor, "paper.submitted", stored, after={"number": stored.number, "title": stored.title})
    go_on(stored, None, actor=actor)
    touch(Paper, [stored.pk])
    ring(stored, Task.objects.filter(paper=stored, state=Task.State.OPEN).values_list("seat", flat=True))
    return stored


@transaction.atomic
def resubmit_paper(task_id: int, *, actor: Any, seen: int, key: UUID, values: Values, chosen: Chosen | None = None, answer: str = "") -> Paper:
    """Submit again what was returned. What is changed becomes a new content.

    Straight back to whoever returned it, if they wanted it so and nothing changed on which others decided; else through all steps again.
    """
    paper = lock_paper_of(task_id)
    if earlier := sent_before(actor, key):
        return earlier.paper
    held = hold_task(task_id, actor=actor, paper=paper)
    step, before = held.step, paper.content
    assert before is not None
    if step.kind != Step.Kind.REVISE:
        raise PaperError(_("This paper is not with you to be changed."))
    if seen != before.number:
        raise ChangedMeanwhileError(_("It has changed since you opened it. What changed is shown below; read it and decide anew."))
    _check_chosen(paper, chosen or {})
    values = whole(paper.form.plan, with_later(paper.form.plan, before.values, values), paper.kind)
    if digest(values) != digest(before.values) or digest(dict(chosen or {})) != digest(before.chosen):
        write_content(paper, values, chosen or {}, actor=actor)
    is_binding = goes_through_all(paper, before, values, chosen or {})
    _vote_of_revision(held, key=key, actor=actor, answer=answer)
    if is_binding:
        supersede(paper, from_key=None)
        step.resumes = None
        step.save(update_fields=["resumes"])
    paper.state = Paper.State.RUNNING
    paper.save(update_fields=["state"])
    Draft.objects.filter(paper=paper).delete()
    record(actor, "paper.resubmitted", paper, after={"content": paper.content.number if paper.content else 0}, reason=answer)
    close_step(paper, step, Step.State.PASSED)
    _tell_of_change(paper, before, actor=actor)
    _renew_told(paper, before)
    go_on(paper, step, actor=actor)
    touch(Paper, [paper.pk])
    ring(paper, Task.objects.filter(paper=paper, state=Task.State.OPEN).values_list("seat", flat=True))
    return paper


def goes_through_all(paper: Paper, before: Content, values: Values, chosen: Chosen) -> bool:
    """Whether something changed on which others decided, so that what they decided does not count any more."""
    plan = paper.form.plan
    return plan.binding_digest(values) != plan.binding_digest(before.values) or digest(dict(chosen)) != digest(before.chosen)


def _take_versions_of_today(paper: Paper) -> None:
    kind = PaperKind.objects.select_related("form", "route").get(pk=paper.kind_id)
    assert kind.form is not None
    assert kind.route is not None
    paper.kind, paper.form, paper.route = kind, kind.form, kind.route


def _check_chosen(paper: Paper, chosen: Chosen) -> None:
    """Whom the requester chose, where the route asks for it: so many, at work, and not themselves (S11)."""
    for step in paper.route.plan:
        rule = step.chosen_by_requester
        people = chosen.get(step.key, [])
        if rule is None:
            if people:
                raise PaperError(_("Nobody is to be chosen for “%(step)s”.") % {"step": step.label_in["zh"]})
            continue
        case = Case(paper.originator_id, paper.department_id, paper.form.plan, {}, {}, paper.kind.keeper)
        placing = Placing(case)
        known = set(User.objects.active().employees().filter(pk__in=people).values_list("pk", flat=True))
        if any(pk not in known or pk == paper.originator_id or not placing.may_act(pk, person_token(pk)) for pk in people) or len(set(people)) > rule.most:
            raise PaperError(_("Choose up to %(most)s people who work here, and not yourself.") % {"most": rule.most})


def _vote_of_revision(held: Held, *, key: UUID, actor: Any, answer: str) -> None:
    assert held.paper.content is not None
    vote = Vote.objects.create(
        task=held.task,
        step=held.step,
        paper=held.paper,
        content=held.paper.content,
        person=actor,
        principal_id=held.way.principal_id,
        employment_id=held.way.employment_id,
        decision=Vote.Decision.REVISE,
        opinion=answer.strip(),
        request_key=key,
        at=moment(),
    )
    held.task.state, held.task.closed_at = Task.State.DONE, moment()
    held.task.save(update_fields=["state", "closed_at"])
    note(held.paper, "resubmitted", actor=actor, principal_id=held.way.principal_id, task=held.task.pk, vote=vote.pk, content=held.paper.content_id)


def _tell_of_change(paper: Paper, before: Content, *, actor: Any) -> None:
    """Those who had decided on what it said before."""
    if paper.content_id != before.pk:
        people = Vote.objects.filter(paper=paper).exclude(decision__in=[Vote.Decision.OPINION, Vote.Decision.REVISE]).values_list("person", flat=True)
        tell(CHANGED, paper, [pk for pk in people if pk != paper.originator_id], actor=actor)


def _renew_told(paper: Paper, before: Content) -> None:
    """Bells that are still shown say the title of now."""
    if paper.title != paper.form.plan.title(before.values):
        urls = [paper.get_absolute_url(), *(step_url(paper, step) for step in Step.objects.filter(paper=paper).only("pk"))]
        renew_bells(paper, urls, kinds=ALL)
