"""Surveys are drawn without code, frozen once published, answered page by page, anonymous where that was promised, and followed up."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from crm.surveys.analysis import analyse
from crm.surveys.errors import ClosedError, DrawnMeanwhileError, SurveysError
from crm.surveys.models import Answer, Invitation, Measure, Question, Response, Survey
from crm.surveys.paths import Given
from crm.surveys.services.after import do_measure, evaluate_survey, give_measure, judge_measure, publish_result
from crm.surveys.services.answering import answer_as_staff, answer_on_paper
from crm.surveys.services.drawing import change_question, move_question, remove_question, revise_survey, set_jumps, state_of
from crm.surveys.services.running import end_survey, keep_days, publish_version
from crm.surveys.services.sheets import make_sheets, with_check
from portal.access.policies import can, viewers_of, visible_to
from portal.audit.models import AuditRecord
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.cast import Cast
from tests.crm.surveying import ask, canteen, give, keys, make_survey, publish
from tests.crm.writing import fresh


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_survey_is_drawn_published_and_frozen(cast: Cast) -> None:
    survey = canteen(cast)
    version = publish(cast, survey)
    for change in (
        lambda: Question.objects.filter(version=version).update(text="别的"),
        lambda: Question.objects.create(version=version, kind="text", text="加一题", place=9),
        lambda: Question.objects.filter(version=version).first().delete(),
        lambda: type(version).objects.filter(pk=version.pk).update(introduction="别的"),
        lambda: Survey.objects.filter(pk=survey.pk).update(is_anonymous=True),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(SurveysError, match="已发布"):
        ask(cast, survey, "text", "加一题")
    with pytest.raises(SurveysError, match="问卷管理员"):
        end_survey(survey, actor=fresh(cast.operator))


def test_what_cannot_be_drawn_is_said(cast: Cast) -> None:
    survey = make_survey(cast)
    with pytest.raises(SurveysError, match="还没有题目"):
        publish(cast, survey)
    with pytest.raises(SurveysError, match="选项"):
        ask(cast, survey, "one", "一个选项？", options=["是"])
    with pytest.raises(SurveysError, match="相同"):
        ask(cast, survey, "many", "两样一样？", options=["甲", "甲"])
    with pytest.raises(SurveysError, match="量表"):
        ask(cast, survey, "scale", "几分？", least=5, most=1)
    first = ask(cast, survey, "one", "第一", options=["甲", "乙"])
    second = ask(cast, survey, "text", "第二")
    with pytest.raises(SurveysError, match="往后跳"):
        set_jumps(ask(cast, survey, "yes_no", "第三"), actor=fresh(cast.admin), jumps={"yes": first.key})
    option = first.options[0]["key"]
    set_jumps(first, actor=fresh(cast.admin), jumps={option: second.key})
    with pytest.raises(SurveysError, match="会跳到这里"):
        remove_question(second, actor=fresh(cast.admin))
    with pytest.raises(SurveysError, match="往前跳"):
        move_question(second, actor=fresh(cast.admin), by=-1)
    seen = Question.objects.get(pk=first.pk)
    with pytest.raises(SurveysError, match="跳转"):
        change_question(seen, actor=fresh(cast.admin), seen=state_of(seen), text="第一", options=["乙", "丙"])
    with pytest.raises(DrawnMeanwhileError, match="刚被别人"):
        change_question(seen, actor=fresh(cast.admin), seen="before", text="我的", options=["甲", "乙"])


def test_a_reworded_option_keeps_its_key_and_another_measure_gets_one_of_its_own(cast: Cast) -> None:
    survey = make_survey(cast)
    one = ask(cast, survey, "one", "哪样？", options=["甲", "乙"])
    scale = ask(cast, survey, "scale", "几分？", least=1, most=5)
    publish(cast, survey)
    version = revise_survey(survey, actor=fresh(cast.admin))
    again, rated = keys(version)
    changed = change_question(again, actor=fresh(cast.admin), seen=state_of(again), text="哪一样？", options=["甲等", "乙", "丙"])
    assert changed.key == one.key
    assert [row["key"] for row in changed.options][:2] == [row["key"] for row in one.options]
    rated = change_question(rated, actor=fresh(cast.admin), seen=state_of(rated), text="几分？", least=0, most=10)
    assert rated.key != scale.key


def test_staff_answer_page_by_page_and_a_jump_is_obeyed(cast: Cast) -> None:
    survey = canteen(cast)
    first = survey.versions.get().questions.get(place=1)
    set_jumps(first, actor=fresh(cast.admin), jumps={first.options[2]["key"]: keys(survey.versions.get())[-1].key})
    publish(cast, survey)
    drain()
    assert Notification.objects.filter(kind="surveys.started", recipient=cast.operator).exists()
    client, address = browser(cast.operator), f"/crm/surveys/{survey.pk}/answer/"
    page = client.get(address).content.decode()
    assert "从不" in page
    assert "饭菜口味" not in page
    missed = client.post(address, {"page": 0, "act": "on", "version": 1})
    assert missed.status_code == 422
    name = f"q-{first.key}"
    on = client.post(address, {"page": 0, "act": "on", "version": 1, name: first.options[2]["key"]})
    text = on.content.decode()
    assert "还有什么要说的" in text
    assert "饭菜口味" not in text
    kept = on.context["kept"]
    words, rating = keys(survey.versions.get())[-1], keys(survey.versions.get())[1]
    back = client.post(address, {"page": 1, "act": "back", "version": 1, "kept": kept, f"q-{words.key}": "便宜些"})
    assert "从不" in back.content.decode()
    again = client.post(address, {"page": 0, "act": "on", "version": 1, "kept": back.context["kept"], name: first.options[2]["key"]})
    assert "便宜些" in again.content.decode()
    smuggled = again.context["kept"].replace("{", f'{{"{rating.key}": [["5"], ""], ', 1)
    done = client.post(address, {"page": 1, "act": "on", "version": 1, "kept": smuggled, f"q-{words.key}": "便宜些"})
    assert done.status_code == 200
    response = Response.objects.get(survey=survey)
    assert response.person == cast.operator
    assert {row.question for row in Answer.objects.filter(response=response)} == {first.key, words.key}
    assert Answer.objects.get(response=response, question=words.key).text == "便宜些"


def test_the_newest_answer_counts_and_the_earlier_stays(cast: Cast) -> None:
    survey = canteen(cast)
    version = publish(cast, survey)
    first = keys(version)[0]
    for chosen in ("每天", "偶尔"):
        answer_as_staff(version, actor=fresh(cast.operator), given=dict([give(first, chosen)]))
    assert list(Response.objects.filter(survey=survey).order_by("is_counted").values_list("is_counted", flat=True)) == [False, True]
    figures = analyse(survey).questions[0]
    assert {part.label: part.count for part in figures.parts(figures.whole)} == {"每天": 0, "偶尔": 1, "从不": 0}
    with pytest.raises(DatabaseError), transaction.atomic():
        Response.objects.filter(survey=survey, is_counted=True).update(day=today() - timedelta(days=1))
    with pytest.raises(ClosedError, match="不调查您"):
        answer_as_staff(version, actor=fresh(cast.customer), given={})


def test_an_anonymous_answer_is_taken_once_and_nothing_leads_to_whose_it_is(cast: Cast) -> None:
    survey = canteen(cast, is_anonymous=True)
    version = publish(cast, survey)
    first, before = keys(version)[0], AuditRecord.objects.count()
    for person in (cast.operator, cast.inspector, cast.head):
        answer_as_staff(version, actor=fresh(person), given=dict([give(first, "每天")]))
    with pytest.raises(ClosedError, match="已答过"):
        answer_as_staff(version, actor=fresh(cast.operator), given=dict([give(first, "从不")]))
    assert AuditRecord.objects.count() == before
    assert Response.objects.filter(survey=survey).count() == Invitation.objects.filter(survey=survey, is_spent=True).count() == 3
    response = Response.objects.filter(survey=survey).first()
    assert response is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        Response.objects.create(survey=survey, version=version, day=today(), channel="staff", person=cast.operator)
    _nothing_in_common(survey)


def _nothing_in_common(survey: Survey) -> None:
    """Every column of every table: no value of an answer's row stands where a person, a firm or an invitation is named."""
    answers = {str(value) for table in ("surveys_response", "surveys_answer") for row in _rows(table) for value in (row["id"], row.get("response_id")) if value}
    for table in connection.introspection.table_names():
        if table in ("surveys_response", "surveys_answer"):
            continue
        for row in _rows(table):
            assert not answers.intersection(str(value) for value in row.values()), table
            assert not any(one in str(row.values()) for one in answers), table
    for table in ("surveys_response", "surveys_answer"):
        columns = {column.name: column.type_code for column in connection.introspection.get_table_description(connection.cursor(), table)}
        assert not any(isinstance(value, timezone.datetime) for row in _rows(table) for value in row.values()), columns
    for row in _rows("surveys_response"):
        assert row["person_id"] is row["customer_id"] is None
    keys_in = set(_rows("surveys_response")[0]) & set(_rows("surveys_invitation")[0])
    assert keys_in == {"id", "survey_id", "person_id", "customer_id"}
    assert {row["id"] for row in _rows("surveys_response")}.isdisjoint(row["id"] for row in _rows("surveys_invitation"))
    keep_days()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text), count(*) FROM surveys_invitation WHERE is_spent AND survey_id = %s", [survey.pk])
        assert cursor.fetchone()[0] == 1  # laid anew together: the hidden number of the transaction tells nothing


