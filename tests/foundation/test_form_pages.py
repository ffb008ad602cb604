"""The page with one form: what is sent twice is done once, and what was typed is never lost."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.foundation.models import SentForm
from portal.foundation.once import KEPT_FOR, forget_old_forms
from portal.organization.models import Department
from tests.cast import Cast

NEW = "/organization/departments/new/"
KEY = re.compile(r'name="form_key" value="([0-9a-f-]{36})"')


@pytest.fixture
def keeper(cast: Cast, client_for: Callable[[User], Client]) -> Client:
    return client_for(cast.admin)


def filled(cast: Cast, key: str, name: str) -> dict[str, object]:
    return {"form_key": key, "name": name, "name_en": "", "code": name[:2], "kind": "department", "parent": cast.plant.pk, "phone": "", "order": 0}


def key_of(client: Client) -> str:
    found = KEY.search(client.get(NEW).content.decode())
    assert found
    return found[1]


def test_a_form_that_is_sent_again_leads_to_what_it_made(keeper: Client, cast: Cast) -> None:
    key = key_of(keeper)
    first, again = (keeper.post(NEW, filled(cast, key, "工艺科")) for _ in range(2))
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    assert Department.objects.filter(name="工艺科").count() == 1


def test_other_words_with_a_used_key_are_kept_and_asked_about(keeper: Client, cast: Cast) -> None:
    key = key_of(keeper)
    made = keeper.post(NEW, filled(cast, key, "工艺科"))["Location"]
    asked = keeper.post(NEW, filled(cast, key, "设备科"))
    assert asked.status_code == 409
    body = asked.content.decode()
    assert made in body
    assert 'value="设备科"' in body
    assert not Department.objects.filter(name="设备科").exists()
    fresh = KEY.search(body)
    assert fresh
    assert fresh[1] != key
    assert keeper.post(NEW, filled(cast, fresh[1], "设备科")).status_code == 302


def test_a_refused_form_leaves_its_key_free(keeper: Client, cast: Cast) -> None:
    key = key_of(keeper)
    refused = keeper.post(NEW, filled(cast, key, "工艺科") | {"code": "QUALITY"})
    assert refused.status_code == 422
    assert key in refused.content.decode()
    assert keeper.post(NEW, filled(cast, key, "工艺科")).status_code == 302


def test_the_key_of_one_person_says_nothing_to_another(keeper: Client, cast: Cast, client_for: Callable[[User], Client]) -> None:
    key = key_of(keeper)
    keeper.post(NEW, filled(cast, key, "工艺科"))
    other = User.objects.create(employee_number="admin2", name="管理员乙", is_superuser=True)
    assert client_for(other).post(NEW, filled(cast, key, "设备科")).status_code == 302
    assert Department.objects.filter(name__in=["工艺科", "设备科"]).count() == 2


def test_a_new_page_is_empty_and_has_a_key_of_its_own(keeper: Client, cast: Cast) -> None:
    key = key_of(keeper)
    keeper.post(NEW, filled(cast, key, "工艺科"))
    page = keeper.get(NEW).content.decode()
    assert "工艺科" not in page.split('name="name"')[1].split(">")[0]
    assert key not in page


def test_old_keys_are_forgotten(keeper: Client, cast: Cast) -> None:
    keeper.post(NEW, filled(cast, key_of(keeper), "工艺科"))
    keeper.post(NEW, filled(cast, key_of(keeper), "设备科"))
    SentForm.objects.filter(pk=SentForm.objects.order_by("pk")[0].pk).update(sent_at=timezone.now() - KEPT_FOR * 2)
    assert forget_old_forms() == 1
    assert SentForm.objects.count() == 1
