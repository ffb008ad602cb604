"""Several of one name are told apart by their place wherever one is chosen, and found by it, typed joined or apart, in pinyin too."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from bulletin.models import PublishingDelegation
from bulletin.services.boards import board_of, delegate_publishing
from portal.access.models import Audience, AudienceGroup
from portal.access.rules import AudienceRule, department_token, person_token
from portal.access.standings import refresh_standings
from portal.access.words import describe_rule, label_tokens
from portal.accounts.models import User
from portal.organization.models import Department, Position
from portal.organization.places import find_people, find_positions, read_places
from portal.organization.querysets import today
from tests.cast import employ, make_department, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def shifts(cast) -> dict[str, Department]:
    """甲班 in three workshops, one of them twice (in a section), and two people of one name."""
    packing = make_department("PACK", "卷包车间", "Packing", cast.plant, kind="workshop")
    first, second = (make_department(f"PACK-{number}", f"{number}工段", "", packing, kind="section") for number in "一二")
    found = {
        "cut": cast.shift,
        "pack": make_department("PACK-A", "甲班", "Shift A", packing, kind="shift"),
        "first": make_department("PACK-1A", "甲班", "Shift A", first, kind="shift"),
        "second": make_department("PACK-2A", "甲班", "Shift A", second, kind="shift"),
        "packing": packing,
        "quality": cast.quality,
    }
    employ(make_person("20001", "张强"), found["pack"], cast.operator_post)
    refresh_standings()
    return found


def test_a_place_says_as_much_as_tells_it_from_others(cast, shifts):
    places = read_places()
    said = {name: places.label(department.pk) for name, department in shifts.items()}
    assert said == {
        "cut": "生产车间 甲班",
        "pack": "卷包车间 甲班",
        "first": "一工段 甲班",
        "second": "二工段 甲班",
        "packing": "卷包车间",
        "quality": "质检科",
    }
    section = make_department("CUT-1", "一工段", "", cast.workshop, kind="section")
    twin = make_department("CUT-1A", "甲班", "", section, kind="shift")
    shifts["cut"].closed_on = today()
    shifts["cut"].save()
    places = read_places()
    assert [places.label(one.pk) for one in (twin, shifts["first"], section)] == ["生产车间 一工段 甲班", "卷包车间 一工段 甲班", "生产车间 一工段"]
    assert places.label(shifts["cut"].pk) == "生产车间 甲班（已撤销）"
    assert places.label(999_999) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲班", {"cut", "pack", "first", "second"}),
        ("卷包车间甲班", {"pack", "first", "second"}),
        ("卷包车间 甲班", {"pack", "first", "second"}),
        ("卷包甲班", {"pack", "first", "second"}),
        ("卷包车间一工段甲班", {"first"}),
        ("卷包车间/二工段/甲班", {"second"}),
        ("ＰＡＣＫ-A", {"pack"}),
        ("juanbaochejianjiaban", {"pack", "first", "second"}),
        ("juanbao jiaban", {"pack", "first", "second"}),
        ("jbcj", {"packing"}),
        ("shift a packing", set()),
        ("packing shift a", {"pack", "first", "second"}),
        ("生产车间甲班", {"cut"}),
        ("质检甲班", set()),
        ("", set()),
        ("|", set()),
    ],
)
def test_a_place_is_found_typed_joined_or_apart_and_in_pinyin(shifts, text, expected):
    found = [place.pk for place in read_places().find(text)]
    assert set(found) == {shifts[name].pk for name in expected}
    if "pack" in expected and "卷包" in text:
        assert found[0] == shifts["pack"].pk, "the nearest first"


def test_the_picker_and_its_chips_say_the_place_and_whether_those_below_are_meant(cast, shifts, client_for):
    browser = client_for(cast.operator)
    body = browser.get("/access/audience/choices/", {"q": "卷包车间甲班"}).content.decode()
    labels = dict(re.findall(r'data-token="([^"]+)"\s+data-label="([^"]+)"', body))
    pack = shifts["pack"].pk
    assert labels[department_token(pack)] == "卷包车间 甲班及下属"
    assert labels[department_token(pack, with_below=False)] == "卷包车间 甲班（仅本级）"
    assert [label.text for label in label_tokens([department_token(pack), department_token(pack, with_below=False)])] == list(labels.values())[:2]
    assert describe_rule(AudienceRule.of([department_token(shifts["second"].pk)])) == "二工段 甲班及下属"
    people = browser.get("/access/audience/choices/", {"q": "张强"}).content.decode()
    for place in ("生产车间 甲班 10004", "卷包车间 甲班 20001"):
        assert place in people
    chips = label_tokens([person_token(cast.operator.pk), person_token(cast.leaver.pk)], with_posts=True)
    assert [chip.text for chip in chips] == ["张强 (生产车间 甲班 10004)", "周涛 (10008)（已离职）"]


def test_the_group_page_takes_a_place_that_is_typed_without_a_script(cast, shifts, client_for):
    form = {"name": "甲班组", "note": "", "rule_level": "0", "rule_add_include": "甲班"}
    refused = client_for(cast.admin).post("/access/groups/new/", form)
    assert refused.status_code == 422
    assert "生产车间 甲班" in refused.content.decode()
    assert client_for(cast.admin).post("/access/groups/new/", form | {"rule_add_include": "生产车间甲班"}).status_code == 302
    group = AudienceGroup.objects.get()
    assert group.audience == Audience.objects.for_rule(AudienceRule.of([department_token(shifts["cut"].pk)]))
    page = client_for(cast.admin).get(f"/access/groups/{group.pk}/").content.decode()
    assert "生产车间 甲班及下属" in page
    assert "生产车间 甲班及下属" in client_for(cast.operator).get("/access/groups/").content.decode()


@pytest.mark.parametrize("text", ["卷包车间甲班张强", "卷包 张强", "张强 卷包车间", "juanbaojiabanzhangqiang", "20001"])
def test_a_person_is_found_with_the_place(cast, shifts, text):
    assert [person.employee_number for person in find_people(text, among=User.objects.active(), most=5)] == ["20001"]
    assert len(find_people("张强", among=User.objects.active(), most=5)) == 2
    assert find_people("质检科张强", among=User.objects.active(), most=5) == []


def test_a_delegation_says_where_those_of_one_name_work_and_takes_the_place(cast, shifts, client_for):
    board_of(cast.quality)
    browser, address = client_for(cast.head), reverse("bulletin:delegation_create", args=[cast.quality.pk])
    form = {"person": "张强", "starts_on": str(today()), "ends_on": str(today())}
    refused = browser.post(address, form).content.decode()
    for place in ("张强 (生产车间 甲班 10004)", "张强 (卷包车间 甲班 20001)"):
        assert place in refused
    assert "卷包车间 甲班" in browser.get(reverse("organization:person_suggestions"), {"person": "卷包车间甲班张强"}).content.decode()
    assert browser.post(address, form | {"person": "卷包车间甲班张强"}).status_code == 302
    assert PublishingDelegation.objects.get().person.employee_number == "20001"
    assert "卷包车间 甲班 20001" in browser.get(reverse("bulletin:board_update", args=[cast.quality.pk])).content.decode()


def test_every_list_of_departments_to_choose_from_says_the_place(cast, shifts, client_for):
    delegate_publishing(shifts["pack"], cast.head, starts_on=today(), ends_on=today(), actor=cast.director)
    delegate_publishing(shifts["cut"], cast.head, starts_on=today(), ends_on=today(), actor=cast.director)
    browser = client_for(User.objects.get(pk=cast.head.pk))
    for name in ("bulletin:notice_create", "bulletin:drafts", "bulletin:department_report", "bulletin:board_list"):
        page = browser.get(reverse(name)).content.decode()
        for place in ("生产车间 甲班", "卷包车间 甲班"):
            assert place in page, name
    keeper = client_for(cast.admin)
    for address in (reverse("organization:person_create"), reverse("organization:department_create")):
        assert "卷包车间 甲班" in keeper.get(address).content.decode(), address


def test_positions_of_one_name_are_told_apart_and_found_in_pinyin(cast, client_for):
    twin = Position.objects.create(code="OPERATOR-2", name="操作工", clearance=2)
    assert {one.pk for one in find_positions("caozuog")} == {twin.pk, cast.operator_post.pk}
    body = client_for(cast.operator).get("/access/audience/choices/", {"q": "操作工"}).content.decode()
    for code in ("OPERATOR-2", "OPERATOR"):
        assert f"操作工 ({code})" in body
    assert "操作工 (OPERATOR-2)" in client_for(cast.admin).get(reverse("organization:person_create")).content.decode()
    assert "科员 (" not in body
