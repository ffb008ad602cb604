"""What products cost and orders earned, for who may know it; pictures of a product for who sees it."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest

from crm.catalogue.capabilities import READ_PRODUCTS, SEE_COSTS
from crm.catalogue.errors import CatalogueError
from crm.catalogue.services.costs import set_cost
from crm.catalogue.services.products import change_product
from crm.orders.earnings import earned_by
from crm.orders.services.handling import deliver_order, return_goods
from portal.attachments.services import receive_file
from portal.audit.models import AuditRecord
from portal.organization.querysets import today
from tests.attachments.samples import png
from tests.cast import Cast
from tests.crm.dealing import give_credit, order
from tests.crm.goods import let, make_prices, make_product, make_warehouse, receive
from tests.crm.writing import fresh


def test_an_order_earned_what_left_and_stayed_away_less_its_cost_on_that_day(cast: Cast, client_for, customer) -> None:
    product, other, warehouse = make_product(cast), make_product(cast, "松涛（软）", "4301120"), make_warehouse()
    make_prices(cast, {product: 10_000, other: 5_000})
    for one in (product, other):
        receive(cast, one, warehouse, 100)
    give_credit(cast, customer, 10_000_000)
    keeper = let(cast.operator, SEE_COSTS, cast.admin)
    set_cost(product, actor=keeper, fen=7_000, starts_on=today() - timedelta(days=30))
    set_cost(product, actor=keeper, fen=9_000, starts_on=today() + timedelta(days=1))
    placed = order(cast.salesperson, customer, {product: 20, other: 5})
    assert earned_by(placed) is None
    lines = {line.product_id: line.pk for line in placed.lines.all()}
    deliver_order(placed, actor=fresh(cast.admin), quantities={lines[product.pk]: 20, lines[other.pk]: 5}, key=uuid4())
    return_goods(placed, actor=fresh(cast.admin), quantities={lines[product.pk]: 4}, reason="破损", key=uuid4())
    found = earned_by(placed)
    assert found is not None
    assert (found.sold, found.cost, found.earned, found.share, found.unknown) == (160_000, 112_000, 48_000, 30, ("松涛（软）",))
    for person, sees in ((cast.salesperson, False), (fresh(cast.admin), True)):
        assert ("480.00" in client_for(person).get(placed.get_absolute_url()).content.decode()) == sees


def test_costs_are_written_and_seen_by_right_alone_and_stand_in_no_record(cast: Cast, client_for) -> None:
    product = make_product(cast)
    reader, keeper = let(cast.inspector, READ_PRODUCTS, cast.admin), let(cast.operator, SEE_COSTS, cast.admin)
    with pytest.raises(CatalogueError, match="成本"):
        set_cost(product, actor=reader, fen=7_000, starts_on=today())
    assert client_for(reader).get(f"/crm/products/{product.pk}/costs/new/").status_code == 403
    form = {"fen": "71.23", "starts_on": f"{today():%Y-%m-%d}", "source": "十一月成本表"}
    client = client_for(keeper)
    assert client.post(f"/crm/products/{product.pk}/costs/new/", form).status_code == 302
    again = client.post(f"/crm/products/{product.pk}/costs/new/", form)
    assert (again.status_code, "已写过成本" in again.content.decode()) == (422, True)
    assert client.post(f"/crm/products/{product.pk}/costs/new/", form | {"fen": "0"}).status_code == 422
    assert "71.23" in client.get(product.get_absolute_url()).content.decode()
    assert "71.23" not in client_for(reader).get(product.get_absolute_url()).content.decode()
    assert not any("7123" in str(entry.after) for entry in AuditRecord.objects.filter(verb="product.cost_set"))


def test_pictures_of_a_product_are_for_who_sees_it(cast: Cast, client_for) -> None:
    product, admin = make_product(cast), fresh(cast.admin)
    picture = receive_file(actor=admin, name="条盒.png", content=BytesIO(png()))
    change_product(product, actor=admin, brand="松涛", picture_ids=[picture.pk])
    reader = let(cast.inspector, READ_PRODUCTS, cast.admin)
    assert f"/files/{picture.pk}/picture/" in client_for(reader).get(product.get_absolute_url()).content.decode()
    assert [client_for(person).get(f"/files/{picture.pk}/").status_code for person in (reader, cast.operator)] == [200, 404]
    change_product(product, actor=admin, brand="松涛", remark="新包装")
    assert client_for(reader).get(f"/files/{picture.pk}/").status_code == 200
