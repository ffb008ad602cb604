"""The customers' site: what a shop does there on a telephone, and that it is done as everywhere else."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.customers.services.merges import merge_customers
from crm.extranet.models import Account
from crm.orders.models import Cap, Order
from crm.orders.services.handling import deliver_order
from crm.service.models import Objection, Request
from crm.service.services.requests import answer_request, work_on_request
from portal.attachments.models import Attachment
from portal.notifications.models import Notification
from portal.organization.querysets import today
from tests.attachments.samples import png
from tests.cast import Cast
from tests.crm.dealing import give_credit, order
from tests.crm.goods import make_prices, make_product, make_warehouse, receive
from tests.crm.outside import browser_of, make_account, outside, work_inside
from tests.crm.writing import change, fresh, make_customer


@pytest.fixture
def product(cast: Cast) -> Product:
    """松涛（典藏）at 152.50, a hundred of it there."""
    made = make_product(cast)
    make_prices(cast, {made: 15_250})
    receive(cast, made, make_warehouse(), 100)
    return made


@pytest.fixture
def account(cast: Cast, customer: Customer, product: Product) -> Account:
    give_credit(cast, customer, 1_000_000)
    return make_account(customer, cast.salesperson)


@pytest.fixture
def shop(account: Account) -> Iterator[Client]:
    with outside():
        yield browser_of(account)


def words(product: Product, quantity: object = 2, **more: object) -> dict[str, object]:
    return {f"q-{product.code}": quantity, f"u-{product.code}": "carton", "act": "send", "form_key": uuid4(), **more}


def told(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def test_an_order_passes_the_gate_and_is_told_inside(cast: Cast, customer: Customer, product: Product, shop: Client) -> None:
    sent = words(product, 3, remark="下午送")
    asked = shop.post("/order/", sent | {"act": "ask"}).content.decode()
    assert "457.50" in asked
    assert not Order.objects.exists()
    answer = shop.post("/order/", sent)
    placed = Order.objects.get()
    assert answer["Location"] == f"/orders/{placed.key}/"
    page = told(shop, answer["Location"])
    assert "457.50" in page
    assert "李秀兰" in page
    assert (placed.customer, placed.total, placed.placed_by.name, placed.remark) == (customer, 45_750, "李秀兰", "下午送")
    work_inside()
    bell = Notification.objects.get(kind="extranet.ordered")
    assert (bell.recipient, bell.url) == (cast.salesperson, f"/crm/orders/{placed.pk}/")
    assert placed.number in told(shop, "/")


def test_the_same_key_twice_is_one_order(product: Product, shop: Client) -> None:
    sent = words(product)
    first, second = shop.post("/order/", sent), shop.post("/order/", sent)
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1
    work_inside()
    assert Notification.objects.filter(kind="extranet.ordered").count() == 1
    other = shop.post("/order/", sent | {f"q-{product.code}": 5})
    assert (other.status_code, "已经提交" in other.content.decode()) == (422, True)
    assert Order.objects.count() == 1


def test_whose_where_and_for_how_much_is_said_by_nobody_outside(cast: Cast, customer: Customer, product: Product, shop: Client) -> None:
    other = make_customer(customer.portfolio, cast.salesperson, "城北副食店", numbers=["0731-85550000"])
    far = make_warehouse("ZZ9", "外库")
    forged = {"customer": other.pk, "warehouse": far.pk, "address": "长沙市开福区某路1号", "price": "0.01", f"p-{product.code}": "1", "total": 1, "fen": 1}
    shop.post("/order/", words(product, **forged))
    placed = Order.objects.get()
    assert (placed.customer, placed.warehouse.code, placed.total) == (customer, "CP1", 30_500)


def test_a_key_of_another_customers_order_tells_nothing(cast: Cast, customer: Customer, product: Product, shop: Client) -> None:
    other = make_customer(customer.portfolio, cast.salesperson, "城北副食店", numbers=["0731-85550000"])
    give_credit(cast, other, 1_000_000)
    foreign = order(cast.salesperson, other, {product: 2})
    page = shop.post("/order/", words(product, form_key=foreign.key)).content.decode()
    assert foreign.number not in page
    assert Order.objects.count() == 1


@pytest.mark.parametrize("quantity", ["-1", "1.5", "NaN", "1e9", "半箱", "99999999999", "×"])
def test_what_is_no_quantity_is_said_at_its_line_and_kept(product: Product, shop: Client, quantity: str) -> None:
    answer = shop.post("/order/", words(product, quantity))
    page = answer.content.decode()
    assert (answer.status_code, Order.objects.exists()) == (422, False)
    assert "尚未下单" in page
    assert f'value="{quantity}"' in page


def test_nought_and_nothing_leave_a_line_out(product: Product, shop: Client) -> None:
    assert "至少" in shop.post("/order/", words(product, "0")).content.decode()
    assert "至少" in shop.post("/order/", words(product, "")).content.decode()


def test_the_verdict_is_in_words_for_them(cast: Cast, customer: Customer, product: Product, shop: Client) -> None:
    Cap.objects.create(customer=customer, product=product, starts_on=today(), ends_on=today() + timedelta(days=6), quantity=10)
    assert "10" in told(shop, "/products/?q=松涛")
    refused = shop.post("/order/", words(product, 12))
    page = refused.content.decode()
    assert (refused.status_code, "本期您还可订" in page, "该客户" in page) == (422, True, False)
    give_credit(cast, customer, 20_000)
    assert "信用额度" in shop.post("/order/", words(product, 5)).content.decode()
    assert not Order.objects.exists()


def test_a_licence_that_ended_yesterday_lets_see_and_not_order(cast: Cast, customer: Customer, product: Product, shop: Client) -> None:
    change(customer, cast.salesperson, licence_ends_on=today())
    assert shop.post("/order/", words(product)).status_code == 302  # its last day is a day on which it holds
    Customer.objects.filter(pk=customer.pk).update(licence_ends_on=today() - timedelta(days=1))
    for address in ("/", "/products/", "/order/"):
        assert "许可证已于" in told(shop, address)
    answer = shop.post("/order/", words(product))
    assert (answer.status_code, "许可证已于" in answer.content.decode()) == (422, True)
    assert Order.objects.count() == 1
    assert Order.objects.get().number in told(shop, "/orders/")


def test_merged_while_signed_in_they_order_for_the_file_that_stays(cast: Cast, customer: Customer, product: Product, shop: Client) -> None:
    shop.post("/order/", words(product))
    stays = make_customer(customer.portfolio, cast.admin, "红星路金穗烟酒总店", numbers=["0731-85551111"])
    give_credit(cast, stays, 1_000_000)
    merge_customers(stays, customer, actor=fresh(cast.admin))
    assert shop.post("/order/", words(product)).status_code == 302
    assert set(Order.objects.values_list("customer", flat=True)) == {customer.pk, stays.pk}
    assert told(shop, "/orders/").count("/orders/") >= 2
    for placed in Order.objects.all():
        assert placed.number in told(shop, f"/orders/{placed.key}/")


def test_an_order_taken_inside_shows_with_its_deliveries_and_bills(cast: Cast, customer: Customer, product: Product, shop: Client) -> None:
    placed = order(cast.salesperson, customer, {product: 4})
    deliver_order(placed, actor=fresh(cast.admin), quantities={line.pk: 3 for line in placed.lines.all()}, key=uuid4())
    page = told(shop, f"/orders/{placed.key}/")
    assert "457.50" in page  # what was delivered, and is owed
    assert cast.salesperson.name not in page
    assert "457.50" in told(shop, "/due/")
    assert "457.50" in told(shop, "/")


def test_a_question_has_its_clock_and_answer_and_nothing_from_inside(cast: Cast, customer: Customer, shop: Client) -> None:
    answer = shop.post("/help/ask/", {"kind": "supply", "text": "典藏什么时候到？", "form_key": uuid4()})
    assert answer.status_code == 302
    asked = Request.objects.get()
    assert (asked.customer, asked.owner, asked.noted_by.name, asked.channel) == (customer, cast.salesperson, "李秀兰", "page")
    work_inside()
    assert Notification.objects.get(kind="service.handed").recipient == cast.salesperson
    work_on_request(asked, actor=fresh(cast.salesperson), text="内部：这家老欠款")
    answer_request(asked, actor=fresh(cast.salesperson), text="周四到货。")
    address = told(shop, "/help/").split('href="/help/questions/')[1].split('"')[0]
    page = told(shop, f"/help/questions/{address}")
    assert "周四到货" in page
    assert "老欠款" not in page


def test_a_complaint_with_a_picture_is_seen_through(cast: Cast, customer: Customer, product: Product, shop: Client) -> None:
    placed = order(cast.salesperson, customer, {product: 4})
    deliver_order(placed, actor=fresh(cast.admin), quantities={line.pk: 4 for line in placed.lines.all()}, key=uuid4())
    key = told(shop, f"/orders/{placed.key}/").split("/help/complain/?line=")[1].split('"')[0]
    assert f'value="{key}" selected' in told(shop, f"/help/complain/?line={key}")
    picture = SimpleUploadedFile("受潮.png", png(), content_type="image/png")
    sent = {"line": key, "quantity": 2, "fault": "mould", "text": "两条受潮。", "pictures": [picture], "form_key": uuid4()}
    assert shop.post("/help/complain/", sent).status_code == 302
    made = Objection.objects.get()
    assert (made.kind, made.customer, made.quantity, made.owner, made.channel) == ("quality", customer, 2, cast.salesperson, "page")
    [attachment] = Attachment.objects.all()
    page = told(shop, told(shop, "/help/").split('href="/help/complaints/')[1].split('"')[0].join(("/help/complaints/", "")))
    assert "受潮.png" in page
    served = shop.get(f"/files/{attachment.pk}/")
    assert (served.status_code, served["X-Content-Type-Options"], served["Cache-Control"]) == (200, "nosniff", "private, no-store")
    again = shop.post("/help/complain/", sent | {"quantity": 3, "pictures": [], "form_key": uuid4()})
    assert (again.status_code, "最多" in again.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("坏.png", b"MZ\x90\x00" * 300, ""), ("说明.txt", "不是照片".encode(), "照片"), ("空.png", b"", "空")],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(shop: Client, name: str, content: bytes, said: str) -> None:
    file = SimpleUploadedFile(name, content, content_type="image/png")
    answer = shop.post("/help/complain/", {"fault": "other", "text": "见照片", "pictures": [file], "form_key": uuid4()})
    page = answer.content.decode()
    assert (answer.status_code, said in page, "见照片" in page) == (422, True, True)
    assert not Objection.objects.exists()
    assert not Attachment.objects.exists()


def test_two_gigabytes_are_refused_by_their_length(account: Account, shop: Client) -> None:
    """Nothing of it is read: there is nothing behind the length here."""
    answer = shop.generic("POST", "/help/complain/", b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(2 * 2**30))
    assert (answer.status_code, "20 MB" in answer.content.decode()) == (413, True)
    stranger = Client().generic("POST", "/sign-in/", b"x", content_type="application/x-www-form-urlencoded", CONTENT_LENGTH=str(2**20))
    assert stranger.status_code == 413


def test_a_picture_of_twenty_one_megabytes_is_a_sentence(shop: Client) -> None:
    file = SimpleUploadedFile("大.png", png() + b"\0" * (21 * 10**6), content_type="image/png")
    answer = shop.post("/help/complain/", {"fault": "other", "text": "见照片", "pictures": [file], "form_key": uuid4()})
    assert (answer.status_code, "超过 20 MB" in answer.content.decode()) == (422, True)
    assert not Attachment.objects.exists()


def test_a_stranger_finds_what_is_released_and_is_limited(product: Product, shop: Client) -> None:
    stranger = Client(REMOTE_ADDR="192.0.2.77")
    for asked in ("songtao", "st", "4301119", "松涛"):
        page = stranger.get("/products/", {"q": asked}).content.decode()
        assert "松涛（典藏）" in page
        assert "152.50" not in page
    codes = [stranger.get("/products/").status_code for _turn in range(40)]
    assert codes.count(200) == 26
    assert codes[-1] == 429
    assert Client(REMOTE_ADDR="192.0.2.78").get("/products/").status_code == 200
    assert "152.50" in told(shop, "/products/?q=songtao")


def test_language_and_theme_are_kept_by_the_browser(shop: Client) -> None:
    shop.post("/look/", {"name": "language", "value": "en", "next": "/orders/"})
    shop.post("/look/", {"name": "theme", "value": "dark"})
    page = told(shop, "/orders/")
    assert 'lang="en"' in page
    assert 'data-theme="dark"' in page
    assert shop.post("/look/", {"name": "theme", "value": "<b>"}).status_code == 400
