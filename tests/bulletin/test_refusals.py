"""What the short form refuses, and that nothing typed is lost by it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.pages.drafts import draft_stamp
from tests.bulletin.short_form import NEW, only, sent, typed, update

pytestmark = pytest.mark.django_db


def test_what_is_missing_is_said_at_its_field_and_all_else_is_saved(as_head, cast, board):
    past = (timezone.localtime() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    answer = as_head.post(NEW, typed(cast, title="", needs_confirmation="on", confirm_by=past))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_title_error"' in page
    assert 'id="id_confirm_by_error"' in page
    assert "各机组提前备样。" in page
    assert only().get_latest_revision_as_object().body == "<p>各机组提前备样。</p>"
    assert f'value="{draft_stamp(only())}"' in page, "saving again is no conflict"


def test_what_was_refused_is_sent_again_as_the_same_draft(as_head, cast, board):
    refused = as_head.post(NEW, typed(cast, title=""))
    page = refused.content.decode()
    address = re.search(r'<form id="page-form"[^>]* action="([^"]*)"', page)[1]
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    assert address == update(only())
    assert as_head.post(address, typed(cast, seen=seen)).status_code == 302
    assert only().is_shown


def test_an_audience_of_nobody_and_one_that_does_not_exist_are_refused(as_head, cast, board):
    assert as_head.post(NEW, typed(cast, audience_include=[])).status_code == 422
    notice = only()
    answer = as_head.post(update(notice), sent(notice, cast, audience_include=["dept:999999"]))
    assert answer.status_code == 422
    answer = as_head.post(update(notice), sent(notice, cast, audience_include=[f"user:{cast.leaver.pk}"]))
    assert answer.status_code == 422
    assert not only().is_shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"go_live_at": "0001-01-01T00:00"},
        {"go_live_at": "9999-12-31T23:00", "pinned_for": "30"},
        {"expire_at": "0002-11-20T18:00"},
        {"needs_confirmation": "on", "confirm_by": "9999-12-31T23:59"},
        {"kind": "topic", "opens_on": "0001-01-01", "closes_on": "9999-12-31"},
    ],
)
def test_a_year_that_was_half_typed_is_refused_at_its_field_and_the_rest_is_kept(as_head, cast, board, wrong):
    answer = as_head.post(NEW, typed(cast, **wrong))
    assert answer.status_code == 422
    assert "2199" in answer.content.decode()
    assert only().draft_title == typed(cast)["title"]
    saved = as_head.post(update(only()), sent(only(), cast, autosave="1", **wrong))
    assert saved.status_code == 200
    assert saved.json()["is_whole"] is False
    for address in (reverse("bulletin:drafts"), update(only()), reverse("bulletin:notice_preview", args=[only().pk])):
        assert as_head.get(address).status_code == 200
