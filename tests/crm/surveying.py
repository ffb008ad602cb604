"""Surveys as tests draw and answer them."""

from datetime import timedelta
from typing import Any

from crm.surveys.capabilities import KEEP_SURVEYS
from crm.surveys.models import Question, Survey, SurveyVersion
from crm.surveys.paths import Given
from crm.surveys.services.after import give_measure
from crm.surveys.services.answering import answer_as_staff
from crm.surveys.services.drawing import add_question, begin_survey
from crm.surveys.services.running import end_survey, publish_version
from crm.surveys.services.sheets import make_sheets
from portal.access.rules import AudienceRule, department_token, person_token
from portal.accounts.models import User
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.goods import let
from tests.crm.writing import fresh
from tests.permissions.roles import ADMINISTRATORS, EMPLOYEES
from tests.permissions.rules import DONE, UNSEEN, Answers, act, form, page


def make_survey(cast: Cast, title: str = "职工食堂意见", **values: Any) -> Survey:
    """Of all the plant's staff for ten days, without questions."""
    defaults: dict[str, Any] = {"whom": "staff", "starts_on": today(), "closes_on": today() + timedelta(days=10)}
    defaults |= values
    if defaults["whom"] == "staff":
        defaults.setdefault("rule", AudienceRule.of([department_token(cast.plant.pk)]))
    return begin_survey(actor=fresh(cast.admin), title=title, **defaults)


def ask(cast: Cast, survey: Survey, kind: str, text: str, **values: Any) -> Question:
    return add_question(survey, actor=fresh(cast.admin), kind=kind, text=text, **values)


def canteen(cast: Cast, **values: Any) -> Survey:
    """One of several with a jump, a scale, several of many, a number, a ranking, words."""
    survey = make_survey(cast, **values)
    ask(cast, survey, "one", "您常在食堂吃饭吗？", options=["每天", "偶尔", "从不"], is_required=True)
    ask(cast, survey, "scale", "饭菜口味打几分？", least=1, most=5, low_words="很差", high_words="很好")
    ask(cast, survey, "many", "想吃什么？", options=["面食", "小炒", "汤"], has_other=True, most=2)
    ask(cast, survey, "number", "一餐花多少？", least=0, most=100, unit="元")
    ask(cast, survey, "ranking", "最该先改什么？", options=["价格", "口味", "排队"])
    ask(cast, survey, "text", "还有什么要说的？", is_long=True)
    return survey


def publish(cast: Cast, survey: Survey) -> SurveyVersion:
    version = publish_version(Survey.objects.get(pk=survey.pk), actor=fresh(cast.admin))
    survey.refresh_from_db()
    return version


def keys(version: SurveyVersion) -> list[Question]:
    return list(version.questions.all())


def give(question: Question, *chosen: str, text: str = "") -> tuple[str, Given]:
    """By the words of the options."""
    by_words = {str(words): key for key, words in question.choices}
    return question.key, Given(tuple(by_words.get(one, one) for one in chosen), text)


def survey_things(cast: Cast) -> dict[str, Any]:
    """One that runs and asks 王伟, one that is drawn, one that has ended and left him something to mend."""
    rule = AudienceRule.of([person_token(cast.inspector.pk)])
    survey = canteen(cast, rule=rule)
    version = publish(cast, survey)
    drawn = make_survey(cast, title="下季度满意度", rule=rule)
    question = ask(cast, drawn, "yes_no", "满意吗？", is_required=True)
    ended = canteen(cast, title="上季度满意度", rule=rule)
    publish(cast, ended)
    end_survey(ended, actor=fresh(cast.admin))
    measure = give_measure(ended, actor=fresh(cast.admin), text="加一个窗口", owner=cast.inspector, due_on=today())
    words = {"crm_survey_words": keys(version)[-1].key, "crm_question_kind": "one"}
    return words | {"crm_survey": survey.pk, "crm_drawn": drawn.pk, "crm_question": question.pk, "crm_ended": ended.pk, "crm_survey_measure": measure.pk}


