"""The analysis against a naive count over random surveys with jumps, versions and answers; and that nothing of few is shown."""

import random
from collections import Counter
from statistics import mean, median
from typing import Any

import pytest

from crm.surveys.analysis import FEWEST, Figures, _without_few, analyse, texts_of
from crm.surveys.answer_forms import checked
from crm.surveys.models import Question, Survey, SurveyVersion
from crm.surveys.models.surveys import END
from crm.surveys.paths import NOTHING, Given, asked_of, pages_of, wrong_jump
from crm.surveys.services.answering import answer_as_staff
from crm.surveys.services.drawing import change_question, remove_question, revise_survey, set_jumps, state_of
from tests.cast import Cast
from tests.crm.surveying import ask, keys, make_survey, publish
from tests.crm.writing import fresh

CLOSED = ("one", "yes_no", "scale")
DRAWN: dict[str, dict[str, Any]] = {
    "one": {"options": ["甲", "乙", "丙"], "has_other": True},
    "many": {"options": ["甲", "乙", "丙"]},
    "yes_no": {},
    "scale": {"least": 1, "most": 5},
    "ranking": {"options": ["甲", "乙", "丙"]},
    "number": {"least": 0, "most": 90},
    "text": {},
    "day": {},
}


def drawn(cast: Cast, dice: random.Random) -> Survey:
    survey = make_survey(cast)
    made = [ask(cast, survey, kind, f"第{place}题", **DRAWN[kind]) for place, kind in enumerate(dice.choices(list(DRAWN), k=9), start=1)]
    for place, one in enumerate(made[:-2]):
        if one.kind in CLOSED and dice.random() < 0.7:
            targets = [END, *(later.key for later in made[place + 1 :])]
            chosen = dice.sample([key for key, _words in one.choices], 2)
            set_jumps(one, actor=fresh(cast.admin), jumps={key: dice.choice(targets) for key in chosen})
    return survey


def said(one: Question, dice: random.Random) -> Given:
    options = [key for key, _words in one.choices]
    if dice.random() < 0.2:
        return NOTHING
    if one.kind == "many":
        return Given(tuple(dice.sample(options, dice.randint(1, len(options)))))
    if one.kind == "ranking":
        return Given(tuple(dice.sample(options, len(options))))
    if one.kind == "number":
        return Given((str(dice.randint(0, 90)),))
    if one.kind == "text":
        return Given(text=dice.choice(("好", "一般", "差")))
    if one.kind == "day":
        return Given((f"2026-0{dice.randint(1, 9)}-01",))
    chosen = dice.choice(options)
    return Given((chosen,), "别的" if chosen == "other" else "")


def naive_way(questions: list[Question], given: dict[str, Given]) -> list[str]:
    """By striking out what lies between a question and where its answer leads."""
    left, skipped = [], set()
    for index, one in enumerate(questions):
        if one.key in skipped:
            continue
        left.append(one.key)
        values = given.get(one.key, NOTHING).values
        leads = {jump["on"]: jump["to"] for jump in one.jumps}
        if values and values[0] in leads:
            target = leads[values[0]]
            for later in questions[index + 1 :]:
                if later.key == target:
                    break
                skipped.add(later.key)
    return left