def _rows(table: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(f'SELECT * FROM "{table}"')
        except DatabaseError:
            return []
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_fewer_than_five_are_not_shown(cast: Cast) -> None:
    survey = canteen(cast, is_anonymous=True)
    version = publish(cast, survey)
    first, scale = keys(version)[:2]
    people = [cast.operator, cast.inspector, cast.head, cast.director, cast.deputy, cast.salesperson]
    for number, person in enumerate(people):
        answer_as_staff(version, actor=fresh(person), given=dict([give(first, "每天" if number else "从不"), give(scale, "4")]))
    assert analyse(survey).is_hidden  # it runs: today's are not counted yet
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        found = analyse(Survey.objects.get(pk=survey.pk))
        assert found.responses == 6
        cut = analyse(Survey.objects.get(pk=survey.pk), cut=first.key).questions[1]
        assert [figures.is_hidden for _label, figures in cut.cuts] == [True, True]  # one of "never", who would follow from the rest
        assert cut.whole.mean == 4
        assert browser(cast.admin).get(f"/crm/surveys/{survey.pk}/analysis/?cut={first.key}").status_code == 200


def test_ended_and_not_begun_are_said(cast: Cast) -> None:
    survey = canteen(cast)
    version = publish(cast, survey)
    client, address = browser(cast.operator), f"/crm/surveys/{survey.pk}/answer/"
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        assert browser(cast.operator).get(address).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        late = browser(cast.operator).get(address)
        assert late.status_code == 409
        assert re.search("ended|结束", late.content.decode())
        with pytest.raises(ClosedError, match="结束"):
            answer_as_staff(version, actor=fresh(cast.operator), given={})
        keep_days()
        assert Survey.objects.get(pk=survey.pk).state == "ended"
    early = canteen(cast, title="下周的", starts_on=today() + timedelta(days=3))
    publish(cast, early)
    assert client.get(f"/crm/surveys/{early.pk}/answer/").status_code == 409


def test_sheets_have_numbers_and_are_entered_once(cast: Cast) -> None:
    survey = canteen(cast)
    version = publish(cast, survey)
    first = keys(version)[0]
    sheets = make_sheets(survey, actor=fresh(cast.admin), number=3)
    assert [one.number for one in sheets] == [with_check(1000 + place) for place in range(3)]
    client, address = browser(cast.admin), f"/crm/surveys/{survey.pk}/sheets/answer/"
    assert "1." in client.get(f"/crm/surveys/{survey.pk}/sheets/print/?from={sheets[0].number}&to={sheets[-1].number}").content.decode()
    assert client.get(address, {"number": sheets[0].number + 1}).status_code == 422
    assert client.post(address, {"number": sheets[0].number}).status_code == 422
    sent = {"number": sheets[0].number, f"q-{first.key}": first.options[0]["key"]}
    assert client.post(address, sent).status_code == 302
    again = client.post(address, sent)
    assert again.status_code == 422
    assert re.search("already|录入过", again.content.decode())
    with pytest.raises(ClosedError, match="已录入过"):
        answer_on_paper(survey, actor=fresh(cast.admin), number=sheets[0].number, given={})
    assert Response.objects.get(survey=survey).channel == "paper"


def test_what_is_mended_is_done_and_judged_by_another(cast: Cast) -> None:
    survey = canteen(cast)
    version = publish(cast, survey)
    answer_as_staff(version, actor=fresh(cast.operator), given=dict([give(keys(version)[0], "每天")]))
    keeper = fresh(cast.admin)
    with pytest.raises(SurveysError, match="结束"):
        publish_result(survey, actor=keeper, text="谢谢")
    end_survey(survey, actor=keeper)
    measure = give_measure(survey, actor=keeper, text="加开两个窗口", owner=fresh(cast.workshop_head), due_on=today() + timedelta(days=7))
    assert can(fresh(cast.workshop_head), "view", survey)
    publish_result(survey, actor=keeper, text="谢谢大家，先改排队。")
    drain()
    assert Notification.objects.filter(kind="surveys.result").values_list("recipient", flat=True).get() == cast.operator.pk
    assert "先改排队" in browser(cast.operator).get(f"/crm/surveys/{survey.pk}/").content.decode()
    with pytest.raises(SurveysError, match="1 项整改"):
        evaluate_survey(survey, actor=keeper, text="有用")
    with pytest.raises(SurveysError, match="负责整改"):
        do_measure(measure, actor=keeper, done="开了")
    do_measure(measure, actor=fresh(cast.workshop_head), done="开了一个")
    judge_measure(measure, actor=keeper, is_accepted=False, judgement="还差一个")
    do_measure(measure, actor=fresh(cast.workshop_head), done="两个都开了")
    with pytest.raises(SurveysError, match="问卷管理员"):
        judge_measure(measure, actor=fresh(cast.workshop_head), is_accepted=True, judgement="好")
    judge_measure(measure, actor=keeper, is_accepted=True, judgement="排队短了")
    assert evaluate_survey(survey, actor=keeper, text="排队时间减半").state == "evaluated"
    assert Measure.objects.get(pk=measure.pk).judged_by == cast.admin


def test_who_sees_a_survey_is_who_is_told(cast: Cast) -> None:
    survey = canteen(cast)
    for moment in ("draft", "published"):
        held = Survey.objects.get(pk=survey.pk)
        told = set(viewers_of(held))
        for person in cast.everyone:
            one = fresh(person)
            assert can(one, "view", held) == visible_to(Survey, one).filter(pk=held.pk).exists() == (one in told), (moment, person.name)
        if moment == "draft":
            assert cast.operator not in told
            publish_version(held, actor=fresh(cast.admin))
    assert cast.operator in viewers_of(Survey.objects.get(pk=survey.pk))


def test_given_is_nothing_without_values() -> None:
    assert not Given()
    assert Given(text="好")
