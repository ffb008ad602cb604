"""Whom the organization tells of what, and when; and rosters that meet administrators or fail."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from portal.access.rules import AudienceRule
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.directory.roster.plan import RosterKind
from portal.imports.models import Import
from portal.imports.services import confirm_import, plan_import, start_import
from portal.notifications.models import Notification
from portal.organization.models import Employment
from portal.organization.querysets import today
from portal.organization.services.deputyships import appoint_deputy, dismiss_deputy
from portal.organization.services.employments import move_person, withdraw_employment
from portal.outbox.services import drain
from tests.cast import Cast
from tests.organization.rosters import workbook

SignIn = Callable[[User], Client]
HEADINGS = ("工号", "姓名", "部门", "岗位")


@pytest.fixture
def keeper(cast: Cast) -> User:
    grant_capability("organization.manage", rule=AudienceRule.of([f"user:{cast.salesperson.pk}"]), actor=cast.admin)
    return User.objects.get(pk=cast.salesperson.pk)


def told() -> set[tuple[str, int]]:
    drain()
    return set(Notification.objects.values_list("kind", "recipient_id"))


def roster(*rows: Sequence[str], actor: User) -> Import:
    started = start_import("roster", content=workbook([HEADINGS, *rows]), file_name="花名册.xlsx", actor=actor)
    plan_import(started, header_row=started.header_row, mapping=started.mapping, actor=actor)
    started.refresh_from_db()
    return started


def kinds(roster_import: Import) -> list[str]:
    assert roster_import.plan is not None
    return [line["kind"] for line in roster_import.plan["lines"]]


def test_a_deputy_and_the_one_stood_in_for_are_told_and_not_of_their_own_act(cast: Cast) -> None:
    post = Employment.objects.get(person=cast.workshop_head)
    appoint_deputy(post, deputy=cast.operator, starts_on=today(), actor=cast.workshop_head)
    assert told() == {("organization.stands_in", cast.operator.pk)}
    appoint_deputy(post, deputy=cast.inspector, starts_on=today(), actor=cast.admin)
    assert told() >= {("organization.stands_in", cast.inspector.pk), ("organization.stood_in_for", cast.workshop_head.pk)}
    sentences = {row.kind: row.words for row in Notification.objects.filter(recipient=cast.workshop_head)}
    assert sentences["organization.stood_in_for"]["person"] == "王伟"


def test_of_a_deputyship_that_is_gone_before_it_is_told_nobody_hears(cast: Cast) -> None:
    post = Employment.objects.get(person=cast.workshop_head)
    deputyship = appoint_deputy(post, deputy=cast.operator, starts_on=today() + timedelta(days=3), actor=cast.admin)
    dismiss_deputy(deputyship, today=today(), actor=cast.admin)
    assert told() == set()


def test_a_person_is_told_of_a_move_on_entering_and_not_before(cast: Cast) -> None:
    enters = today() + timedelta(days=5)
    move_person(cast.inspector, department=cast.sales, position=cast.staff_post, moves_on=enters, actor=cast.admin)
    assert told() == set()
    with time_machine.travel(timezone.make_aware(datetime.combine(enters, time(0, 1))), tick=False):
        assert told() == {("organization.moved", cast.inspector.pk)}


def test_a_person_is_not_told_of_a_move_that_was_taken_back(cast: Cast) -> None:
    enters = today() + timedelta(days=5)
    planned = move_person(cast.inspector, department=cast.sales, position=cast.staff_post, moves_on=enters, actor=cast.admin)
    withdraw_employment(planned, actor=cast.admin, today=today())
    with time_machine.travel(timezone.make_aware(datetime.combine(enters, time(0, 1))), tick=False):
        assert told() == set()


def test_whoever_imports_is_told_when_it_is_done_or_overtaken(cast: Cast, keeper: User) -> None:
    done = roster(("20001", "钱新", "质检科", "科员"), actor=keeper)
    confirm_import(done, leaves_out_refused=False, actor=keeper)
    assert told() == {("imports.applied", keeper.pk)}
    overtaken = roster(("20002", "钱二", "质检科", "科员"), actor=keeper)
    confirm_import(overtaken, leaves_out_refused=False, actor=keeper)
    User.objects.create_user("20002", None, name="早到")
    assert ("imports.overtaken", keeper.pk) in told()


def test_a_failed_import_is_told_of_and_tried_again_with_the_rows_that_were_kept(cast: Cast, keeper: User, client_for: SignIn) -> None:
    failed = roster(("10003", "王伟", "销售科", "科员"), actor=keeper)
    confirm_import(failed, leaves_out_refused=False, actor=keeper)
    Import.objects.filter(pk=failed.pk).update(mapping={"employee_number": "nonsense"})
    assert ("imports.failed", keeper.pk) in told()
    Import.objects.filter(pk=failed.pk).update(mapping=failed.mapping)
    address = f"/organization/imports/{failed.pk}/"
    assert f"{address}repetition/" in client_for(keeper).get(address).content.decode()
    assert client_for(cast.head).post(f"{address}repetition/").status_code == 403
    answer = client_for(keeper).post(f"{address}repetition/")
    again = Import.objects.exclude(pk=failed.pk).get()
    assert answer.url == f"/organization/imports/{again.pk}/"
    assert (again.status, again.rows, kinds(again)) == ("planned", failed.rows, ["moved"])
    confirm_import(again, leaves_out_refused=False, actor=keeper)
    drain()
    assert Employment.objects.current().get(person=cast.inspector).department == cast.sales
    client_for(keeper).post(f"/organization/imports/{again.pk}/repetition/")
    assert Import.objects.count() == 2


@pytest.mark.parametrize("line", [("admin", "新名字", "质检科", "科员"), ("admin", "管理员", "销售科", "科员")], ids=["renamed", "moved"])
def test_a_roster_changes_an_administrator_only_for_administrators(cast: Cast, keeper: User, line: Sequence[str]) -> None:
    Employment.objects.create(person=cast.admin, department=cast.quality, position=cast.staff_post, starts_on=today() - timedelta(days=9))
    by_keeper = roster(line, actor=keeper)
    assert kinds(by_keeper) == [RosterKind.REFUSED]
    by_administrator = roster(line, actor=cast.admin)
    assert kinds(by_administrator)[0] in (RosterKind.CHANGED, RosterKind.MOVED)
    confirm_import(by_administrator, leaves_out_refused=False, actor=keeper)
    drain()
    by_administrator.refresh_from_db()
    assert (by_administrator.status, kinds(by_administrator)) == ("planned", [RosterKind.REFUSED]), "planned anew, as the keeper may"
    assert User.objects.get(pk=cast.admin.pk).name == "管理员"
    unchanged = roster(("admin", "管理员", "质检科", "科员"), actor=keeper)
    assert kinds(unchanged) == [RosterKind.UNCHANGED]
