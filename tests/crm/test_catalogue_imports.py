"""Products and a stocktaking come in from files, as dirty as they are, and go out again."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.catalogue.capabilities import KEEP_PRODUCTS, KEEP_STOCK
from crm.catalogue.models import Product, Stock, StockEntry
from portal.imports.models import Import
from portal.outbox.services import drain
from tests.cast import Cast
from tests.crm.goods import let, make_product, make_warehouse, receive

PRODUCTS, COUNTS = "/crm/products/imports/", "/crm/stock/imports/"


def upload(client: Any, address: str, rows: Sequence[Sequence[str]]) -> Import:
    """A file in GB18030 with its columns taken as they were recognised."""
    content = "\n".join(",".join(row) for row in rows).encode("gb18030")
    assert client.post(f"{address}new/", {"file": SimpleUploadedFile("表.csv", content)}).status_code == 302
    made = Import.objects.latest("pk")
    assert client.post(f"{address}{made.pk}/columns/").status_code == 302
    made.refresh_from_db()
    return made


def faults(made: Import) -> list[tuple[int, str]]:
    assert made.plan is not None
    return [(line["number"], fault["field"]) for line in made.plan["lines"] for fault in line["faults"]]


def carry_out(client: Any, address: str, made: Import) -> None:
    assert client.post(f"{address}{made.pk}/confirmation/", {"leaves_out_refused": "on"}).status_code == 302
    drain()
    made.refresh_from_db()
    assert made.status == Import.Status.DONE, made.failure


def test_products_come_in_with_their_packing_and_a_base_unit_that_was_counted_in_stays(cast: Cast, client_for: Any) -> None:
    product = make_product(cast)
    receive(cast, product, make_warehouse(), 10)
    keeper = let(cast.operator, KEEP_PRODUCTS, cast.admin)
    client = client_for(keeper)
    rows = [
        ("产品编号", "产品名称", "品牌", "包装形式", "单位", "支数", "件装", "箱装", "焦油"),
        ("4301120", "松涛（软）", "松涛", "软盒", "条", "２００", "50", "250", "10"),
        ("4301121", "松涛（细支）", "松涛", "细支", "条", "200", "50", "260", "6"),
        ("4301122", "松涛（短）", "松涛", "方盒", "条", "200", "50", "250", "2.5"),
        (product.code, "松涛（典藏）", "松涛", "硬盒", "盒", "20", "50", "250", "9"),
        ("4301123", "", "松涛", "", "", "", "", "", ""),
    ]
    made = upload(client, PRODUCTS, rows)
    assert faults(made) == [(3, "per_box"), (4, "form"), (4, "tar"), (5, "base"), (6, "name")]
    carry_out(client, PRODUCTS, made)
    taken = Product.objects.get(code="4301120")
    assert (taken.name, taken.form, taken.sticks, taken.per_box, taken.tar, taken.brand.name) == ("松涛（软）", "soft", 200, 250, 10, "松涛")
    assert Product.objects.count() == 2
    again = upload(client, PRODUCTS, rows[:2])
    assert again.plan is not None
    assert [line["kind"] for line in again.plan["lines"]] == ["unchanged"]
    assert client_for(cast.inspector).get(f"{PRODUCTS}new/").status_code == 403


def test_a_stocktaking_books_the_differences_with_their_reason_and_none_below_what_is_promised(cast: Cast, client_for: Any) -> None:
    first, second, warehouse = make_product(cast), make_product(cast, "松涛（软）", "4301120"), make_warehouse()
    receive(cast, first, warehouse, 100)
    client = client_for(let(cast.operator, KEEP_STOCK, cast.admin))
    rows = [
        ("产品编号", "仓库", "实盘数量", "原因"),
        (first.code, "成品一库", "98", "十一月盘点"),
        (second.code, "CP1", "5", "十一月盘点"),
        ("4309999", "成品一库", "5", "十一月盘点"),
        (first.code, "成品九库", "5", "十一月盘点"),
    ]
    made = upload(client, COUNTS, rows)
    assert faults(made) == [(4, "product"), (5, "warehouse")]
    carry_out(client, COUNTS, made)
    assert dict(Stock.objects.values_list("product", "on_hand")) == {first.pk: 98, second.pk: 5}
    assert set(StockEntry.objects.filter(kind="count").values_list("quantity", "reason")) == {(-2, "十一月盘点"), (5, "十一月盘点")}
    again = upload(client, COUNTS, [rows[0], (first.code, "成品一库", "98", "再盘"), (second.code, "成品一库", "4", "")])
    assert faults(again) == [(3, "reason")]
    assert again.plan is not None
    assert again.plan["lines"][0]["kind"] == "unchanged"


@pytest.mark.parametrize("address", [PRODUCTS, COUNTS])
def test_what_is_there_goes_out_as_a_file_that_comes_in_again_and_changes_nothing(cast: Cast, client_for: Any, address: str) -> None:
    receive(cast, make_product(cast), make_warehouse(), 100)
    client = client_for(cast.admin)
    answer = client.get(f"{address}template/")
    content = b"".join(answer) if answer.streaming else answer.content
    assert client.post(f"{address}new/", {"file": SimpleUploadedFile("表.xlsx", content)}).status_code == 302
    made = Import.objects.latest("pk")
    client.post(f"{address}{made.pk}/columns/")
    made.refresh_from_db()
    assert made.plan is not None
    assert [line["changes"] for line in made.plan["lines"]] == [{}] * len(made.plan["lines"])
