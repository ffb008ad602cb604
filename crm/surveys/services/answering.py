"""Answers are taken. Where the survey is anonymous, that somebody answered and what was answered are two rows that nothing joins, written at once."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from crm.customers.models import Customer
from crm.surveys.errors import ClosedError, SurveysError
from crm.surveys.models import Answer, Draft, Invitation, Question, Response, Sheet, Survey, SurveyVersion
from crm.surveys.models.surveys import OTHER
from crm.surveys.paths import NOTHING, Answers, Given, asked_of
from crm.surveys.policies import KEEPERS_ONLY, keeps_surveys
from portal.access.policies import can
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.organization.querysets import today

Kind, Channel = Question.Kind, Response.Channel


@transaction.atomic
def answer_as_staff(version: SurveyVersion, *, actor: Any, given: Answers) -> Response:
    """Once where it is anonymous; else the newest counts."""
    survey = _open(version)
    if not can(actor, "answer", survey):
        raise ClosedError(_("This survey does not ask you."))
    Invitation.objects.bulk_create([Invitation(survey=survey, person=actor)], ignore_conflicts=True)
    _spend(survey, Invitation.objects.get(survey=survey, person=actor))
    named: dict[str, Any] = {} if survey.is_anonymous else {"person": actor}
    response = _keep(version, given, Channel.STAFF, **named)
    if not survey.is_anonymous:
        record(actor, "survey.answered", survey)
    return response


@transaction.atomic
def answer_as_customer(invitation: Invitation, version: SurveyVersion, *, actor: Any, customer: Customer, given: Answers) -> Response:
    """`customer` is the file of the sign-in; an invitation of another firm is refused."""
    survey = _open(version)
    if invitation.survey_id != survey.pk or invitation.customer is None or invitation.customer.root_id != customer.root_id:
        raise ClosedError(_("This survey asks another firm."))
    _spend(survey, invitation)
    named: dict[str, Any] = {} if survey.is_anonymous else {"customer": invitation.customer}
    response = _keep(version, given, Channel.SITE, **named)
    if not survey.is_anonymous:
        record(actor, "survey.answered", survey, after={"customer": customer.name})
    return response


@transaction.atomic
def answer_by_link(version: SurveyVersion, *, key: UUID, given: Answers) -> Response:
    """Of nobody. `key` is the page's: sent twice it is taken once."""
    survey = _open(version)
    if survey.whom != Survey.Whom.EVERYONE:
        raise ClosedError(_("This survey is not answered by a link."))
    found = Response.objects.filter(pk=key, survey=survey).first()
    return found if found is not None else _keep(version, given, Channel.LINK, key=key)


@transaction.atomic
def answer_on_paper(survey: Survey, *, actor: Any, number: int, given: Answers) -> Response:
    """What stands on a printed sheet, typed in by an employee. Each number once. Sheets that were filled in in time are typed in after the end too."""
    if not keeps_surveys(actor):
        raise SurveysError(str(KEEPERS_ONLY))
    found = find_sheet(survey, number)
    survey = Survey.objects.get(pk=survey.pk)
    if survey.state not in (Survey.State.RUNNING, Survey.State.ENDED):
        raise ClosedError(_("The result is published. No sheet is taken any more."))
    held = lock_row(Sheet.objects.select_related("version"), found.pk, no_key=True)
    if held.is_spent:
        raise ClosedError(_("Sheet %(number)s was entered already.") % {"number": number})
    held.is_spent = True
    held.save(update_fields=["is_spent"])
    response = _keep(held.version, given, Channel.PAPER)
    record(actor, "survey.sheet_entered", survey)
    return response


def find_sheet(survey: Survey, number: int) -> Sheet:
    found = survey.sheets.filter(number=number).select_related("version").first()
    if found is None:
        raise SurveysError(_("There is no sheet %(number)s of this survey. Compare the number on the sheet.") % {"number": number})
    return found


def _open(version: SurveyVersion) -> Survey:
    """The survey as it is now."""
    survey = Survey.objects.select_related("audience").get(pk=version.survey_id)
    refuse_closed(survey)
    if version.published_at is None:
        raise ClosedError(_("This version is not published yet."))
    return survey


def refuse_closed(survey: Survey) -> None:
    """The sentence for whoever comes too early or too late."""
    if survey.state == Survey.State.RUNNING and today() < survey.starts_on:
        raise ClosedError(_("The survey begins on %(day)s.") % {"day": f"{survey.starts_on:%Y-%m-%d}"})
    if not survey.is_open(today()):
        raise ClosedError(_("The survey has ended. Thank you for coming; no more answers are taken."))


def refuse_twice(survey: Survey, invitation: Invitation | None) -> None:
    if invitation is not None and invitation.is_spent and survey.is_anonymous:
        raise ClosedError(_("You have answered this already. It is anonymous: nobody, not even you, can find your answer again."))


def _spend(survey: Survey, invitation: Invitation) -> None:
    held = lock_row(Invitation.objects.all(), invitation.pk, no_key=True)
    refuse_twice(survey, held)
    held.is_spent = True
    held.save(update_fields=["is_spent"])


def _keep(version: SurveyVersion, given: Answers, channel: str, *, key: UUID | None = None, **named: Any) -> Response:
    if named:
        Response.objects.filter(survey=version.survey_id, is_counted=True, **named).update(is_counted=False)
        Draft.objects.filter(survey=version.survey_id, **named).delete()
    response = Response.objects.create(pk=key or uuid4(), survey_id=version.survey_id, version=version, day=today(), channel=channel, **named)
    rows: list[Answer] = []
    for one in asked_of(list(version.questions.all()), given):
        rows += answer_rows(response, one, given.get(one.key, NOTHING))
    Answer.objects.bulk_create(rows)
    return response


def answer_rows(response: Response, question: Question, given: Given) -> Iterator[Answer]:
    """The rows of one question that was asked, the first of them at place 0."""
    common: dict[str, Any] = {"response": response, "survey_id": response.survey_id, "question": question.key}
    if not given:
        yield Answer(**common, is_blank=True)
    elif question.kind == Kind.TEXT:
        yield Answer(**common, text=given.text)
    elif question.kind == Kind.NUMBER:
        yield Answer(**common, number=Decimal(given.values[0]))
    elif question.kind == Kind.SCALE:
        yield Answer(**common, option=given.values[0], number=Decimal(given.values[0]))
    elif question.kind == Kind.RANKING:
        for place, option in enumerate(given.values):
            yield Answer(**common, place=place, option=option, number=place + 1)
    else:
        for place, option in enumerate(given.values):
            yield Answer(**common, place=place, option=option, text=given.text if option == OTHER else "")
