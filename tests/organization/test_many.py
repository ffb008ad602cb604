"""What becomes of many at once is what becomes of each: the same rows, the same record, the same refusals."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.audit.models import AuditLink, AuditRecord
from portal.organization.errors import OrganizationError
from portal.organization.models import Employment, Profile
from portal.organization.querysets import today
from portal.organization.services.employments import MOVED, move_person
from portal.organization.services.many import Move, Newcomer, change_cards, enrol_all, move_all
from portal.organization.services.people import enrol_person, update_profile
from portal.outbox.models import Effect
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def acts_of(person: User) -> list[tuple[str, dict[str, object], dict[str, object]]]:
    posts = [str(pk) for pk in person.employments.values_list("pk", flat=True)]
    about = Q(object_type="accounts.user", object_id=str(person.pk)) | Q(object_type="organization.employment", object_id__in=posts)
    rows = AuditRecord.objects.filter(about).order_by("pk")
    return [(row.verb, {**row.before, "employee_number": ""}, {**row.after, "employee_number": ""}) for row in rows]


def test_two_ways_of_taking_on_moving_and_changing_a_card_come_to_the_same(cast: Cast) -> None:
    begins = today() - timedelta(days=9)
    post = {"department": cast.quality, "position": cast.staff_post, "starts_on": begins}
    one = enrol_person(employee_number="A1", name="钱 一", name_en="Qian Yi", mobile="139", actor=cast.admin, **post)
    many = [Newcomer(employee_number=f"B{number}", names={"name": "钱 一", "name_en": "Qian Yi"}, card={"mobile": "139"}, **post) for number in range(3)]
    people = enrol_all(many, actor=cast.admin)
    for moves_on in (begins, today()):
        target = cast.sales if moves_on == begins else cast.shift
        move_person(one, department=target, position=cast.staff_post, moves_on=moves_on, actor=cast.admin)
        move_all([Move(person, target, cast.staff_post, moves_on) for person in people], actor=cast.admin)
    update_profile(one, actor=cast.admin, room="301")
    change_cards([(person, {"room": "301"}) for person in people], actor=cast.admin)
    told = [effect.payload["post"] for effect in Effect.objects.filter(kind=MOVED)]
    assert told.count([cast.sales.pk, cast.staff_post.pk]) == told.count([cast.shift.pk, cast.staff_post.pk]) == 4
    expected = acts_of(one)
    assert [verb for verb, _before, _after in expected] == [
        "person.enrolled", "employment.started", "employment.corrected", "employment.moved", "card.changed",
    ]  # fmt: skip
    for person in people:
        assert sorted(map(str, acts_of(person))) == sorted(map(str, expected))
        stored = User.objects.get(pk=person.pk)
        assert (stored.name_starts.replace("b", "a")[:9], stored.has_usable_password()) == (User.objects.get(pk=one.pk).name_starts[:9], False)
        assert Profile.objects.get(person=person).room == "301"
        rows = Employment.objects.filter(person=person).values_list("department", "starts_on", "ends_on")
        assert list(rows) == list(Employment.objects.filter(person=one).values_list("department", "starts_on", "ends_on"))


def test_one_that_cannot_be_refuses_all_of_them(cast: Cast) -> None:
    post = {"department": cast.quality, "position": cast.staff_post, "starts_on": today()}
    with pytest.raises(OrganizationError, match="10003"):
        enrol_all([Newcomer(employee_number=number, names={"name": "钱一"}, **post) for number in ("20001", "10003")], actor=cast.admin)
    with pytest.raises(OrganizationError, match="王伟"):
        move_all([Move(person, cast.quality, cast.staff_post, today()) for person in (cast.operator, cast.inspector)], actor=cast.admin)
    assert not User.objects.filter(employee_number="20001").exists()
    assert Employment.objects.current().get(person=cast.operator).department == cast.shift


def test_the_number_of_statements_does_not_grow_with_the_people(cast: Cast) -> None:
    post = {"department": cast.quality, "position": cast.staff_post, "starts_on": today() - timedelta(days=1)}
    counts = []
    for first, last in ((0, 3), (100, 200)):
        with CaptureQueriesContext(connection) as asked:
            people = enrol_all([Newcomer(employee_number=f"N{number}", names={"name": "钱一"}, **post) for number in range(first, last)], actor=cast.admin)
            change_cards([(person, {"room": "301"}) for person in people], actor=cast.admin)
            move_all([Move(person, cast.sales, cast.staff_post, today()) for person in people], actor=cast.admin)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_end_of_the_chain_is_found_by_its_index_however_the_session_planned(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT proconfig FROM pg_proc WHERE proname = 'audit_seal'")
        [settings] = cursor.fetchone()
        assert "enable_seqscan=off" in settings
    connection.check_constraints()
    assert AuditLink.objects.count() == AuditRecord.objects.count()
