"""Clocks of requests when time itself goes wrong (D5), and requests that come by mail."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from crm.customers.models import Customer
from crm.service.models import Request
from crm.service.services.keeping import renew_dues, tell_of_late
from crm.service.services.requests import answer_request, reopen_request, resume_request, solve_request, wait_for_customer
from crm.service.services.rules import set_response_rule
from portal.notifications.models import Notification
from portal.outbox.services import drain
from tests.cast import Cast
from tests.crm.serving import ask, at_desk
from tests.crm.writing import fresh
from tests.mail.writing import open_it, received, send

DAY = timedelta(days=1)


def told() -> int:
    drain()
    return Notification.objects.filter(kind="service.late").count()


def test_a_clock_that_is_set_back_breaks_nothing_and_tells_nothing_twice(cast: Cast, customer: Customer) -> None:
    now = timezone.now()
    with time_machine.travel(now + 2 * DAY, tick=False):
        asked = ask(cast.salesperson, customer)
        answer_request(asked, actor=fresh(cast.salesperson), text="在途")
        wait_for_customer(asked, actor=fresh(cast.salesperson), reason="等店主清点")
    resume_request(asked, actor=fresh(cast.salesperson))
    pause = asked.pauses.get()
    assert pause.ends_at == pause.begins_at
    solved = solve_request(asked, actor=fresh(cast.salesperson), text="送到了")
    assert not solved.was_late
    assert reopen_request(solved, actor=fresh(cast.salesperson), text="又缺货").round == 2
    late = ask(cast.salesperson, customer)
    with time_machine.travel(now + 40 * DAY, tick=False):
        assert tell_of_late() == 2
        number = told()
    assert tell_of_late() == 0
    with time_machine.travel(now + 41 * DAY, tick=False):
        assert tell_of_late() == 0
        assert told() == number
    late.refresh_from_db()
    assert late.answered_at is None, "told is not closed: nothing expires by a wrong clock"


@pytest.mark.parametrize(("begun", "due"), [("2028-02-28T16:00", "2028-02-29"), ("2028-02-29T16:00", "2028-03-01")])
def test_a_leap_day_is_a_day(cast: Cast, customer: Customer, begun: str, due: str) -> None:
    set_response_rule(actor=fresh(cast.admin), kind="", tier="", answer_hours=24, solve_hours=72, measure="wall")
    asked = ask(cast.salesperson, customer)
    Request.objects.filter(pk=asked.pk).update(started_at=timezone.make_aware(datetime.fromisoformat(begun)))
    renew_dues()
    asked.refresh_from_db()
    assert f"{timezone.localtime(asked.answer_due_at):%Y-%m-%d}" == due


def test_a_mail_becomes_a_request_by_way_of_mail(cast: Cast, customer: Customer, client: Any) -> None:
    at_desk(cast, cast.salesperson)
    mail = send(cast.inspector, cast.salesperson, subject="典藏断货", body="城南几户都问什么时候到。")
    placement = received(mail, cast.salesperson)
    client.force_login(cast.salesperson)
    address = f"/crm/service/new/?mail={placement.pk}"
    assert "城南几户" not in client.get(address).content.decode(), "only what was opened is told"
    open_it(mail, cast.salesperson)
    page = client.get(address).content.decode()
    assert "典藏断货" in page
    assert "城南几户都问什么时候到" in page
    assert address in client.get(placement.get_absolute_url()).content.decode()
    values = {"who": customer.code, "text": "典藏断货", "kind": "supply", "channel": "mail"}
    assert client.post(address, values).status_code == 302
    assert Request.objects.get().channel == "mail"
    client.force_login(at_desk(cast, cast.inspector))
    assert "城南几户" not in client.get(address).content.decode(), "of one's own mailbox alone"