@pytest.mark.parametrize("seed", range(4))
def test_figures_are_those_of_a_naive_count(cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    survey = drawn(cast, dice)
    version = publish(cast, survey)
    answers: dict[Any, tuple[SurveyVersion, dict[str, Given]]] = {}
    people = [one for one in cast.employees if one.is_active]
    for round_ in range(3):
        for person in dice.sample(people, 5):
            given = {one.key: said(one, dice) for one in keys(version)}
            answer_as_staff(version, actor=fresh(person), given=given)
            answers[person.pk] = version, given
        if round_ == 0:
            version = _revised(cast, survey, dice)
    found = analyse(Survey.objects.get(pk=survey.pk))
    assert found.responses == len(answers)
    for one in found.questions:
        _compare(one, answers)
    cut = next((one.question for one in found.questions if one.question.kind in CLOSED and one.whole.answered), None)
    if cut is not None:
        for one in analyse(Survey.objects.get(pk=survey.pk), cut=cut.key).questions:
            _compare_cut(one, cut, answers)
    for number in (1, 2):
        only = {who: row for who, row in answers.items() if row[0].number == number}
        for one in analyse(Survey.objects.get(pk=survey.pk), version=number).questions:
            _compare(one, only)


def _revised(cast: Cast, survey: Survey, dice: random.Random) -> SurveyVersion:
    version = revise_survey(survey, actor=fresh(cast.admin))
    rows = keys(version)
    aimed = {target for one in rows for target in one.leads.values()}
    free = [one for one in rows if one.key not in aimed]
    remove_question(free[-1], actor=fresh(cast.admin))
    one = dice.choice(free[:-1] or rows[:1])
    words = {"options": [row["text"] for row in one.options]} if one.options else {}
    change_question(one, actor=fresh(cast.admin), seen=state_of(one), text="换个问法", **words)
    ask(cast, survey, "yes_no", "新加的题")
    return publish(cast, survey)


def _counted(key: str, answers: dict[Any, tuple[SurveyVersion, dict[str, Given]]]) -> list[Given]:
    """What each who was asked said to it."""
    return [given.get(key, NOTHING) for version, given in answers.values() if key in naive_way(keys(version), given)]


def _compare(one: Any, answers: dict[Any, tuple[SurveyVersion, dict[str, Given]]]) -> None:
    rows = _counted(one.question.key, answers)
    assert (one.whole.asked, one.whole.answered) == (len(rows), sum(map(bool, rows)))
    counts = Counter(value for given in rows for value in given.values)
    if one.question.kind not in ("number", "text"):
        parts = one.parts(one.whole)
        assert {part.key: part.count for part in parts if part.count} == dict(counts)
        for part in parts:
            assert part.share == (pytest.approx(100 * part.count / len(rows), abs=0.051) if rows else 0)
    if one.question.kind in ("number", "scale"):
        numbers = [float(given.values[0]) for given in rows if given]
        assert one.whole.mean == (pytest.approx(mean(numbers)) if numbers else None)
        assert one.whole.median == (pytest.approx(median(numbers)) if numbers else None)
        if one.question.kind == "number":
            assert sum(count for _label, count in one.spread) == len(numbers)
    if one.question.kind == "ranking" and counts:
        for part in one.parts(one.whole):
            places = [given.values.index(part.key) + 1 for given in rows if given]
            assert (part.mean_rank, part.firsts) == (pytest.approx(mean(places), abs=0.01), places.count(1))


def _compare_cut(one: Any, cut: Question, answers: dict[Any, tuple[SurveyVersion, dict[str, Given]]]) -> None:
    labels = {str(words): key for key, words in cut.choices}
    for label, figures in one.cuts:
        part = {
            who: (version, given)
            for who, (version, given) in answers.items()
            if cut.key in naive_way(keys(version), given) and given.get(cut.key, NOTHING).values[:1] == (labels[label],)
        }
        rows = _counted(one.question.key, part)
        assert (figures.asked, figures.answered) == (len(rows), sum(map(bool, rows)))


@pytest.mark.parametrize("seed", range(6))
def test_a_way_is_that_of_a_naive_reading_and_its_answers_check(cast: Cast, seed: int) -> None:
    dice = random.Random(100 + seed)
    questions = list(drawn(cast, dice).versions.get().questions.all())
    assert wrong_jump(questions) is None
    for _turn in range(20):
        given = {one.key: said(one, dice) for one in questions}
        asked = asked_of(questions, given)
        assert [one.key for one in asked] == naive_way(questions, given)
        form = checked(asked, given)
        assert form.is_valid(), form.errors
        assert {key: one for key, one in form.given.items() if one} == {one.key: given[one.key] for one in asked if given[one.key]}
    pages = pages_of(questions)
    assert [one.key for page in pages for one in page] == [one.key for one in questions]
    assert all(not one.jumps for page in pages for one in page[:-1])


def test_no_hidden_part_follows_from_the_rest() -> None:
    dice = random.Random(7)
    for _turn in range(300):
        numbers = [dice.randint(0, 12) for _part in range(dice.randint(1, 5))]
        rows = [(str(place), Figures(asked=number, answered=number)) for place, number in enumerate(numbers)]
        whole = Figures(asked=sum(numbers), answered=sum(numbers))
        shown = _without_few(rows, whole)
        hidden = sum(number for number, (_label, one) in zip(numbers, shown, strict=True) if one.is_hidden)
        assert all(one.is_hidden or number >= FEWEST for number, (_label, one) in zip(numbers, shown, strict=True))
        assert hidden == 0 or hidden >= FEWEST or all(one.is_hidden for _label, one in shown)


def test_words_of_few_are_not_shown(cast: Cast) -> None:
    survey = make_survey(cast, is_anonymous=True)
    words = ask(cast, survey, "text", "说说")
    version = publish(cast, survey)
    for person in cast.employees[:3]:
        answer_as_staff(version, actor=fresh(person), given={words.key: Given(text="意见")})
    Survey.objects.filter(pk=survey.pk).update(state="ended")
    assert not texts_of(Survey.objects.get(pk=survey.pk), words.key)
