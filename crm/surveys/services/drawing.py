"""A survey is begun and drawn: its questions are put in, changed, moved and taken out, while its version is not published."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.surveys.errors import DrawnMeanwhileError, SurveysError
from crm.surveys.models import Question, Survey, SurveyVersion
from crm.surveys.models.surveys import END, short_key
from crm.surveys.paths import wrong_jump
from crm.surveys.policies import KEEPERS_ONLY, keeps_surveys
from crm.surveys.walking import numbered
from portal.access.models import Audience
from portal.access.rules import AudienceRule
from portal.audit.services import record
from portal.foundation.locking import lock_row

Kind = Question.Kind
MOST_QUESTIONS, MOST_OPTIONS, WIDEST_SCALE = 60, 20, 11
OWN = ("text", "help", "is_required", "has_other", "least", "most", "unit", "low_words", "high_words", "is_long")
MEASURED = ("kind", "least", "most", "unit")


@transaction.atomic
def begin_survey(*, actor: Any, title: str, introduction: str = "", rule: AudienceRule | None = None, **values: Any) -> Survey:
    """Its first version, without questions. `values` are whom, picks, is_anonymous, starts_on, closes_on."""
    _check_keeper(actor)
    survey = Survey(title=title.strip(), head=actor, **values)
    _set_whom(survey, rule)
    survey.save()
    SurveyVersion.objects.create(survey=survey, number=1, introduction=introduction.strip(), author=actor)
    record(actor, "survey.begun", survey)
    return survey


@transaction.atomic
def change_survey(survey: Survey, *, actor: Any, title: str, introduction: str = "", rule: AudienceRule | None = None, **values: Any) -> Survey:
    """While it is a draft, all of it; afterwards its last day alone."""
    _check_keeper(actor)
    held = lock_row(Survey.objects.all(), survey.pk, no_key=True)
    if held.state not in (Survey.State.DRAFT, Survey.State.RUNNING):
        raise SurveysError(_("The survey has ended. Nothing of it is changed any more."))
    if held.state == Survey.State.RUNNING:
        held.closes_on = values["closes_on"]
    else:
        held.title = title.strip()
        for name, value in values.items():
            setattr(held, name, value)
        _set_whom(held, rule)
        held.versions.filter(published_at__isnull=True).update(introduction=introduction.strip())
    _check_days(held.starts_on, held.closes_on)
    held.save()
    record(actor, "survey.changed", held)
    return held


def _set_whom(survey: Survey, rule: AudienceRule | None) -> None:
    _check_days(survey.starts_on, survey.closes_on)
    if survey.whom == Survey.Whom.STAFF and rule is None:
        raise SurveysError(_("Say which people of the staff are asked."))
    survey.audience = Audience.objects.for_rule(rule) if rule is not None and survey.whom == Survey.Whom.STAFF else None


def _check_days(starts_on: date, closes_on: date) -> None:
    if closes_on <= starts_on:
        raise SurveysError(_("The last day lies before the first."))
    if closes_on - starts_on > timedelta(days=370):
        raise SurveysError(_("A survey runs for a year at most."))


def _check_keeper(actor: Any) -> None:
    if not keeps_surveys(actor):
        raise SurveysError(str(KEEPERS_ONLY))


@transaction.atomic
def add_question(survey: Survey, *, actor: Any, kind: str, options: Sequence[str] = (), **values: Any) -> Question:
    """At the end."""
    version = lock_draft(survey, actor)
    rows = list(version.questions.all())
    if len(rows) >= MOST_QUESTIONS:
        raise SurveysError(_("A survey has %(most)s questions and pages at most: nobody answers more.") % {"most": MOST_QUESTIONS})
    question = Question(version=version, kind=kind, place=rows[-1].place + 1 if rows else 1)
    _fill(question, options, values)
    question.save()
    record(actor, "survey.drawn", survey, after={"added": question.text})
    return question


@transaction.atomic
def change_question(question: Question, *, actor: Any, seen: str, options: Sequence[str] = (), **values: Any) -> Question:
    """`seen` is the state that the actor saw. What measures something else gets a key of its own, so that no figure mixes the two."""
    version = lock_draft(question.version.survey, actor)
    held = _held(version, question)
    if seen != state_of(held):
        raise DrawnMeanwhileError(_("Somebody else changed this question meanwhile: “%(text)s”. Look at it, then change it again.") % {"text": held.text})
    before = [getattr(held, name) for name in MEASURED]
    _fill(held, options, values)
    _keep_jumps_possible(held)
    if before != [getattr(held, name) for name in MEASURED] and _was_published(held):
        _renew_key(version, held)
    held.save()
    record(actor, "survey.drawn", version.survey, after={"changed": held.text})
    return held


@transaction.atomic
def remove_question(question: Question, *, actor: Any) -> None:
    version = lock_draft(question.version.survey, actor)
    held = _held(version, question)
    rows = list(version.questions.all())
    numbers = numbered(rows)
    for one in rows:
        if held.key in one.leads.values():
            raise SurveysError(_("Question %(number)s jumps here. Take that jump away first.") % {"number": numbers[one.key]})
    held.delete()
    record(actor, "survey.drawn", version.survey, after={"removed": held.text})


@transaction.atomic
def move_question(question: Question, *, actor: Any, by: int) -> None:
    """One place up (-1) or down (1)."""
    version = lock_draft(question.version.survey, actor)
    held = _held(version, question)
    rows = list(version.questions.all())
    index = [one.pk for one in rows].index(held.pk)
    other = index + by
    if not 0 <= other < len(rows):
        return
    rows[index], rows[other] = rows[other], rows[index]
    wrong = wrong_jump(rows)
    if wrong is not None:
        raise SurveysError(_("“%(text)s” would then jump backward. Take that jump away first.") % {"text": wrong[0].text})
    for place, one in enumerate(rows, start=1):
        if one.place != place:
            Question.objects.filter(pk=one.pk).update(place=place)
    record(actor, "survey.drawn", version.survey, after={"moved": held.text})


@transaction.atomic
def set_jumps(question: Question, *, actor: Any, jumps: dict[str, str]) -> Question:
    """From an option (its key) to a later question (its key), or past the last."""
    version = lock_draft(question.version.survey, actor)
    held = _held(version, question)
    rows = list(version.questions.all())
    places, known = {one.key: one.place for one in rows if not one.is_section}, {key for key, _words in held.choices}
    if jumps and not held.is_closed:
        raise SurveysError(_("Only a question with one answer can jump."))
    for option, target in jumps.items():
        if option not in known:
            raise SurveysError(_("There is no such answer any more. Look at the question again."))
        if target != END and target not in places:
            raise SurveysError(_("The question to jump to is not there any more."))
        if target != END and places[target] <= held.place:
            raise SurveysError(_("A jump leads forward only: choose a question behind this one."))
    held.jumps = [{"on": option, "to": target} for option, target in jumps.items()]
    held.save()
    record(actor, "survey.drawn", version.survey, after={"jumps": held.text})
    return held


@transaction.atomic
def revise_survey(survey: Survey, *, actor: Any) -> SurveyVersion:
    """The next version, drawn as the last one. That one is answered until the new one is published."""
    _check_keeper(actor)
    held = lock_row(Survey.objects.all(), survey.pk, no_key=True)
    if held.state != Survey.State.RUNNING:
        raise SurveysError(_("Only a survey that runs gets a new version."))
    newest = held.versions.order_by("-number")[0]
    if newest.published_at is None:
        raise SurveysError(_("Version %(number)s is being drawn already.") % {"number": newest.number})
    version = SurveyVersion.objects.create(survey=held, number=newest.number + 1, introduction=newest.introduction, author=actor)
    rows = list(newest.questions.all())
    for one in rows:
        one.pk, one.version = None, version
    Question.objects.bulk_create(rows)
    record(actor, "survey.revised", held, after={"version": version.number})
    return version


def lock_draft(survey: Survey, actor: Any) -> SurveyVersion:
    """The version that is drawn, held until the transaction ends."""
    _check_keeper(actor)
    found = survey.versions.filter(published_at__isnull=True).first()
    if found is None:
        raise SurveysError(_("This version is published and stays as it is. Begin a new version to change it."))
    version = lock_row(SurveyVersion.objects.select_related("survey"), found.pk, no_key=True)
    if version.published_at is not None:
        raise SurveysError(_("This version was published just now and stays as it is. Begin a new version to change it."))
    return version


def _held(version: SurveyVersion, question: Question) -> Question:
    held = version.questions.filter(pk=question.pk).first()
    if held is None:
        raise DrawnMeanwhileError(_("Somebody else took this question out meanwhile."))
    return held


def state_of(question: Question) -> str:
    """What a page has seen of it."""
    seen = [question.kind, question.options, question.jumps, *(getattr(question, name) for name in OWN)]
    return sha256(repr([str(one) for one in seen]).encode()).hexdigest()[:24]


def _fill(question: Question, options: Sequence[str], values: dict[str, Any]) -> None:
    for name in OWN:
        if name in values:
            setattr(question, name, values[name])
    question.text = question.text.strip()
    if not question.text:
        raise SurveysError(_("Write the question."))
    question.options = _kept_options(question.options, options) if question.kind in (Kind.ONE, Kind.MANY, Kind.RANKING) else []
    _check(question)


def _kept_options(before: list[dict[str, str]], texts: Sequence[str]) -> list[dict[str, str]]:
    """The same words keep their key; so do other words in the place of an option that is gone: it was reworded."""
    said = [text.strip() for text in texts if text.strip()]
    if len(set(said)) != len(said):
        raise SurveysError(_("Two options are the same."))
    by_text = {one["text"]: one["key"] for one in before}
    keys = [by_text.get(text, "") for text in said]
    for index, key in enumerate(keys):
        if not key and index < len(before) and before[index]["key"] not in keys:
            keys[index] = before[index]["key"]
    return [{"key": key or short_key(), "text": text} for key, text in zip(keys, said, strict=True)]


def _check(question: Question) -> None:
    number, least, most = len(question.options) + question.has_other, question.least, question.most
    if question.kind in (Kind.ONE, Kind.MANY, Kind.RANKING) and not 2 <= number <= MOST_OPTIONS:
        raise SurveysError(_("Write from 2 to %(most)s options, each on a line of its own.") % {"most": MOST_OPTIONS})
    if question.kind == Kind.SCALE and not (_whole(least) and _whole(most) and 0 <= least < most and most - least < WIDEST_SCALE):  # type: ignore[operator]
        raise SurveysError(_("A scale goes from one whole number to a greater one, such as 1 to 5 or 0 to 10."))
    if question.kind == Kind.NUMBER and least is not None and most is not None and least > most:
        raise SurveysError(_("The least is greater than the most."))
    if question.kind == Kind.MANY and ((most and (most > number or most < 1)) or (least and least > (most or number))):
        raise SurveysError(_("So many cannot be chosen: there are %(number)s options.") % {"number": number})


def _whole(number: Decimal | int | None) -> bool:
    return number is not None and number == int(number)


def _keep_jumps_possible(question: Question) -> None:
    known = {key for key, _words in question.choices}
    gone = next((jump["on"] for jump in question.jumps if jump["on"] not in known), None)
    if gone is not None:
        raise SurveysError(_("A jump needs an option that you took out. Take the jump away first, or leave the option in."))


def _was_published(question: Question) -> bool:
    earlier = Question.objects.filter(version__survey=question.version.survey_id, version__published_at__isnull=False)
    return earlier.filter(key=question.key).exists()


def _renew_key(version: SurveyVersion, question: Question) -> None:
    before, question.key = question.key, short_key()
    for one in version.questions.all():
        if before in one.leads.values():
            one.jumps = [{"on": jump["on"], "to": question.key if jump["to"] == before else jump["to"]} for jump in one.jumps]
            one.save(update_fields=["jumps"])