ASKED: Answers = {**UNSEEN, "inspector": 403}
SURVEY_ADDRESSES = [
    form("crm:survey_list", EMPLOYEES, outcome=DONE),
    form("crm:survey_create", ADMINISTRATORS),
    page("crm:survey_detail", {"inspector", *ADMINISTRATORS}, "crm_survey", refusal=UNSEEN),
    form("crm:survey_answer", {"inspector"}, "crm_survey", refusal={**UNSEEN, **dict.fromkeys(ADMINISTRATORS, 403)}),
    form("crm:survey_update", ADMINISTRATORS, "crm_drawn", refusal=UNSEEN),
    form("crm:survey_preview", ADMINISTRATORS, "crm_drawn", refusal=UNSEEN),
    form("crm:question_create", ADMINISTRATORS, "crm_drawn crm_question_kind", refusal=UNSEEN),
    form("crm:question_update", ADMINISTRATORS, "crm_drawn crm_question", refusal=UNSEEN),
    form("crm:question_jumps", ADMINISTRATORS, "crm_drawn crm_question", refusal=UNSEEN, outcome=DONE),
    *(act(f"crm:question_{name}", ADMINISTRATORS, "crm_drawn crm_question", refusal=UNSEEN) for name in ("move", "remove")),
    *(act(f"crm:survey_{name}", ADMINISTRATORS, "crm_survey", refusal=ASKED) for name in ("publish", "revise", "end")),
    form("crm:survey_analysis", ADMINISTRATORS, "crm_survey", refusal=ASKED, outcome=200),
    page("crm:survey_texts", ADMINISTRATORS, "crm_survey crm_survey_words", refusal=ASKED),
    form("crm:sheets_make", ADMINISTRATORS, "crm_survey", refusal=ASKED),
    page("crm:sheets_print", ADMINISTRATORS, "crm_survey", refusal=ASKED),
    form("crm:sheet_enter", ADMINISTRATORS, "crm_survey", refusal=ASKED),
    *(form(f"crm:survey_{name}", ADMINISTRATORS, "crm_ended", refusal=ASKED) for name in ("result", "measure_create", "evaluate")),
    form("crm:survey_measure_do", {"inspector"}, "crm_ended crm_survey_measure", refusal={**UNSEEN, **dict.fromkeys(ADMINISTRATORS, 403)}),
    form("crm:survey_measure_judge", ADMINISTRATORS, "crm_ended crm_survey_measure", refusal=ASKED),
]


def furnish_surveys(cast: Cast, person: User) -> list[str]:
    """Surveys in each state, kept and answered by this person; their addresses."""
    let(person, KEEP_SURVEYS, cast.admin)
    running, drawn, ended = canteen(cast), make_survey(cast, title="下季度满意度"), canteen(cast, title="上季度满意度")
    version, first = publish(cast, running), ask(cast, drawn, "one", "您常在食堂吃饭吗？", options=["每天", "从不"])
    ask(cast, drawn, "yes_no", "满意吗？", is_required=True)
    words = keys(version)[-1]
    chosen = dict(give(question, text) for question, text in zip(keys(version), ("每天", "4", "面食", "15"), strict=False))
    answer_as_staff(version, actor=fresh(person), given=chosen | dict([give(words, text="打饭排队太久。")]))
    make_sheets(running, actor=fresh(person), number=3)
    publish(cast, ended)
    end_survey(ended, actor=fresh(cast.admin))
    measure = give_measure(ended, actor=fresh(cast.admin), text="加一个窗口", owner=person, due_on=today())
    at, draft, over = (one.get_absolute_url() for one in (running, drawn, ended))
    return [
        "/crm/surveys/", "/crm/surveys/new/", at, f"{at}answer/", f"{at}analysis/", f"{at}analysis/{words.key}/", f"{at}sheets/",
        f"{at}sheets/print/?from=1&to=99", f"{at}sheets/answer/", draft, f"{draft}change/", f"{draft}preview/", f"{draft}questions/new/scale/",
        f"{draft}questions/{first.pk}/", f"{draft}questions/{first.pk}/jumps/", over, f"{over}result/", f"{over}measures/new/",
        f"{over}measures/{measure.pk}/done/",
    ]  # fmt: skip
