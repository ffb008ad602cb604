"""A survey that is half answered is gone on with, on either site; of an anonymous one nothing is kept."""

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from crm.customers.models import Customer
from crm.surveys.models import Draft, Invitation, Response, Survey
from crm.surveys.services.running import end_survey
from tests.cast import Cast
from tests.crm.outside import browser_of, make_account, outside
from tests.crm.surveying import ask, keys, make_survey, publish
from tests.crm.writing import fresh


def two_pages(cast: Cast, **values: object) -> Survey:
    survey = make_survey(cast, **values)
    ask(cast, survey, "text", "第一页写什么？")
    ask(cast, survey, "section", "第二页")
    ask(cast, survey, "yes_no", "满意吗？", is_required=True)
    publish(cast, survey)
    return survey


def first_page(client: Client, at: str, survey: Survey, words: str = "写到一半") -> None:
    key = keys(survey.versions.get())[0].key
    answer = client.post(at, {"page": 0, "act": "on", "version": 1, f"q-{key}": words})
    assert (answer.status_code, answer.context["page"]) == (200, 1)


def finish(client: Client, at: str, survey: Survey, choice: str = "yes") -> int:
    page = client.get(at)
    key = keys(survey.versions.get())[-1].key
    return client.post(at, {"page": 1, "act": "on", "version": 1, "kept": page.context["kept"], f"q-{key}": choice}).status_code


def test_the_staff_go_on_where_they_stopped(cast: Cast, client_for) -> None:
    survey = two_pages(cast)
    client, at = client_for(cast.inspector), f"/crm/surveys/{survey.pk}/answer/"
    first_page(client, at, survey)
    page = client.get(at)
    assert (page.context["page"], "写到一半" in page.context["kept"], "上次" in page.content.decode()) == (1, True, True)
    assert client_for(cast.operator).get(at).context["page"] == 0
    assert finish(client, at, survey) == 200
    assert Response.objects.get(survey=survey).answers.filter(text="写到一半").exists()
    assert not Draft.objects.exists()
    assert client.get(at).context["page"] == 0


def test_a_firm_goes_on_whoever_of_its_people_began(cast: Cast, customer: Customer) -> None:
    survey = two_pages(cast, whom="customers")
    at = f"/surveys/{Invitation.objects.get(customer=customer).key}/"
    with outside():
        first, second = (browser_of(make_account(customer, cast.salesperson, name, login)) for name, login in (("甲", "13800000001"), ("乙", "13800000002")))
        first_page(first, at, survey)
        page = second.get(at)
        assert (page.context["page"], "上次" in page.content.decode()) == (1, True)
        first_page(second, at, survey, "改了")
        assert Draft.objects.get().customer == customer
        end_survey(survey, actor=fresh(cast.admin))
    assert not Draft.objects.exists()


def test_nothing_of_an_anonymous_survey_is_kept(cast: Cast, client_for) -> None:
    survey = two_pages(cast, is_anonymous=True)
    client, at = client_for(cast.inspector), f"/crm/surveys/{survey.pk}/answer/"
    first_page(client, at, survey)
    assert not Draft.objects.exists()
    assert client.get(at).context["page"] == 0
    with pytest.raises(ProgrammingError, match="has no name"), transaction.atomic():
        Draft.objects.create(survey=survey, version=survey.versions.get(), person=cast.inspector, kept="{}")
