"""Surveys of the demo plant: one that runs for the retailers, one for everyone by link, one of the staff that is through to its result."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from crm.surveys.capabilities import KEEP_SURVEYS
from crm.surveys.demo.texts import CANTEEN, DONE, MEASURES, OTHER_WORDS, RESULT, SERVICE, TASTE, WORDS
from crm.surveys.models import Answer, Invitation, Question, Response, Survey, SurveyVersion
from crm.surveys.models.surveys import OTHER
from crm.surveys.paths import Given, asked_of
from crm.surveys.services.after import do_measure, give_measure, judge_measure, publish_result
from crm.surveys.services.answering import answer_rows
from crm.surveys.services.drawing import add_question, begin_survey, set_jumps
from crm.surveys.services.running import end_survey, publish_version
from portal.access.rules import AudienceRule, department_token, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.organization.demo import Plant, register_content

Kind = Question.Kind
CUSTOMERS, VISITORS, STAFF = 160, 120, 220


def build_surveys(plant: Plant) -> None:
    admin = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    head = plant.heads.get("SAL")
    if admin is None:
        return
    keeper = User.objects.get(pk=head.pk) if head is not None else admin
    grant_capability(KEEP_SURVEYS, rule=AudienceRule.of([person_token(keeper.pk)]), actor=admin)
    keeper = User.objects.get(pk=keeper.pk)
    _of_service(plant, keeper)
    _of_taste(plant, keeper)
    _of_the_canteen(plant, keeper, admin)


def _of_service(plant: Plant, keeper: User) -> None:
    """Those who sign in on the customers' site (13807310001 to 4) have not answered yet."""
    survey, version = _drawn(plant, keeper, SERVICE, whom=Survey.Whom.CUSTOMERS, picks={"kinds": ["retailer"]}, days=(-12, 18))
    rows = list(Invitation.objects.filter(survey=survey).select_related("customer").order_by("customer__code"))
    own = set(Invitation.objects.filter(survey=survey, customer__accounts__isnull=False).values_list("pk", flat=True))
    chosen = [row for row in rows if row.pk not in own][:CUSTOMERS]
    _answered(plant, version, len(chosen), channel="site", customers=[row.customer for row in chosen])
    Invitation.objects.filter(pk__in=[row.pk for row in chosen]).update(is_spent=True)


def _of_taste(plant: Plant, keeper: User) -> None:
    _survey, version = _drawn(plant, keeper, TASTE, whom=Survey.Whom.EVERYONE, days=(-20, 25))
    _answered(plant, version, VISITORS, channel="link")


def _of_the_canteen(plant: Plant, keeper: User, admin: User) -> None:
    """Anonymous, ended, its result published; one measure is done and judged, one is open."""
    root = next(iter(plant.departments.values()))
    while root.parent is not None:
        root = root.parent
    rule = AudienceRule.of([department_token(root.pk)])
    survey, version = _drawn(plant, keeper, CANTEEN, whom=Survey.Whom.STAFF, rule=rule, is_anonymous=True, days=(-30, 5))
    people = list(User.objects.employees().active().order_by("pk")[:STAFF])
    _answered(plant, version, len(people), channel="staff")
    Invitation.objects.bulk_create(Invitation(survey=survey, person=person, is_spent=True) for person in people)
    end_survey(survey, actor=keeper)
    owner = next((User.objects.get(pk=one.pk) for code, one in sorted(plant.heads.items()) if one.pk != keeper.pk), admin)
    done, _open = [give_measure(survey, actor=keeper, text=text, owner=owner, due_on=plant.day + timedelta(days=20)) for text in MEASURES]
    publish_result(survey, actor=keeper, text=RESULT)
    do_measure(done, actor=owner, done=DONE)
    judge_measure(done, actor=keeper, is_accepted=True, judgement="现场看过，属实。")


def _drawn(plant: Plant, keeper: User, drawing: tuple[str, str, list[Any]], *, days: tuple[int, int], **values: Any) -> tuple[Survey, SurveyVersion]:
    """Those of its questions that only some are asked are jumped over: the first yes or no leads past its next question."""
    title, introduction, questions = drawing
    starts, closes = (plant.day + timedelta(days=number) for number in days)
    survey = begin_survey(actor=keeper, title=title, introduction=introduction, starts_on=starts, closes_on=closes, **values)
    made = [add_question(survey, actor=keeper, kind=kind, text=text, **more) for kind, text, more in questions]
    place = next((index for index, one in enumerate(made) if one.kind == Kind.YES_NO), None)
    if place is not None:
        set_jumps(made[place], actor=keeper, jumps={"no": made[place + 2].key if drawing is SERVICE else made[-1].key})
    return survey, publish_version(survey, actor=keeper)


def _answered(plant: Plant, version: SurveyVersion, number: int, *, channel: str, customers: Sequence[Any] = ()) -> None:
    questions = list(version.questions.all())
    responses: list[Response] = []
    rows: list[Answer] = []
    for index in range(number):
        response = Response(
            id=UUID(int=plant.random.getrandbits(128), version=4), survey_id=version.survey_id, version=version, channel=channel,
            day=_day(plant, version.survey.starts_on), customer=customers[index] if customers else None,
        )  # fmt: skip
        given: dict[str, Given] = {}
        for one in questions:
            if not one.is_section:
                given[one.key] = _said(plant, one)
        responses.append(response)
        for one in asked_of(questions, given):
            rows += answer_rows(response, one, given[one.key])
    Response.objects.bulk_create(responses)
    Answer.objects.bulk_create(rows, batch_size=2_000)


def _day(plant: Plant, first: date) -> date:
    return first + timedelta(days=plant.random.randrange(max(1, (plant.day - first).days)))


def _said(plant: Plant, one: Question) -> Given:
    """As people answer: mostly content, some without a word."""
    pick, keys = plant.random, [key for key, _words in one.choices if key != OTHER]
    if not one.is_required and pick.random() < 0.15:
        return Given()
    if one.kind == Kind.SCALE:
        return Given((keys[min(len(keys) - 1, max(0, round(pick.gauss(len(keys) * 0.72, len(keys) * 0.2))))],))
    if one.kind == Kind.YES_NO:
        return Given(("yes",) if pick.random() < (0.3 if "送错" in one.text else 0.8) else ("no",))
    if one.kind == Kind.ONE:
        return Given((keys[min(len(keys) - 1, int(pick.expovariate(1.1)))],))
    if one.kind == Kind.MANY:
        chosen = tuple(pick.sample(keys, pick.randint(1, int(one.most or 2))))
        return Given((*chosen[:-1], OTHER), pick.choice(OTHER_WORDS)) if one.has_other and pick.random() < 0.08 else Given(chosen)
    if one.kind == Kind.RANKING:
        return Given(tuple(sorted(keys, key=lambda key: keys.index(key) + pick.gauss(0, 1.2))))
    if one.kind == Kind.NUMBER:
        middle = 60 if one.unit == "条" else 28
        return Given((str(min(int(one.most or 100), max(int(one.least or 0), round(pick.lognormvariate(0, 0.5) * middle)))),))
    return Given(text=pick.choice(WORDS[one.text])) if pick.random() < 0.5 else Given()


register_content(80, build_surveys)
