"""What comes after a survey: its result for those who answered, what is mended by whom until when, done and judged, and at last the evaluation."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.surveys.errors import SurveysError
from crm.surveys.models import Measure, Survey
from crm.surveys.notifications import MEASURE, MEASURE_DONE, RESULT
from crm.surveys.policies import KEEPERS_ONLY, keeps_surveys
from portal.accounts.models import User
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.organization.querysets import today


@transaction.atomic
def publish_result(survey: Survey, *, actor: Any, text: str) -> Survey:
    """For those who answered. It can be written anew until the survey is evaluated."""
    held = _held(survey, actor)
    if held.state not in (Survey.State.ENDED, Survey.State.PUBLISHED):
        raise SurveysError(_("The result is published once the survey has ended."))
    is_first = held.state == Survey.State.ENDED
    held.result, held.state = text.strip(), Survey.State.PUBLISHED
    held.save(update_fields=["result", "state"])
    record(actor, "survey.result_published", held)
    answered = list(held.invitations.filter(is_spent=True, person__isnull=False).values_list("person", flat=True))
    if is_first and answered:
        notify(RESULT, words={"title": held.title}, about=held, recipients=answered, at_its_page=True, actor=actor)
    return held


@transaction.atomic
def give_measure(survey: Survey, *, actor: Any, text: str, owner: User, due_on: date) -> Measure:
    held = _held(survey, actor)
    if held.state not in (Survey.State.ENDED, Survey.State.PUBLISHED):
        raise SurveysError(_("What is mended is decided once the survey has ended, and before it is evaluated."))
    if due_on < today():
        raise SurveysError(_("That day has passed. Choose today or later."))
    measure = Measure.objects.create(survey=held, text=text.strip(), owner=owner, due_on=due_on)
    record(actor, "measure.given", measure, after={"owner": owner.name, "due_on": str(due_on)})
    words = {"title": held.title, "text": measure.text, "day": f"{due_on:%Y-%m-%d}"}
    notify(MEASURE, words=words, about=held, recipients=[owner.pk], at_its_page=True, actor=actor)
    return measure


@transaction.atomic
def do_measure(measure: Measure, *, actor: Any, done: str) -> Measure:
    """Said by its owner."""
    held = lock_row(Measure.objects.select_related("survey", "owner"), measure.pk, no_key=True)
    if held.owner_id != actor.pk:
        raise SurveysError(_("%(person)s has to mend this and says when it is done.") % {"person": held.owner.name})
    if held.state != Measure.State.OPEN:
        raise SurveysError(_("It was reported as done already."))
    held.done, held.done_on, held.state = done.strip(), today(), Measure.State.DONE
    held.save(update_fields=["done", "done_on", "state"])
    record(actor, "measure.done", held)
    words = {"person": actor.name, "title": held.survey.title}
    notify(MEASURE_DONE, words=words, about=held.survey, recipients=[held.survey.head_id], at_its_page=True, actor=actor)
    return held


@transaction.atomic
def judge_measure(measure: Measure, *, actor: Any, is_accepted: bool, judgement: str) -> Measure:
    """By somebody else than its owner. Not accepted, it is to be done again."""
    held = lock_row(Measure.objects.select_related("survey", "owner"), measure.pk, no_key=True)
    if not keeps_surveys(actor):
        raise SurveysError(str(KEEPERS_ONLY))
    if held.owner_id == actor.pk:
        raise SurveysError(_("Whoever carried it out does not judge it. Ask somebody else who keeps surveys."))
    if held.state != Measure.State.DONE:
        raise SurveysError(_("It is judged once its owner has said that it is done."))
    held.state = Measure.State.ACCEPTED if is_accepted else Measure.State.OPEN
    held.judged_by, held.judgement = actor, judgement.strip()
    held.save(update_fields=["state", "judged_by", "judgement"])
    record(actor, "measure.judged", held, after={"accepted": is_accepted})
    if not is_accepted:
        words = {"title": held.survey.title, "text": held.text, "day": f"{held.due_on:%Y-%m-%d}"}
        notify(MEASURE, words=words, about=held.survey, recipients=[held.owner_id], at_its_page=True, actor=actor)
    return held


@transaction.atomic
def evaluate_survey(survey: Survey, *, actor: Any, text: str) -> Survey:
    """The last word, once every measure is accepted."""
    held = _held(survey, actor)
    if held.state != Survey.State.PUBLISHED:
        raise SurveysError(_("Publish the result first."))
    left = held.measures.exclude(state=Measure.State.ACCEPTED).count()
    if left:
        raise SurveysError(_("%(number)s measures are not accepted yet.") % {"number": left})
    held.evaluation, held.state = text.strip(), Survey.State.EVALUATED
    held.save(update_fields=["evaluation", "state"])
    record(actor, "survey.evaluated", held)
    return held


def _held(survey: Survey, actor: Any) -> Survey:
    if not keeps_surveys(actor):
        raise SurveysError(str(KEEPERS_ONLY))
    return lock_row(Survey.objects.all(), survey.pk, no_key=True)
