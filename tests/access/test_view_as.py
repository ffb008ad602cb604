"""Viewing the site as someone else: what they see, nothing written, nothing personal, all on record."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.audit.models import AuditRecord
from tests.cast import Cast

Sign = Callable[[User], Client]


@pytest.fixture
def viewing(cast: Cast, client_for: Sign) -> Client:
    browser = client_for(cast.admin)
    answer = browser.post("/access/view-as/", {"person": "10004", "reason": "他说看不到公告"})
    assert answer.status_code == 302
    return browser


def test_an_administrator_sees_what_the_person_sees_and_it_is_on_record(cast: Cast, viewing: Client) -> None:
    page = viewing.get("/")
    assert page.status_code == 200
    assert "张强" in page.content.decode()
    assert viewing.get("/access/capabilities/").status_code == 403, "the operator may not, so the view may not"
    started = AuditRecord.objects.get(verb="view_as.started")
    assert (started.actor, started.reason, started.object_id) == (cast.admin, "他说看不到公告", str(cast.operator.pk))
    assert AuditRecord.objects.filter(verb="view_as.page", actor=cast.admin).count() == 2


def test_nothing_personal_opens_and_nothing_can_be_changed(cast: Cast, viewing: Client) -> None:
    for personal in ("/notifications/", "/notifications/bell/", "/accounts/preferences/", "/accounts/sessions/", "/accounts/password/"):
        assert viewing.get(personal).status_code == 403
    assert viewing.post("/accounts/preferences/change/", {"name": "theme", "value": "dark"}).status_code == 403
    assert viewing.post("/access/groups/new/", {"name": "x"}).status_code == 403
    assert viewing.post("/access/view-as/end/", {"next": "/"}).status_code == 302
    assert viewing.get("/access/capabilities/").status_code == 200


def test_others_may_not_and_administrators_are_not_viewed(cast: Cast, client_for: Sign) -> None:
    assert client_for(cast.head).post("/access/view-as/", {"person": "10004", "reason": "x"}).status_code == 403
    for refused in (
        {"person": "admin", "reason": "x"},
        {"person": "10008", "reason": "x"},
        {"person": "10004", "reason": " "},
        {"person": "nobody", "reason": "x"},
    ):
        assert client_for(cast.admin).post("/access/view-as/", refused).status_code == 422
    assert not AuditRecord.objects.filter(verb="view_as.started").exists()
