"""Customers answer on their own site, everyone by a link; what is another firm's is as if it were none."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from crm.customers.models import Customer
from crm.surveys.errors import SurveysError
from crm.surveys.models import Invitation, Response, Survey
from crm.surveys.services.after import publish_result
from crm.surveys.services.running import end_survey
from tests.cast import Cast
from tests.crm.outside import browser_of, make_account, outside
from tests.crm.surveying import canteen, keys, publish
from tests.crm.writing import fresh, make_customer


def test_a_shop_answers_and_the_newest_counts(cast: Cast, customer: Customer) -> None:
    survey = canteen(cast, title="零售客户服务满意度", whom="customers", picks={"kinds": ["retailer"]})
    version = publish(cast, survey)
    first, key = keys(version)[0], Invitation.objects.get(survey=survey, customer=customer).key
    with outside():
        shop = browser_of(make_account(customer, cast.salesperson))
        assert "零售客户服务满意度" in shop.get("/").content.decode()
        assert "零售客户服务满意度" in shop.get("/surveys/").content.decode()
        address = f"/surveys/{key}/"
        assert shop.get(address).status_code == 200
        assert shop.post(address, {"page": 0, "act": "on"}).status_code == 422
        for option in first.options[:2]:
            done = shop.post(address, {"page": 0, "act": "on", "version": 1, f"q-{first.key}": option["key"]})
            assert done.status_code == 200
        assert list(Response.objects.filter(survey=survey, is_counted=True).values_list("customer", flat=True)) == [customer.pk]
        assert Response.objects.filter(survey=survey).count() == 2
        assert "零售客户服务满意度" not in shop.get("/").content.decode()
        with time_machine.travel(timezone.now() + timedelta(days=11)):
            assert shop.get(address).status_code in (302, 409)
        end_survey(survey, actor=fresh(cast.admin))
        assert shop.post(address, {"page": 0, "act": "on", f"q-{first.key}": first.options[0]["key"]}).status_code == 409
        publish_result(survey, actor=fresh(cast.admin), text="先改送货时间")
        assert "先改送货时间" in shop.get(address).content.decode()


def test_a_link_that_was_handed_on_opens_nothing(cast: Cast, customer: Customer) -> None:
    other = make_customer(customer.portfolio, cast.salesperson, "兴旺便利", numbers=["0731-85550002"])
    publish(cast, canteen(cast, whom="customers"))
    theirs = Invitation.objects.get(customer=customer).key
    with outside():
        shop = browser_of(make_account(other, cast.salesperson, login="13807310003"))
        refused, none = shop.get(f"/surveys/{theirs}/"), shop.get(f"/surveys/{'0' * 24}/")
        assert (refused.status_code, none.status_code) == (404, 404)
        assert shop.post(f"/surveys/{theirs}/", {"page": 0}).status_code == 404
        assert "转来" in refused.content.decode()
        assert Client().get(f"/surveys/{theirs}/").status_code == 302


def test_an_anonymous_answer_of_a_shop_is_spent_once(cast: Cast, customer: Customer) -> None:
    version = publish(cast, canteen(cast, whom="customers", is_anonymous=True))
    first, invitation = keys(version)[0], Invitation.objects.get(customer=customer)
    with outside():
        shop = browser_of(make_account(customer, cast.salesperson))
        sent = {"page": 0, "act": "on", "version": 1, f"q-{first.key}": first.options[0]["key"]}
        assert shop.post(f"/surveys/{invitation.key}/", sent).status_code == 200
        assert shop.post(f"/surveys/{invitation.key}/", sent).status_code == 409
        assert shop.get(f"/surveys/{invitation.key}/").status_code == 409
    response = Response.objects.get()
    assert (response.person, response.customer) == (None, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_sentform")
        assert cursor.fetchone()[0] == 0


def test_everyone_answers_by_the_link_and_twice_sent_is_once(cast: Cast) -> None:
    survey = canteen(cast, title="新品口味反馈", whom="everyone")
    with outside():
        stranger = Client(REMOTE_ADDR="198.51.100.77")
        assert stranger.get(f"/s/{survey.key}/").status_code == 404
        version = publish(cast, survey)
        first = keys(version)[0]
        assert "新品口味反馈" in stranger.get(f"/s/{survey.key}/").content.decode()
        sent = {"page": 0, "act": "on", "version": 1, "form_key": str(uuid4()), f"q-{first.key}": first.options[0]["key"]}
        for _time in range(2):
            assert stranger.post(f"/s/{survey.key}/", sent).status_code == 200
        assert Response.objects.filter(survey=survey).count() == 1
        codes = [Client(REMOTE_ADDR="198.51.100.78").get(f"/s/{survey.key}/").status_code for _time in range(31)]
        assert (codes[0], codes[-1]) == (200, 429)
        end_survey(Survey.objects.get(pk=survey.pk), actor=fresh(cast.admin))
        assert Client(REMOTE_ADDR="198.51.100.79").get(f"/s/{survey.key}/").status_code == 409


def test_customers_who_fit_nothing_are_said(cast: Cast, customer: Customer) -> None:
    with pytest.raises(SurveysError, match="没有符合条件的客户"):
        publish(cast, canteen(cast, whom="customers", picks={"kinds": ["supplier"]}))
