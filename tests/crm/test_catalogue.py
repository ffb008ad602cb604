"""Products, exact units, prices by versions, and the stock as a ledger that the database holds."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from django.db.models import Sum

from crm.catalogue.capabilities import KEEP_PRODUCTS, KEEP_STOCK, READ_PRODUCTS, SEE_PRICES
from crm.catalogue.errors import CatalogueError
from crm.catalogue.models import PriceLine, PriceList, PriceVersion, Product, Stock, StockEntry, Warehouse
from crm.catalogue.prices import Buyer, Offer, explain_price
from crm.catalogue.services.products import DraftPrice, change_product, issue_prices
from crm.catalogue.services.stock import book_count, book_issue, book_receipt, book_transfer, end_supply, plan_supply
from crm.catalogue.units import Packing, read_fen, read_quantity
from portal.access.policies import can, viewers_of, visible_to
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.goods import let, make_prices, make_product, make_warehouse, receive
from tests.crm.writing import fresh

CARTONS = Packing("carton", 200, 50, 250)


@pytest.fixture
def product(cast: Cast) -> Product:
    return make_product(cast)


@pytest.fixture
def warehouse(db: None) -> Warehouse:
    return make_warehouse()


def stock_of(product: Product, warehouse: Warehouse) -> tuple[int, int, int]:
    row = Stock.objects.get(product=product, warehouse=warehouse)
    return row.on_hand, row.promised, row.planned


@pytest.mark.parametrize("wrong", ["", "0", "-1", "−1", "½", "1e9", "NaN", "1.5", "9999999999999", "五"])
def test_a_quantity_is_a_whole_number_above_nought(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"whole number|整数"):
        read_quantity(wrong)


def test_units_are_whole_numbers_of_the_base_unit() -> None:
    assert (CARTONS.in_base(3, "box"), CARTONS.in_base(2, "case"), CARTONS.in_base(7, "carton")) == (750, 100, 7)
    assert read_quantity("1,250") == 1_250
    for number, unit in ((1, "stick"), (1_000_000, "box")):
        with pytest.raises(ValueError, match=r"\w"):
            CARTONS.in_base(number, unit)
    assert [read_fen(text) for text in ("152.5", "1,000", "￥0.05")] == [15_250, 100_000, 5]
    for wrong in ("", "-1", "1.234", "NaN", "1e3", "Infinity", "½"):
        with pytest.raises(ValueError, match=r"152\.50"):
            read_fen(wrong)


def _offer(scope: str, value: str = "", *, least: int = 1, fen: int = 100, since: date = date(2026, 1, 1)) -> Offer:
    return Offer(1, scope, scope, value, since, least, fen, fen)


@pytest.mark.parametrize(
    ("offers", "quantity", "fen"),
    [
        ([], 1, None),
        ([_offer("all", fen=100)], 1, 100),
        ([_offer("all", fen=90), _offer("tier", "A", fen=100)], 1, 100),
        ([_offer("tier", "A", fen=90), _offer("kind", "retailer", fen=100)], 1, 100),
        ([_offer("kind", "retailer", fen=90), _offer("customer", "C1", fen=100)], 1, 100),
        ([_offer("customer", "C2", fen=90), _offer("all", fen=100)], 1, 100),
        ([_offer("all", least=2, fen=10), _offer("all", least=3, fen=20)], 3, 20),
        ([_offer("all", least=2, fen=10), _offer("all", least=3, fen=20)], 2, 10),
        ([_offer("all", least=5, fen=10)], 4, None),
        ([_offer("customer", "C1", least=5, fen=10), _offer("all", fen=20)], 4, 20),
        ([_offer("all", fen=10), _offer("all", fen=20, since=date(2026, 2, 1))], 1, 20),
    ],
)
def test_exactly_one_price_wins(offers: list[Offer], quantity: int, fen: int | None) -> None:
    explained = explain_price(offers, Buyer("C1", "retailer", "A"), quantity)
    assert (explained.winner.fen if explained.winner else None) == fen


def test_no_two_versions_of_a_list_cover_a_day_and_what_holds_stays(cast: Cast, product: Product) -> None:
    prices, admin = make_prices(cast, {product: 15_250}), fresh(cast.admin)
    later = today() + timedelta(days=30)
    issue_prices(prices, actor=admin, starts_on=later, paper="厂价 12号", lines=[DraftPrice(product, 1, 16_000, 15_500)])
    first = prices.versions.get(starts_on=today())
    assert first.ends_on == later - timedelta(days=1)
    for starts_on, ends_on, lines, paper in (
        (later, None, [DraftPrice(product, 1, 1, 1)], "x"),
        (today() + timedelta(days=9), today() + timedelta(days=12), [DraftPrice(product, 1, 1, 1)], "x"),
        (today() - timedelta(days=1), None, [DraftPrice(product, 1, 1, 1)], "x"),
        (later + timedelta(days=9), None, [DraftPrice(product, 1, 0, 0)], "x"),
        (later + timedelta(days=9), None, [DraftPrice(product, 1, 5, 9)], "x"),
        (later + timedelta(days=9), None, [DraftPrice(product, 1, 5, 5), DraftPrice(product, 1, 6, 6)], "x"),
        (later + timedelta(days=9), None, [], "x"),
        (later + timedelta(days=9), None, [DraftPrice(product, 1, 5, 5)], " "),
    ):
        with pytest.raises(CatalogueError):
            issue_prices(prices, actor=admin, starts_on=starts_on, ends_on=ends_on, paper=paper, lines=lines)
    assert prices.versions.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceVersion.objects.create(price_list=prices, starts_on=today(), ends_on=today(), paper="x")
    for act in (lambda: PriceLine.objects.update(fen=1), lambda: PriceLine.objects.all().delete(), lambda: PriceVersion.objects.update(starts_on=today())):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            act()


def test_a_unit_that_does_not_divide_and_a_base_unit_that_was_counted_in_are_refused(cast: Cast, product: Product, warehouse: Warehouse) -> None:
    for wrong in ({"per_case": 50, "per_box": 240}, {"per_case": 1}, {"per_case": 250, "per_box": 50}):
        with pytest.raises(CatalogueError):
            make_product(cast, "另一个", "X1", **wrong)
        with pytest.raises(IntegrityError), transaction.atomic():
            Product.objects.filter(pk=product.pk).update(**wrong)
    with pytest.raises(CatalogueError, match="松涛（典藏）"):
        make_product(cast, "另一个")
    receive(cast, product, warehouse, 5)
    values = {"code": product.code, "name": product.name, "brand": "松涛", "form": "hard", "per_case": 50, "per_box": 250}
    with pytest.raises(CatalogueError):
        change_product(product, actor=fresh(cast.admin), base="pack", sticks=20, **values)
    change_product(product, actor=fresh(cast.admin), base="carton", sticks=200, **(values | {"name": "松涛（典藏版）"}))


def test_the_sums_equal_the_ledger_after_random_bookings(cast: Cast, product: Product, warehouse: Warehouse) -> None:
    other, random, admin = make_warehouse("CP2", "成品二库"), Random(5), fresh(cast.admin)
    told: dict[int, int] = {warehouse.pk: 0, other.pk: 0}
    for _turn in range(60):
        place, quantity = random.choice([warehouse, other]), random.randrange(1, 40)
        act = random.choice(["receipt", "issue", "count", "transfer"])
        before = dict(told)
        try:
            with transaction.atomic():
                if act == "receipt":
                    book_receipt(actor=admin, product=product, warehouse=place, quantity=quantity, document="x")
                    told[place.pk] += quantity
                elif act == "issue":
                    book_issue(actor=admin, product=product, warehouse=place, quantity=quantity, reason="样品")
                    told[place.pk] -= quantity
                elif act == "count":
                    book_count(actor=admin, product=product, warehouse=place, counted=quantity, reason="盘点")
                    told[place.pk] = quantity
                else:
                    to = other if place is warehouse else warehouse
                    book_transfer(actor=admin, product=product, warehouse=place, to=to, quantity=quantity)
                    told[place.pk] -= quantity
                    told[to.pk] += quantity
        except CatalogueError:
            assert before[place.pk] < quantity
            told = before
    assert {row.warehouse_id: row.on_hand for row in Stock.objects.all()} == told
    sums = StockEntry.objects.filter(bucket="on_hand").values_list("warehouse").annotate(Sum("quantity"))
    assert dict(sums.order_by()) == told


def test_the_database_holds_stock_and_ledger(cast: Cast, product: Product, warehouse: Warehouse) -> None:
    receive(cast, product, warehouse, 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockEntry.objects.create(product=product, warehouse=warehouse, bucket="on_hand", kind="issue", quantity=-6)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockEntry.objects.create(product=product, warehouse=warehouse, bucket="promised", kind="order", quantity=6)
    for statement in (
        "UPDATE catalogue_stock SET on_hand = 99",
        "DELETE FROM catalogue_stock",
        "INSERT INTO catalogue_stock (product_id, warehouse_id, on_hand, promised, planned) SELECT product_id, warehouse_id, 1, 0, 0 FROM catalogue_stock",
        "UPDATE catalogue_stockentry SET quantity = 99",
        "DELETE FROM catalogue_stockentry",
    ):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert stock_of(product, warehouse) == (5, 0, 0)


def test_a_planned_supply_comes_in_parts_and_ends(cast: Cast, product: Product, warehouse: Warehouse) -> None:
    admin = fresh(cast.admin)
    supply = plan_supply(actor=admin, product=product, warehouse=warehouse, day=today(), quantity=100)
    book_receipt(actor=admin, product=product, warehouse=warehouse, quantity=30, document="x", supply=supply)
    assert stock_of(product, warehouse) == (30, 0, 70)
    for quantity in (71, 0, -1):
        with pytest.raises(CatalogueError):
            book_receipt(actor=admin, product=product, warehouse=warehouse, quantity=quantity, document="x", supply=supply)
    StockEntry.objects.create(product=product, warehouse=warehouse, bucket="promised", kind="order", quantity=60)
    with pytest.raises(CatalogueError, match="30"):
        end_supply(supply, actor=admin)
    with pytest.raises(CatalogueError):
        book_issue(actor=admin, product=product, warehouse=warehouse, quantity=31, reason="样品")
    StockEntry.objects.create(product=product, warehouse=warehouse, bucket="promised", kind="order", quantity=-40)
    end_supply(supply, actor=admin)
    assert stock_of(product, warehouse) == (30, 20, 0)
    with pytest.raises(CatalogueError):
        plan_supply(actor=admin, product=product, warehouse=warehouse, day=today() - timedelta(days=1), quantity=1)


def test_who_may_look_up_sees_no_price_and_keeps_nothing(client_for, cast: Cast, product: Product, warehouse: Warehouse) -> None:
    make_prices(cast, {product: 15_250})
    receive(cast, product, warehouse, 777)
    driver, seller = let(cast.operator, READ_PRODUCTS, cast.admin), let(cast.salesperson, SEE_PRICES, cast.admin)
    keeper, store = let(cast.director, KEEP_PRODUCTS, cast.admin), let(cast.workshop_head, KEEP_STOCK, cast.admin)
    at = product.get_absolute_url()
    for person, sees_price in ((driver, False), (store, False), (seller, True), (keeper, True)):
        client = client_for(person)
        for path in (at, "/crm/products/?q=songtao"):
            page = client.get(path).content.decode()
            assert product.name in page
            assert ("152.50" in page) == sees_price, (person, path)
        file = client.post("/crm/products/", {"export": "csv"})
        text = b"".join(file.streaming_content).decode("utf-8-sig") if file.streaming else file.content.decode("utf-8-sig")
        assert ("152.5" in text) == sees_price
        assert client.get("/crm/prices/").status_code == (200 if sees_price else 403)
        assert client.get(f"{at}change/").status_code == (200 if person == keeper else 403)
        assert client.get(f"{at}receipts/new/").status_code == (200 if person == store else 403)
    people = {person.name for person in cast.everyone if can(fresh(person), "view", product) and not person.is_superuser}
    assert people == {person.name for person in viewers_of(product) if not person.is_superuser} == {"张强", "孙丽", "陈刚", "刘洋"}
    assert people == {person.name for person in cast.everyone if visible_to(Product, fresh(person)).exists() and not person.is_superuser}
    with pytest.raises(CatalogueError):
        book_receipt(actor=keeper, product=product, warehouse=warehouse, quantity=1, document="x")


def test_the_keepers_write_on_the_pages(client_for, cast: Cast, warehouse: Warehouse) -> None:
    client = client_for(cast.admin)
    values = {"code": "4301001", "name": "金叶（硬红）", "brand": "金叶", "form": "hard", "base": "carton", "sticks": 200, "per_case": 50, "per_box": 250}
    assert client.post("/crm/products/new/", values | {"per_box": 240}).status_code == 422
    assert client.post("/crm/products/new/", values).status_code == 302
    product = Product.objects.get()
    at = product.get_absolute_url()
    assert client.post(f"{at}receipts/new/", {"warehouse": warehouse.pk, "quantity": "2", "unit": "box", "document": "入库 1"}).status_code == 302
    for quantity, unit in (("1e9", "box"), ("-1", "carton"), ("½", "carton"), ("NaN", "carton"), ("1", "stick"), ("99999999", "box")):
        answer = client.post(f"{at}receipts/new/", {"warehouse": warehouse.pk, "quantity": quantity, "unit": unit, "document": "入库 2"})
        assert answer.status_code == 422, (quantity, unit)
        assert quantity in answer.content.decode()
    assert client.post(f"{at}counts/new/", {"warehouse": warehouse.pk, "quantity": "0", "unit": "carton", "reason": "水损"}).status_code == 302
    assert stock_of(product, warehouse) == (0, 0, 0)
    assert client.post("/crm/prices/new/", {"name": "零售价", "scope": "tier", "scope_value": ""}).status_code == 422
    assert client.post("/crm/prices/new/", {"name": "零售价", "scope": "all", "scope_value": ""}).status_code == 302
    version = {"starts_on": today().isoformat(), "paper": "厂价 1号"}
    answer = client.post(f"/crm/prices/{_list_pk()}/issue/", version | {"lines": "4301001 0\n没有 5\n4301001 52 1 60"})
    assert answer.status_code == 422
    assert len(answer.context["form"].errors["lines"]) == 3
    assert client.post(f"/crm/prices/{_list_pk()}/issue/", version | {"lines": "4301001\t52.00\n4301001\t51.50\t50\t50"}).status_code == 302
    assert list(PriceLine.objects.values_list("min_qty", "fen", "floor")) == [(1, 5_200, 5_200), (50, 5_150, 5_000)]
    assert "52.00" in client.get(at).content.decode()
    assert "水损" in client.get("/crm/stock/").content.decode()


def _list_pk() -> int:
    return PriceList.objects.get().pk
