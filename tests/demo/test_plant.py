"""The demo plant: the same seed gives the same plant, and it has what trials need."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from pytest_django import DjangoDbBlocker

from crm.extranet.models import Account
from crm.orders.models import Release
from mail.models import Placement
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.demo.cast import CAST, PASSWORD, sign_ins_path, stored_sign_ins
from portal.demo.plant import build_plant
from portal.organization.demo import Plant
from portal.organization.models import Absence, Department, Deputyship, Employment
from portal.organization.querysets import today

NAMED_BY_THE_PAPERS = {"销售科", "计划科", "生产科", "采购科", "质检科", "仓储科", "审计科", "财务科", "企管科", "厂长室"}


@pytest.fixture(scope="module")
def plant(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Plant]:
    """One for all who only look at it, taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_plant(people=120, seed=7)
        transaction.set_rollback(True)


def people_of_today() -> list[tuple[str, str, str, str]]:
    return list(
        Employment.objects.order_by("person__employee_number", "starts_on", "pk").values_list(
            "person__employee_number", "person__name", "department__code", "position__code"
        )
    )


def test_the_same_seed_gives_the_same_plant_and_another_seed_another(db: None) -> None:
    plants = []
    for seed in (3, 3, 4):
        with transaction.atomic():
            build_plant(people=80, seed=seed, with_content=False)
            plants.append(people_of_today())
            transaction.set_rollback(True)
    assert plants[0] == plants[1]
    assert plants[0] != plants[2]


def test_a_demo_plant_is_only_put_into_an_empty_database(db: None) -> None:
    call_command("demo", people=60, verbosity=0)
    assert [one.employee_number for one in stored_sign_ins()][: len(CAST)] == [member.employee_number for member in CAST]
    assert len(stored_sign_ins()) == len(CAST) + Account.objects.count() > len(CAST)
    sign_ins_path().unlink()
    with pytest.raises(CommandError):
        call_command("demo", people=60, verbosity=0)
    with pytest.raises(CommandError):
        call_command("demo", people=5, verbosity=0)


def test_the_departments_of_the_papers_and_the_workshops_are_there(plant: Plant) -> None:
    names = set(Department.objects.values_list("name", flat=True))
    assert names >= NAMED_BY_THE_PAPERS | {"制丝车间", "卷包车间", "滤棒车间", "甲班"}
    assert User.objects.employees().count() == 120


def test_every_department_is_headed_today(plant: Plant) -> None:
    headed = Employment.objects.current().filter(position__is_head=True).values("department")
    assert not Department.objects.exclude(pk__in=headed).exists()


def test_there_are_namesakes_leavers_newcomers_deputies_and_people_away(plant: Plant) -> None:
    assert User.objects.values("name").annotate(count=Count("pk")).filter(count__gt=1, name="王伟").exists()
    assert User.objects.filter(is_active=False).exists()
    assert Employment.objects.upcoming().exists()
    assert Deputyship.objects.current().exists()
    assert Absence.objects.current().exists()
    quality = Department.objects.get(code="QUA")
    now, before = Employment.objects.heads_of(quality).get(), Employment.objects.heads_of(quality, day=today().replace(month=3, day=3)).first()
    assert now.person == plant.cast["head"]
    assert before is None or before.person != now.person or now.starts_on <= today().replace(month=3, day=3)


def test_the_cast_can_sign_in_and_nobody_else(plant: Plant, client) -> None:
    assert {person.employee_number for person in plant.cast.values()} == {member.employee_number for member in CAST}
    assert all(person.check_password(PASSWORD) for person in plant.cast.values())
    others = User.objects.exclude(pk__in=[person.pk for person in plant.cast.values()])
    assert not any(person.has_usable_password() for person in others[:20])
    assert plant.cast["administrator"].is_superuser
    assert AuditRecord.objects.filter(verb="demo.created").count() == 1


def test_mailboxes_show_first_what_came_last(plant: Plant) -> None:
    boxes: dict[int, list[datetime]] = {}
    for mailbox, sent_at in Placement.objects.order_by("pk").values_list("mailbox", "message__sent_at"):
        boxes.setdefault(mailbox, []).append(sent_at)
    assert boxes
    assert all(moments == sorted(moments) for moments in boxes.values())


def test_orders_went_as_papers_and_each_end_is_there(plant: Plant) -> None:
    assert set(Release.objects.values_list("state", flat=True)) >= {"asked", "used", "refused"}
