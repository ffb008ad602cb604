"""What is kept of small tables holds exactly as long as their rows do."""

import pytest
from django.db import transaction

from portal.foundation.kept import Kept
from portal.organization.models import Department
from portal.organization.places import open_places

pytestmark = pytest.mark.django_db


class _TakeBackError(Exception):
    pass


def test_what_is_kept_is_read_anew_with_every_change_and_not_without_one() -> None:
    read: list[int] = []
    kept = Kept(lambda: read.append(1) or list(Department.objects.order_by("pk").values_list("name", flat=True)), "organization_department one", "one")
    plant = Department.objects.create(code="P", name="卷烟厂", kind=Department.Kind.PLANT)
    assert (kept.get(), kept.get(), len(read)) == (["卷烟厂"], ["卷烟厂"], 1)
    for name in ("甲厂", "乙厂"):  # twice in one transaction
        Department.objects.filter(pk=plant.pk).update(name=name)
        assert kept.get() == [name]
    with pytest.raises(_TakeBackError):
        _delete_and_take_back(plant, kept)
    assert (kept.get(), kept.get(), len(read)) == (["乙厂"], ["乙厂"], 5)


def test_departments_to_choose_from_follow_a_new_name() -> None:
    plant = Department.objects.create(code="P", name="卷烟厂", name_en="Plant", kind=Department.Kind.PLANT)
    Department.objects.create(code="W", name="卷包车间", name_en="Making", kind=Department.Kind.WORKSHOP, parent=plant)
    assert [words for _key, words in open_places()] == ["卷烟厂", "卷包车间"]
    Department.objects.filter(code="W").update(name="制丝车间")
    assert [words for _key, words in open_places()] == ["卷烟厂", "制丝车间"]


@transaction.atomic
def _delete_and_take_back(plant: Department, kept: Kept[list[str]]) -> None:
    Department.objects.filter(pk=plant.pk).delete()
    assert kept.get() == []
    raise _TakeBackError
