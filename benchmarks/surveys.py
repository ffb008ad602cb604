"""A survey of eight kinds of question with 200,000 answers, written by SQL: analysing it, by a version and by a cut; its pages."""

from functools import partial

from django.db import connection, transaction

from benchmarks.context import Context
from benchmarks.pages import REFERENCE_BACKEND, cpu_rows
from benchmarks.rows import Row, at_most, told
from benchmarks.timing import median
from crm.surveys.analysis import analyse
from crm.surveys.models import Answer, Question, Survey, SurveyVersion
from portal.accounts.models import User
from portal.organization.querysets import today

ANSWERS, LIST_GOAL, ANALYSIS_GOAL = 200_000, 1.5, 500
TITLE = "bench"
KINDS = {
    "one": {"options": [{"key": f"o{number}", "text": f"选项{number}"} for number in range(5)]},
    "many": {"options": [{"key": f"m{number}", "text": f"多选{number}"} for number in range(6)]},
    "yes_no": {},
    "scale": {"least": 1, "most": 5},
    "ranking": {"options": [{"key": f"r{number}", "text": f"排序{number}"} for number in range(3)]},
    "number": {},
    "text": {"is_long": True},
    "day": {},
}
# For each response: how many rows of the question, its option, number and text; n is the response, p the place.
ROWS = {
    "one": (1, "'o' || n * 7 %% 5", "NULL::numeric", "''"),
    "many": (2, "'m' || (n + p * 2) %% 6", "NULL::numeric", "''"),
    "yes_no": (1, "CASE WHEN n %% 3 = 0 THEN 'no' ELSE 'yes' END", "NULL::numeric", "''"),
    "scale": (1, "(1 + n * 13 %% 5)::text", "1 + n * 13 %% 5", "''"),
    "ranking": (3, "'r' || (n + p) %% 3", "p + 1", "''"),
    "number": (1, "''", "(n * 7919 %% 100000) / 10.0", "''"),
    "text": (1, "''", "NULL::numeric", "'送货再早一点就好，第' || n || '条'"),
    "day": (1, "to_char(current_date - (n %% 60)::int, 'YYYY-MM-DD')", "NULL::numeric", "''"),
}
RESPONSES = ANSWERS // sum(number for number, *_rest in ROWS.values())
WRITE_RESPONSES = """
    INSERT INTO surveys_response (id, survey_id, version_id, day, channel, person_id, customer_id, is_counted)
    SELECT gen_random_uuid(), %(survey)s, CASE WHEN n %% 4 = 0 THEN %(first)s ELSE %(second)s END, current_date - n %% 20, 'link', NULL, NULL, true
    FROM generate_series(1, %(responses)s) AS n
"""
WRITE_ANSWERS = """
    INSERT INTO surveys_answer (id, response_id, survey_id, question, place, option, number, text, is_blank)
    SELECT gen_random_uuid(), r.id, %(survey)s, '{key}', p, CASE WHEN blank THEN '' ELSE {option} END, CASE WHEN blank THEN NULL ELSE {number} END,
        CASE WHEN blank THEN '' ELSE {text} END, blank
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM surveys_response WHERE survey_id = %(survey)s) AS r
        CROSS JOIN generate_series(0, {last}) AS p, LATERAL (SELECT n %% 17 = 0) AS left_out (blank)
    WHERE NOT blank OR p = 0
"""


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    actor = User.objects.filter(is_superuser=True).order_by("pk")[0]
    survey = fill_survey(context, actor)
    cookie, plain = context.sign_in(actor), context.sign_in(actor, backend=REFERENCE_BACKEND)
    at = survey.get_absolute_url()
    pages = [("surveys", "/crm/surveys/", cookie, True), ("a survey", at, cookie, False)]
    context.say("analysing")
    return [
        told("surveys", "answers", Answer.objects.filter(survey=survey).count(), "rows"),
        at_most("surveys", "analysing, median", median(partial(analyse, survey)), "ms", ANALYSIS_GOAL),
        told("surveys", "analysing one version, median", median(partial(analyse, survey, version=2)), "ms"),
        told("surveys", "analysing by a cut, median", median(partial(analyse, survey, cut="kone")), "ms"),
        *cpu_rows(context, pages, plain, area="surveys", goal=LIST_GOAL),
    ]


def fill_survey(context: Context, actor: User) -> Survey:
    """Made once and kept for the next run."""
    found = Survey.objects.filter(title=TITLE).first()
    if found is not None:
        return found
    context.say(f"writing {ANSWERS:,} answers")
    with transaction.atomic():
        survey = Survey.objects.create(
            title=TITLE, whom=Survey.Whom.EVERYONE, head=actor, starts_on=today(), closes_on=today().replace(year=today().year + 1), state="running"
        )
        versions = [_version(survey, number, actor) for number in (1, 2)]
        values = {"survey": survey.pk, "first": versions[0].pk, "second": versions[1].pk, "responses": RESPONSES}
        with connection.cursor() as cursor:
            cursor.execute(WRITE_RESPONSES, values)
            for kind, (number, option, value, text) in ROWS.items():
                cursor.execute(WRITE_ANSWERS.format(key=f"k{kind}"[:8], option=option, number=value, text=text, last=number - 1), values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE surveys_response, surveys_answer")
    return survey


def _version(survey: Survey, number: int, actor: User) -> SurveyVersion:
    version = SurveyVersion.objects.create(survey=survey, number=number, author=actor)
    for place, (kind, values) in enumerate(KINDS.items()):
        Question.objects.create(version=version, key=f"k{kind}"[:8], place=place, kind=kind, text=f"问题：{kind}", **values)
    version.published_at = survey.made_at
    version.save()
    return version
