"""Meetings with end users and partners: who came; questions and commitments followed until somebody else says that they are done."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from crm.customers.models import Customer
from crm.marketing.errors import MarketingError
from crm.marketing.models import Meeting, MeetingPoint
from crm.marketing.services.meetings import add_point, finish_point, judge_point, note_meeting
from portal.access.policies import can, viewers_of, visible_to
from portal.attachments.queries import shown_on
from portal.notifications.models import Notification
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.outside import work_inside
from tests.crm.promoting import in_marketing
from tests.crm.spending import photo
from tests.crm.writing import fresh


def make_meeting(actor: Any, **values: Any) -> Meeting:
    usual = {"kind": "users", "name": "松涛用户年会", "held_on": today() - timedelta(days=1), "place": "", "summary": "", "owner": actor}
    return note_meeting(actor=actor, **(usual | values))


def test_it_is_noted_with_who_came_and_seen_by_who_has_something_to_do_from_it(client_for: Any, cast: Cast, customer: Customer) -> None:
    keeper = in_marketing(cast, cast.operator)
    client = client_for(keeper)
    sent = {
        "kind": "users", "name": "松涛用户年会", "held_on": today().isoformat(), "owner": keeper.employee_number, "form_key": uuid4(),
        "guests": f"李秀兰，{customer.name}\n\n王建国 退休职工",
    }  # fmt: skip
    assert client.post("/crm/marketing/meetings/new/", sent | {"held_on": "昨天"}).status_code == 422
    assert client.post("/crm/marketing/meetings/new/", sent).status_code == 302
    meeting = Meeting.objects.get()
    assert list(meeting.guests.values_list("name", "firm", "customer")) == [("李秀兰", customer.name, customer.pk), ("王建国", "退休职工", None)]
    with pytest.raises(MarketingError):
        make_meeting(fresh(cast.salesperson))
    people = [keeper, cast.admin, cast.inspector, cast.salesperson]

    def seen() -> list[bool]:
        found = []
        for person in people:
            user = fresh(person)
            listed, viewer = visible_to(Meeting, user).filter(pk=meeting.pk).exists(), viewers_of(meeting).filter(pk=user.pk).exists()
            assert bool(can(user, "view", meeting)) == listed == viewer, person
            found.append(listed)
        return found

    assert seen() == [True, True, False, False]
    point = {"kind": "ours", "text": "三个月内改滤嘴", "owner": cast.inspector.employee_number, "due_on": today().isoformat(), "form_key": uuid4()}
    assert client.post(f"{meeting.get_absolute_url()}points/new/", point).status_code == 302
    assert seen() == [True, True, True, False]
    assert "三个月内改滤嘴" in client_for(cast.inspector).get("/crm/marketing/meetings/points/").content.decode()
    assert "三个月内改滤嘴" not in client_for(cast.salesperson).get("/crm/marketing/meetings/points/").content.decode()
    assert client_for(cast.inspector).get(f"{meeting.get_absolute_url()}change/").status_code == 403
    assert client_for(cast.salesperson).get(meeting.get_absolute_url()).status_code == 404
    work_inside()
    assert Notification.objects.get(kind="marketing.point_given").recipient == cast.inspector


def test_a_commitment_is_followed_until_another_says_that_it_is_kept(client_for: Any, cast: Cast) -> None:
    keeper = in_marketing(cast, cast.operator)
    meeting = make_meeting(keeper)
    point = add_point(meeting, actor=keeper, kind="ours", text="改滤嘴", owner=cast.inspector, due_on=today())
    for actor, words in ((cast.salesperson, "好了"), (cast.inspector, "  ")):
        with pytest.raises(MarketingError):
            finish_point(point, actor=fresh(actor), outcome=words)
    with pytest.raises(MarketingError):
        judge_point(point, actor=keeper, is_kept=True)
    address = f"{meeting.get_absolute_url()}points/{point.pk}/"
    assert client_for(cast.inspector).post(address, {"outcome": "已换供应商"}).status_code == 302
    assert client_for(cast.inspector).get(f"{address}judgement/").status_code == 403
    judging = client_for(keeper)
    assert judging.post(f"{address}judgement/", {"is_kept": "no", "judgement": "样品没送", "due_on": ""}).status_code == 422
    later = today() + timedelta(days=7)
    assert judging.post(f"{address}judgement/", {"is_kept": "no", "judgement": "样品没送", "due_on": later.isoformat()}).status_code == 302
    point.refresh_from_db()
    assert (point.state, point.due_on, point.done_at) == ("open", later, None)
    finish_point(point, actor=fresh(cast.inspector), outcome="样品已送")
    assert judge_point(point, actor=keeper, is_kept=True).state == "kept"
    with pytest.raises(MarketingError):
        judge_point(point, actor=keeper, is_kept=True)
    own = finish_point(add_point(meeting, actor=keeper, kind="question", text="何时到货", owner=keeper, due_on=today()), actor=keeper, outcome="周五")
    with pytest.raises(MarketingError):
        judge_point(own, actor=keeper, is_kept=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingPoint.objects.filter(pk=own.pk).update(state="kept", judged_by=keeper, judged_at=own.done_at)
    work_inside()
    assert Notification.objects.filter(kind="marketing.point_judged", recipient=cast.inspector.pk).count() == 2


def test_what_is_answered_there_is_done_and_bad_days_are_refused(cast: Cast) -> None:
    keeper = in_marketing(cast, cast.operator)
    meeting = make_meeting(keeper)
    values: dict[str, Any] = {"kind": "question", "text": "焦油多少", "owner": cast.inspector, "due_on": today()}
    assert add_point(meeting, actor=keeper, outcome="8 毫克", **values).state == "done"
    for wrong in ({"text": " "}, {"due_on": meeting.held_on - timedelta(days=1)}):
        with pytest.raises(MarketingError):
            add_point(meeting, actor=keeper, **(values | wrong))
    with pytest.raises(MarketingError):
        add_point(meeting, actor=fresh(cast.inspector), **values)
    assert meeting.points.count() == 1


def test_minutes_hang_on_it_and_are_for_who_sees_it(client_for: Any, cast: Cast) -> None:
    keeper = in_marketing(cast, cast.operator)
    client = client_for(keeper)
    minutes, pictures = photo(keeper, name="纪要.png"), photo(keeper, name="合影.png")
    sent = {"kind": "users", "name": "松涛用户年会", "held_on": today().isoformat(), "owner": keeper.employee_number, "file_ids": [str(minutes)]}
    foreign = client.post("/crm/marketing/meetings/new/", sent | {"file_ids": [str(photo(cast.salesperson))], "form_key": uuid4()})
    assert (foreign.status_code, Meeting.objects.count()) == (422, 0)
    assert client.post("/crm/marketing/meetings/new/", sent | {"form_key": uuid4()}).status_code == 302
    meeting = Meeting.objects.get()
    at = meeting.get_absolute_url()
    assert "纪要.png" in client.get(at).content.decode()
    assert client.post(f"{at}change/", sent | {"file_ids": [str(minutes), str(pictures)]}).status_code == 302
    (file, picture) = shown_on(meeting)
    assert [one.name for one in (file, picture)] == ["纪要.png", "合影.png"]
    asked = reverse("attachments:file", args=[file.pk])
    assert (client.get(asked).status_code, client_for(cast.salesperson).get(asked).status_code) == (200, 404)
