"""How many questions a page asks of the database: pinned, and no more of them in a larger plant."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.access.models import Audience, AudienceGroup
from portal.access.rules import AudienceRule, person_token
from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.audit.services import record
from portal.config.modules import WITH_PAGES
from portal.imports.models import Import
from portal.notifications.models import Notification
from portal.organization.models import Absence, Deputyship, Employment, Profile
from portal.organization.querysets import today
from tests.cast import Cast, employ, make_department
from tests.permissions.roles import PUBLISHED

SignIn = Callable[[User], Client]
FEW, MANY = 3, 25

# The most questions that a page may ask, signing in and the frame included, whose rail counts notices and papers. Raise a figure only with a reason.
PORTAL = {
    "/": 11,  # a head is told what waits for their approval, besides; the views that one keeps are among the shortcuts
    "/places/": 5,
    "/arrangement/": 6,
    "/organization/people/": 7,
    "/organization/people/?q=zhang": 8,
    "/organization/people/{person}/": 15,
    "/organization/departments/": 6,
    "/organization/departments/{department}/": 15,
    "/organization/chart/?open={department}": 8,
    "/organization/positions/": 7,
    "/organization/imports/": 9,
    "/administration/calendar/imports/": 7,
    "/access/groups/": 9,
    "/access/capabilities/": 6,
    "/notifications/": 8,
    "/notifications/bell/": 7,
    "/administration/record/": 8,  # one asks which things of the page the reader may see
    "/administration/operation/": 19,  # each queue is asked what it has put aside
    "/accounts/preferences/": 5,
    "/accounts/sessions/": 6,
}
OF_MODULES = {path: count for module in WITH_PAGES for path, count in import_module(f"tests.{module}.addresses").QUERIES.items()}
RAIL = 2  # the numbers beside the forum and beside mail, on every page
PAGES: dict[str, int] = {path: count + RAIL for path, count in (PORTAL | OF_MODULES).items()}
# What a head may not open.
ADMINISTRATORS_ONLY = ("/access/", "/administration/", "/organization/positions/", "/organization/imports/")


def add_rows(cast: Cast, first: int, last: int) -> None:
    """People in one department, each with a deputy, an absence, a group, an import, a department below, a notification and a record."""
    day = today()
    for number in range(first, last):
        person = User.objects.create(employee_number=f"7{number:04d}", name=f"张{number}号")
        Profile.objects.create(person=person, mobile=f"1390000{number:04d}")
        employment = employ(person, cast.quality, cast.staff_post)
        Deputyship.objects.create(employment=employment, deputy=cast.head, starts_on=day, ends_on=day + timedelta(days=3))
        employ(cast.head, make_department(f"D{number}", f"第{number}组", f"Group {number}", cast.quality), cast.head_post, is_primary=False)
        Absence.objects.create(person=person, kind=Absence.Kind.LEAVE, starts_on=day, ends_on=day)
        Absence.objects.create(person=cast.head, kind=Absence.Kind.LEAVE, starts_on=day + timedelta(days=number + 1), ends_on=day + timedelta(days=number + 1))
        audience = Audience.objects.for_rule(AudienceRule.of([person_token(person.pk)]))
        AudienceGroup.objects.create(name=f"{number}组", owner=person, audience=audience)
        Import.objects.create(importer="roster", actor=person, file_name=f"{number}.xlsx")
        Notification.objects.create(recipient=cast.admin, kind=PUBLISHED.code, words={"title": number}, delivery=f"{number:032x}", actor=person)
        record(person, "card.changed", person, after={"room": number})
    refresh_standings()


@pytest.fixture(params=["admin", "head"])
def counted(cast: Cast, client_for: SignIn, request: pytest.FixtureRequest) -> Callable[[], dict[str, int]]:
    """The questions that each page asks, as an administrator and as a head, who publishes and has more to see."""
    browser = client_for(getattr(cast, request.param))
    paths = [path for path in PAGES if request.param == "admin" or not path.startswith(ADMINISTRATORS_ONLY)]

    def count() -> dict[str, int]:
        counts = {}
        for path in paths:
            url = path.format(person=cast.head.pk, department=cast.quality.pk)
            assert browser.get(url).status_code == 200, path
            with CaptureQueriesContext(connection) as questions:
                browser.get(url)
            counts[path] = len(questions)
        return counts

    return count


def test_each_main_page_asks_no_more_than_is_pinned_however_large_the_plant(cast: Cast, counted: Callable[[], dict[str, int]]) -> None:
    add_rows(cast, 0, FEW)
    in_small = counted()
    add_rows(cast, FEW, MANY)
    in_large = counted()
    assert {path: (in_small[path], count) for path, count in in_large.items() if count > in_small[path]} == {}, "(few rows, many rows)"
    assert {path: count for path, count in in_large.items() if count > PAGES[path]} == {}
    assert Employment.objects.current().count() > MANY
