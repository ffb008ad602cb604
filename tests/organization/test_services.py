"""Changing the plant: what is done, what is refused, and that rights follow on the day."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from portal.access.standings import standing_of
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.organization.errors import OrganizationError
from portal.organization.models import Absence, Department, Deputyship, Employment, Position
from portal.organization.querysets import today
from portal.organization.services.absences import record_absence, withdraw_absence
from portal.organization.services.departments import change_department, close_department, open_department, reopen_department
from portal.organization.services.deputyships import appoint_deputy, dismiss_deputy, end_deputyship
from portal.organization.services.employments import continue_employment, end_employment, move_person, start_employment, withdraw_employment
from portal.organization.services.people import change_person, depart, dismiss_person, enrol_person, rehire, update_profile
from portal.organization.services.positions import save_position
from portal.outbox.models import Effect
from tests.cast import Cast, make_cast
from tests.runtime.portal_process import PATIENCE

DAY = timedelta(days=1)


def tokens(person: User) -> frozenset[str]:
    """What the person stands for, as the next request would see it."""
    return standing_of(User.objects.get(pk=person.pk)).token_set


def post_of(person: User) -> Employment:
    return Employment.objects.current().primary().select_related("person", "department", "position").get(person=person)


def noon_of(day: date) -> object:
    return timezone.now() + (day - today())


def test_a_department_is_opened_under_another(cast: Cast) -> None:
    lab = open_department(actor=cast.admin, code="LAB", name="化验室", parent=cast.quality, kind="section")
    assert lab.path == f"{cast.quality.path}{lab.pk}/"
    assert AuditRecord.objects.get(verb="department.opened").object_id == str(lab.pk)
    for wrong in ({"code": "LAB", "parent": cast.quality}, {"code": "ROOT2", "parent": None}):
        with pytest.raises(OrganizationError):
            open_department(actor=cast.admin, name="又一个", **wrong)


def test_a_department_moves_with_everything_below_and_rights_follow(cast: Cast) -> None:
    assert f"dept:{cast.workshop.pk}+" in tokens(cast.operator)
    change_department(cast.shift, actor=cast.admin, parent=cast.sales)
    assert Department.objects.get(pk=cast.shift.pk).path == f"{cast.sales.path}{cast.shift.pk}/"
    assert f"dept:{cast.workshop.pk}+" not in tokens(cast.operator)
    assert f"dept:{cast.sales.pk}+" in tokens(cast.operator)
    change_department(cast.sales, actor=cast.admin, parent=cast.quality)
    assert Department.objects.get(pk=cast.shift.pk).path.startswith(cast.quality.path)
    assert f"dept:{cast.quality.pk}+" in tokens(cast.operator)


def test_a_department_cannot_belong_to_what_belongs_to_it(cast: Cast) -> None:
    for parent in (cast.shift, cast.workshop):
        with pytest.raises(OrganizationError):
            change_department(cast.workshop, actor=cast.admin, parent=parent)
    with pytest.raises(OrganizationError):
        change_department(cast.plant, actor=cast.admin, parent=cast.quality)


def test_a_department_with_people_or_others_below_stays_open(cast: Cast) -> None:
    for department in (cast.workshop, cast.shift, cast.plant):
        with pytest.raises(OrganizationError):
            close_department(department, closed_on=today(), actor=cast.admin)
    move_person(cast.operator, department=cast.sales, position=cast.operator_post, moves_on=today(), actor=cast.admin)
    close_department(cast.shift, closed_on=today() + DAY, actor=cast.admin)
    with pytest.raises(OrganizationError):
        start_employment(
            cast.operator,
            department=Department.objects.get(pk=cast.shift.pk),
            position=cast.operator_post,
            starts_on=today() + DAY,
            is_primary=False,
            actor=cast.admin,
        )
    assert reopen_department(cast.shift, actor=cast.admin).closed_on is None


def test_the_clearance_of_a_position_is_the_clearance_of_its_holders(cast: Cast) -> None:
    assert standing_of(User.objects.get(pk=cast.inspector.pk)).level == 2
    save_position(cast.staff_post, actor=cast.admin, clearance=3)
    assert standing_of(User.objects.get(pk=cast.inspector.pk)).level == 3
    with pytest.raises(OrganizationError):
        save_position(cast.staff_post, actor=cast.admin, clearance=5)
    with pytest.raises(OrganizationError):
        save_position(None, actor=cast.admin, code="STAFF", name="又一个")


def test_a_move_today_changes_rights_at_once_and_keeps_the_past(cast: Cast) -> None:
    move_person(cast.inspector, department=cast.sales, position=cast.staff_post, moves_on=today(), actor=cast.admin)
    assert f"dept:{cast.sales.pk}" in tokens(cast.inspector)
    assert f"dept:{cast.quality.pk}" not in tokens(cast.inspector)
    assert Employment.objects.on(today() - DAY).get(person=cast.inspector).department == cast.quality


def test_a_move_in_the_future_takes_effect_on_its_day_by_itself(cast: Cast) -> None:
    day = today() + timedelta(days=10)
    move_person(cast.inspector, department=cast.sales, position=cast.staff_post, moves_on=day, actor=cast.admin)
    assert f"dept:{cast.quality.pk}" in tokens(cast.inspector)
    with time_machine.travel(noon_of(day - DAY), tick=False):
        assert f"dept:{cast.quality.pk}" in tokens(cast.inspector)
    with time_machine.travel(noon_of(day), tick=False):
        assert f"dept:{cast.sales.pk}" in tokens(cast.inspector)
        assert f"dept:{cast.quality.pk}" not in tokens(cast.inspector)


def test_a_planned_move_can_be_taken_back_and_the_post_goes_on(cast: Cast) -> None:
    planned = move_person(cast.inspector, department=cast.sales, position=cast.staff_post, moves_on=today() + timedelta(days=10), actor=cast.admin)
    with pytest.raises(OrganizationError):
        move_person(cast.inspector, department=cast.office, position=cast.staff_post, moves_on=today(), actor=cast.admin)
    with pytest.raises(OrganizationError):
        withdraw_employment(post_of(cast.inspector), actor=cast.admin, today=today())
    withdraw_employment(planned, actor=cast.admin, today=today())
    assert post_of(cast.inspector).ends_on is None


def test_two_primary_posts_at_a_time_are_refused_and_a_second_one_besides_is_not(cast: Cast) -> None:
    with pytest.raises(OrganizationError):
        start_employment(cast.inspector, department=cast.sales, position=cast.staff_post, starts_on=today(), actor=cast.admin)
    start_employment(cast.inspector, department=cast.sales, position=cast.staff_post, starts_on=today(), is_primary=False, actor=cast.admin)
    assert {f"dept:{cast.sales.pk}", f"dept:{cast.quality.pk}"} <= tokens(cast.inspector)


def test_a_post_ends_after_its_last_day_and_not_before_it_began(cast: Cast) -> None:
    end_employment(post_of(cast.inspector), last_day=today(), actor=cast.admin)
    assert "all" in tokens(cast.inspector)
    with time_machine.travel(noon_of(today() + DAY), tick=False):
        assert tokens(cast.inspector) == frozenset()
    with pytest.raises(OrganizationError):
        end_employment(post_of(cast.operator), last_day=date(1999, 1, 1), actor=cast.admin)


def test_who_headed_a_department_on_a_past_day_has_an_answer(cast: Cast) -> None:
    move_person(cast.head, department=cast.office, position=cast.staff_post, moves_on=today(), actor=cast.admin)
    move_person(cast.inspector, department=cast.quality, position=cast.head_post, moves_on=today(), actor=cast.admin)
    assert [post.person for post in Employment.objects.heads_of(cast.quality)] == [cast.inspector]
    assert [post.person for post in Employment.objects.heads_of(cast.quality, day=today() - DAY)] == [cast.head]


def test_someone_dismissed_today_loses_everything_at_once(cast: Cast, client_for) -> None:
    client, other = client_for(cast.head), client_for(cast.inspector)
    assert client.get("/organization/people/").status_code == 200
    dismiss_person(cast.head, leaves_on=today(), actor=cast.admin)
    assert client.get("/organization/people/").status_code == 302
    assert other.get("/organization/people/").status_code == 200
    assert not User.objects.get(pk=cast.head.pk).is_active
    assert tokens(cast.head) == frozenset()
    assert f"head:{cast.quality.pk}" not in tokens(cast.deputy)


def test_someone_dismissed_later_keeps_everything_until_that_day(cast: Cast, client_for) -> None:
    day = today() + timedelta(days=5)
    dismiss_person(cast.head, leaves_on=day, actor=cast.admin)
    assert User.objects.get(pk=cast.head.pk).is_active
    assert client_for(cast.head).get("/organization/people/").status_code == 200
    effect = Effect.objects.get(kind="organization.departure")
    assert timezone.localtime(effect.due_at).date() == day
    depart(cast.head.pk)
    assert User.objects.get(pk=cast.head.pk).is_active
    with time_machine.travel(noon_of(day), tick=False):
        assert tokens(cast.head) == frozenset()
        depart(cast.head.pk)
        depart(cast.head.pk)
    assert not User.objects.get(pk=cast.head.pk).is_active
    assert AuditRecord.objects.filter(verb="person.left").count() == 1


def test_a_departure_to_come_can_be_taken_back(cast: Cast) -> None:
    day = today() + timedelta(days=5)
    dismiss_person(cast.head, leaves_on=day, actor=cast.admin)
    continue_employment(post_of(cast.head), actor=cast.admin, today=today())
    with time_machine.travel(noon_of(day), tick=False):
        depart(cast.head.pk)
        assert "all" in tokens(cast.head)
    move_person(cast.inspector, department=cast.sales, position=cast.staff_post, moves_on=day, actor=cast.admin)
    with pytest.raises(OrganizationError):
        continue_employment(post_of(cast.inspector), actor=cast.admin, today=today())
    with pytest.raises(OrganizationError):
        continue_employment(Employment.objects.get(person=cast.leaver), actor=cast.admin, today=today())


def test_a_dismissal_ends_stand_ins_and_withdraws_what_was_planned(cast: Cast) -> None:
    move_person(cast.deputy, department=cast.sales, position=cast.staff_post, moves_on=today() + timedelta(days=3), actor=cast.admin)
    assert f"head:{cast.quality.pk}" in tokens(cast.deputy)
    dismiss_person(cast.deputy, leaves_on=today(), actor=cast.admin)
    assert not Employment.objects.filter(person=cast.deputy, starts_on__gte=today()).exists()
    assert not Deputyship.objects.current().filter(deputy=cast.deputy).exists()


def test_nobody_dismisses_themselves_or_a_customer(cast: Cast) -> None:
    for person, actor in ((cast.admin, cast.admin), (cast.customer, cast.admin)):
        with pytest.raises(OrganizationError):
            dismiss_person(person, leaves_on=today(), actor=actor)


def test_a_leaver_comes_back_under_the_old_number(cast: Cast) -> None:
    rehire(cast.leaver, department=cast.quality, position=cast.staff_post, starts_on=today(), actor=cast.admin)
    assert User.objects.get(pk=cast.leaver.pk).is_active
    assert f"dept:{cast.quality.pk}" in tokens(cast.leaver)
    with pytest.raises(OrganizationError):
        rehire(cast.head, department=cast.quality, position=cast.staff_post, starts_on=today(), actor=cast.admin)
    with pytest.raises(OrganizationError):
        enrol_person(employee_number="10008", name="另一人", department=cast.quality, position=cast.staff_post, starts_on=today(), actor=cast.admin)


def test_a_new_person_cannot_sign_in_before_a_password_is_issued(cast: Cast) -> None:
    person = enrol_person(
        employee_number=" A-17 ", name="钱 新", department=cast.quality, position=cast.staff_post, starts_on=today(), actor=cast.admin, room="301"
    )
    assert (person.employee_number, person.name, person.profile.room) == ("a-17", "钱新", "301")
    assert not person.has_usable_password()
    with pytest.raises(OrganizationError):
        enrol_person(employee_number="工号", name="钱二", department=cast.quality, position=cast.staff_post, starts_on=today(), actor=cast.admin)


def test_a_deputy_has_the_rights_of_the_post_for_the_time(cast: Cast) -> None:
    deputyship = appoint_deputy(post_of(cast.workshop_head), deputy=cast.operator, starts_on=today(), ends_on=today() + DAY, actor=cast.admin)
    assert f"head:{cast.workshop.pk}" in tokens(cast.operator)
    with time_machine.travel(noon_of(today() + 2 * DAY), tick=False):
        assert f"head:{cast.workshop.pk}" not in tokens(cast.operator)
    dismiss_deputy(deputyship, today=today(), actor=cast.admin)
    assert f"head:{cast.workshop.pk}" not in tokens(cast.operator)


def test_deputies_are_refused_who_are_oneself_gone_twice_or_make_a_circle(cast: Cast) -> None:
    post = post_of(cast.workshop_head)
    for deputy in (cast.workshop_head, cast.leaver, cast.newcomer, cast.customer):
        with pytest.raises(OrganizationError):
            appoint_deputy(post, deputy=deputy, starts_on=today(), actor=cast.admin)
    appoint_deputy(post, deputy=cast.operator, starts_on=today(), actor=cast.admin)
    with pytest.raises(OrganizationError):
        appoint_deputy(post, deputy=cast.operator, starts_on=today() + DAY, actor=cast.admin)
    appoint_deputy(post_of(cast.operator), deputy=cast.salesperson, starts_on=today(), actor=cast.admin)
    with pytest.raises(OrganizationError):
        appoint_deputy(post_of(cast.salesperson), deputy=cast.workshop_head, starts_on=today(), actor=cast.admin)


def test_a_deputyship_to_come_that_ends_never_begins(cast: Cast) -> None:
    later = appoint_deputy(post_of(cast.workshop_head), deputy=cast.operator, starts_on=today() + 5 * DAY, actor=cast.admin)
    end_deputyship(later, last_day=today(), actor=cast.admin)
    assert not Deputyship.objects.filter(pk=later.pk).exists()


def test_absences_do_not_overlap(cast: Cast) -> None:
    absence = record_absence(cast.head, kind=Absence.Kind.TRAVEL, starts_on=today(), ends_on=today() + DAY, actor=cast.head)
    for span in ((today() + DAY, today() + 2 * DAY), (today() + DAY, today())):
        with pytest.raises(OrganizationError):
            record_absence(cast.head, kind=Absence.Kind.LEAVE, starts_on=span[0], ends_on=span[1], actor=cast.head)
    withdraw_absence(absence, actor=cast.head)
    assert not Absence.objects.exists()


def test_every_change_is_on_record_with_before_and_after(cast: Cast) -> None:
    change_person(cast.head, name="李 敏敏", actor=cast.admin)
    update_profile(cast.head, room="402", actor=cast.head)
    renamed = AuditRecord.objects.get(verb="person.changed")
    assert (renamed.before["name"], renamed.after["name"]) == ("李敏", "李敏敏")
    assert User.objects.get(pk=cast.head.pk).name_initials == "lmm"
    assert ("room", "", "402") in AuditRecord.objects.get(verb="card.changed").changes
    count = AuditRecord.objects.count()
    change_person(cast.head, name="李敏敏", actor=cast.admin)
    save_position(Position.objects.get(pk=cast.staff_post.pk), actor=cast.admin, name=cast.staff_post.name)
    assert AuditRecord.objects.count() == count


def at_once(*acts: Callable[[], object]) -> list[bool]:
    """Whether each act was done, when all are tried at the same time by workers of their own."""
    barrier = Barrier(len(acts))

    def attempt(act: Callable[[], object]) -> bool:
        try:
            barrier.wait(timeout=PATIENCE)
            act()
        except OrganizationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(attempt, acts))


@pytest.mark.django_db(transaction=True)
def test_two_departments_moved_below_each_other_at_once_make_no_circle() -> None:
    cast = make_cast()
    done = at_once(
        lambda: change_department(cast.quality, actor=None, parent=cast.sales),
        lambda: change_department(cast.sales, actor=None, parent=cast.quality),
    )
    assert sorted(done) == [False, True]
    for department in Department.objects.all():
        assert department.path.endswith(f"{department.pk}/")
        assert department.path.count(f"/{department.pk}/") <= 1


@pytest.mark.django_db(transaction=True)
def test_two_moves_of_one_person_at_once_leave_one_primary_post() -> None:
    cast = make_cast()
    day = today() + timedelta(days=3)
    done = at_once(
        lambda: move_person(cast.inspector, department=cast.sales, position=cast.staff_post, moves_on=day, actor=None),
        lambda: move_person(cast.inspector, department=cast.office, position=cast.staff_post, moves_on=day + DAY, actor=None),
    )
    assert any(done)
    for ahead in range(8):
        assert Employment.objects.on(today() + ahead * DAY).filter(person=cast.inspector, is_primary=True).count() == 1
