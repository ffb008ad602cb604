"""A form that is sent twice, by a double press or because its answer was lost, does its work once."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse

from bulletin.models import Notice, PublishingDelegation
from bulletin.services.boards import board_of, delegate_publishing, end_delegation
from portal.attachments.services import receive_file
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from portal.pages.drafts import draft_stamp
from portal.pages.services import retract_page
from tests.bulletin.short_form import NEW, key_of, only, sent, typed, update

pytestmark = pytest.mark.django_db


def test_a_form_that_is_sent_twice_makes_and_publishes_one_notice(as_head, cast, board):
    file = receive_file(actor=cast.head, name="抽检计划.txt", content=BytesIO(b"plan"))
    form = typed(cast, key=key_of(as_head.get(NEW)), file_ids=[str(file.pk)])
    first, second = as_head.post(NEW, form), as_head.post(NEW, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url == only().get_absolute_url()
    assert only().version_number == 1
    another = as_head.post(NEW, form | {"key": key_of(as_head.get(NEW)), "file_ids": []})
    assert another.url != first.url, "another form makes another notice, with the same words too"


def test_a_form_whose_answer_was_lost_goes_on_with_the_draft_that_it_made(as_head, cast, board):
    form = typed(cast, key=key_of(as_head.get(NEW)), autosave="1", seen="")
    first, again = as_head.post(NEW, form).json(), as_head.post(NEW, form).json()
    assert first["url"] == again["url"]
    assert again["stamp"] == draft_stamp(only()), "what is kept already is not kept again"
    further = as_head.post(NEW, form | {"title": "又写了一些"})
    assert further.status_code == 409, "whoever has written on meanwhile compares"
    assert only().draft_title == typed(cast)["title"]


def test_a_correction_that_is_sent_twice_is_one_version(as_head, cast, notice):
    form = sent(notice, cast, body="<p>每班两次。</p>", change_note="改为每班两次")
    first, second = as_head.post(update(notice), form), as_head.post(update(notice), form)
    assert first.url == second.url == notice.get_absolute_url()
    assert only().version_number == 2
    unchanged = as_head.post(update(notice), sent(notice, cast, body="<p>每班两次。</p>", change_note="改为每班两次"))
    assert unchanged.status_code == 302
    assert only().version_number == 3, "who opens it anew and publishes it again means it"


def test_who_comes_back_to_a_form_that_was_sent_is_led_to_what_it_made(client, as_head, cast, board):
    key = key_of(as_head.get(NEW))
    address = f"{NEW}?key={key}"
    assert key_of(as_head.get(address)) == key, "nothing was sent yet: the same form"
    as_head.post(address, typed(cast, key=key, title="备样", action="save"))
    assert as_head.get(address).headers["Location"] == update(only())
    as_head.post(address, typed(cast, key=key, title="备样", seen=draft_stamp(only())))
    assert as_head.get(address).headers["Location"] == only().get_absolute_url()
    fresh = as_head.get(NEW)
    assert key_of(fresh) != key
    assert "备样" not in fresh.content.decode()
    client.force_login(cast.workshop_head)
    board_of(cast.workshop)
    assert client.get(address).status_code == 404


def test_a_form_whose_notice_was_retracted_meanwhile_gives_back_what_was_typed(as_head, cast, board):
    key = key_of(as_head.get(NEW))
    as_head.post(NEW, typed(cast, key=key))
    retract_page(only(), reason="有误", actor=cast.head)
    answer = as_head.post(NEW, typed(cast, key=key, title="又写了一些"))
    assert answer.status_code == 403
    assert "又写了一些" in answer.content.decode()
    assert Notice.objects.count() == 1


def test_a_delegation_that_is_sent_twice_is_given_and_told_once(as_head, cast, board):
    address = reverse("bulletin:delegation_create", args=[cast.quality.pk])
    form = {"person": cast.operator.employee_number, "starts_on": str(today()), "ends_on": str(today() + timedelta(days=7))}
    for _ in range(2):
        assert as_head.post(address, form).status_code == 302
    assert PublishingDelegation.objects.count() == 1
    as_head.post(address, form | {"ends_on": str(today() + timedelta(days=9))})
    assert PublishingDelegation.objects.count() == 2
    end_delegation(PublishingDelegation.objects.last(), actor=cast.head)
    drain()
    assert Notification.objects.filter(kind="bulletin.delegated", recipient=cast.operator).count() == 2


def test_a_key_that_is_none_or_of_a_draft_of_others_opens_nothing(client, as_head, cast, board):
    for key in ("", "x", "0" * 31, "../../1", "0" * 33):
        assert as_head.post(NEW, typed(cast, key=key)).status_code == 302
    assert Notice.objects.count() == 5
    key = key_of(as_head.get(NEW))
    as_head.post(NEW, typed(cast, key=key, action="save"))
    board_of(cast.sales)
    delegate_publishing(cast.sales, cast.inspector, starts_on=today(), ends_on=today(), actor=cast.director)
    client.force_login(cast.inspector)
    assert client.post(NEW, typed(cast, key=key, title="别人的")).status_code == 404
    assert not Notice.objects.filter(draft_title="别人的").exists()
