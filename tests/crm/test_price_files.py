"""Price lists come in from files, to be looked at before they come into force, and go out again."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.audit.models import AuditRecord
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.goods import make_prices, make_product

FILE = '2026 年批发价\n规格编码,规格,批发价（元）,起订数量,底价\n{code},松涛,"1,640.00",1,1600\n{code},松涛,¥1580,５０,\n\n'


def test_a_file_is_read_into_the_form_and_comes_into_force_when_it_is_sent_again(cast: Cast, client_for: Any) -> None:
    product = make_product(cast)
    prices = make_prices(cast, {product: 15_250})
    client, address = client_for(cast.admin), f"{prices.get_absolute_url()}issue/"
    later = (today() + timedelta(days=9)).isoformat()
    file = SimpleUploadedFile("批发价.csv", FILE.format(code=product.code).encode("gb18030"))
    answer = client.post(address, {"starts_on": later, "paper": "厂价 12号", "lines": "", "file": file})
    assert answer.status_code == 200
    lines = answer.context["form"].initial["lines"]
    assert lines == f"{product.code}\t1640.00\t1\t1600\n{product.code}\t1580\t50"
    assert answer.context["form"]["paper"].value() == "厂价 12号"
    assert prices.versions.count() == 1
    assert client.post(address, {"starts_on": later, "paper": "厂价 12号", "lines": lines}).status_code == 302
    version = prices.versions.get(starts_on=later)
    assert sorted(version.lines.values_list("min_qty", "fen", "floor")) == [(1, 164_000, 160_000), (50, 158_000, 158_000)]


def test_what_is_no_price_list_is_said_and_what_was_typed_stays(cast: Cast, client_for: Any) -> None:
    prices = make_prices(cast, {make_product(cast): 15_250})
    client, address = client_for(cast.admin), f"{prices.get_absolute_url()}issue/"
    for content, words in ((b"", "文件是空的"), ("品名,数量\n松涛,3\n".encode(), "产品编号, 价格"), (b"PK\x03\x04nothing", "")):
        answer = client.post(address, {"paper": "厂价 12号", "lines": "A\t1", "file": SimpleUploadedFile("价.xlsx", content)})
        assert answer.status_code == 422
        assert words.replace(", ", "、") in str(answer.context["form"].errors["file"])
        assert answer.context["form"]["lines"].value() == "A\t1"


def test_a_version_goes_out_as_it_would_come_in_and_on_record(cast: Cast, client_for: Any) -> None:
    product = make_product(cast)
    prices = make_prices(cast, {product: 152_550})
    client = client_for(cast.admin)
    taken = client.post(f"{prices.get_absolute_url()}export/", {"export": "xlsx"})
    assert AuditRecord.objects.filter(verb="price_list.exported").count() == 1
    file = SimpleUploadedFile("价.xlsx", b"".join(taken) if taken.streaming else taken.content)
    answer = client.post(f"{prices.get_absolute_url()}issue/", {"file": file})
    line = prices.versions.get().lines.get()
    assert answer.context["form"].initial["lines"] == f"{product.code}\t1525.50\t1\t{line.floor / 100:.2f}"
    assert client_for(cast.operator).post(f"{prices.get_absolute_url()}export/").status_code == 404
