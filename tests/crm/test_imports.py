"""A trade's list of customers comes in, dirty as it is, and goes out again."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.customers.models import Customer, Intake, Portfolio
from crm.customers.services.merges import merge_customers
from portal.accounts.models import User
from portal.imports.models import Import
from portal.notifications.models import Notification
from portal.outbox.services import drain
from tests.cast import Cast
from tests.crm.writing import LICENCE, change, fresh, let_keep, make_contact, make_customer

HEADINGS = ("客户名称", "片区", "许可证号码", "统一社会信用代码", "联系电话", "业态", "市场类型", "经营地址", "有效期至", "客户编号")


@pytest.fixture
def keeper(cast: Cast) -> User:
    return let_keep(cast.operator, cast.admin)


def upload(client: Any, rows: Sequence[Sequence[str]], encoding: str = "gb18030") -> Import:
    content = "\n".join(",".join(row) for row in rows).encode(encoding)
    answer = client.post("/crm/customers/imports/new/", {"file": SimpleUploadedFile("零售户.csv", content)})
    assert answer.status_code == 302, answer.content.decode()
    made = Import.objects.latest("pk")
    answer = client.post(f"/crm/customers/imports/{made.pk}/columns/")
    assert answer.status_code == 302, answer.content.decode()
    made.refresh_from_db()
    return made


def faults(made: Import) -> list[tuple[int, str]]:
    assert made.plan is not None
    return [(line["number"], fault["field"]) for line in made.plan["lines"] for fault in line["faults"]]


def carry_out(client: Any, made: Import, **form: str) -> None:
    assert client.post(f"/crm/customers/imports/{made.pk}/confirmation/", form).status_code == 302
    drain()
    made.refresh_from_db()
    assert made.status == Import.Status.DONE, made.failure


def row(name: str, licence: str = "", *, portfolio: str = "城南三线", uscc: str = "", phone: str = "", trade: str = "", code: str = "") -> tuple[str, ...]:
    return (name, portfolio, licence, uscc, phone, trade, "城镇", "长沙市天心区", "2028年3月31日", code)


def test_a_dirty_list_is_judged_cell_by_cell_and_the_rest_comes_in(client_for, cast: Cast, portfolio: Portfolio, customer: Customer, keeper: User) -> None:
    client = client_for(keeper)
    rows = [
        ("长沙市零售户明细", *[""] * 9),
        HEADINGS,
        row("劳动西路鑫源名烟名酒", "４３０１０３２２０００１", phone="０７３１－８５１２３３０８转802，13807316621", trade="烟酒商店"),
        row("书院路惠民便利店", "430103220002"),
        row("书院路惠民便利店二", "430103220002"),
        row("白沙路佳佳超市", "430103220002"),
        row("错码商店", "430103220003", uscc="91350100M000100Y44"),
        row("无片区商店", "430103220004", portfolio="不存在"),
        row("坏电话商店", "430103220005", phone="没有"),
        row("长" * 200, "430103220006"),
        row("红星路金穗便利店"),
        row("红星路金穗烟酒商行", LICENCE, phone="0731-85129999"),
        row("新开铺老周食杂店", "430103220007", code="N0001"),
    ]
    made = upload(client, rows)
    assert faults(made) == [
        (4, "licence_no"), (5, "licence_no"), (6, "licence_no"), (7, "uscc"), (8, "portfolio"), (9, "phones"), (10, "name"), (11, "name"),
    ]  # fmt: skip
    assert made.counts == {"new": 2, "changed": 1, "refused": 8}
    assert customer.code in client.get(f"/crm/customers/imports/{made.pk}/").content.decode(), "what may be the same is named"
    carry_out(client, made, leaves_out_refused="on")
    new = Customer.objects.get(licence_no="430103220001")
    assert (new.name, new.trade, new.market, new.portfolio) == ("劳动西路鑫源名烟名酒", "tobacco", "town", portfolio)
    assert sorted(new.reach_points.values_list("normal", "extension")) == [("073185123308", "802"), ("13807316621", "")]
    assert [one.pk for one in client.get("/crm/customers/", {"q": "ldxlxy"}).context["page"].rows] == [new.pk]
    assert Customer.objects.get(code="N0001").name == "新开铺老周食杂店"
    customer.refresh_from_db()
    assert (f"{customer.licence_ends_on}", customer.reach_points.count()) == ("2028-03-31", 2)
    again = upload(client, rows, "utf-8")
    assert again.counts == {"unchanged": 3, "refused": 8}


def test_what_came_in_goes_out_again_but_for_what_was_touched_since(client_for, cast: Cast, portfolio: Portfolio, customer: Customer, keeper: User) -> None:
    client = client_for(keeper)
    rows = [HEADINGS, *(row(f"门店{number}", f"4301032300{number:02}", phone=f"0731-8613{number:04}") for number in range(6)), row("改名店", LICENCE)]
    before = {field.attname: getattr(Customer.objects.get(pk=customer.pk), field.attname) for field in Customer._meta.concrete_fields}
    carry_out(client, upload(client, rows))
    assert Customer.objects.count() == 7
    first, second = Customer.objects.filter(licence_no__in=["430103230001", "430103230002"]).order_by("code")
    change(first, cast.salesperson, remark="有人改过")
    make_contact(second, cast.salesperson)
    [intake] = Intake.objects.all()
    assert client_for(cast.salesperson).post(f"/crm/customers/imports/{intake.pk}/undone/").status_code == 403
    for _twice in range(2):
        assert client.post(f"/crm/customers/imports/{intake.pk}/undone/").status_code == 302
    assert Customer.objects.count() == 7, "a worker takes it out"
    drain()
    [told] = Notification.objects.filter(recipient=keeper, kind="customers.taken_out")
    assert (told.words["number"], told.words["kept"]) == (5, 2)
    assert {one.pk for one in Customer.objects.all()} == {customer.pk, first.pk, second.pk}
    assert {field.attname: getattr(Customer.objects.get(pk=customer.pk), field.attname) for field in Customer._meta.concrete_fields} == before
    intake.refresh_from_db()
    assert intake.kept == [first.code, second.code]
    assert first.code in client.get("/crm/customers/imports/").content.decode()
    assert client.post(f"/crm/customers/imports/{intake.pk}/undone/").status_code == 302
    assert Intake.objects.get().undone_by == keeper


def test_a_line_whose_numbers_belong_to_two_customers_is_refused(client_for, cast: Cast, portfolio: Portfolio, customer: Customer, keeper: User) -> None:
    other = make_customer(portfolio, cast.salesperson, "南门口惠民便利店", uscc="91350100M000100Y43")
    made = upload(client_for(keeper), [HEADINGS, row("金穗", LICENCE, uscc="91350100M000100Y43")])
    assert faults(made) == [(2, "code")]
    assert made.plan is not None
    assert other.code in made.plan["lines"][0]["faults"][0]["sentence"]
    assert client_for(cast.salesperson).get("/crm/customers/imports/").status_code == 403


def test_numbers_of_a_merged_file_lead_to_the_one_that_stays(client_for, cast: Cast, portfolio: Portfolio, customer: Customer, keeper: User) -> None:
    double = make_customer(portfolio, cast.salesperson, "金穗", licence_no="430103112099")
    merge_customers(customer, double, actor=fresh(keeper))
    made = upload(client_for(keeper), [HEADINGS, row("红星路金穗烟酒商行", code=double.code)])
    assert made.counts == {"changed": 1}
    assert made.plan is not None
    assert made.plan["lines"][0]["key"] == customer.code
