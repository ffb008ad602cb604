"""What a customer takes back or says to an answer by themselves: an order cancelled or asked to be, more on a request, the word on a complaint."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.extranet.models import Account
from crm.extranet.tokens import thing_key
from crm.orders.models import CreditAccount, Order
from crm.orders.services.handling import deliver_order
from crm.service.capabilities import DIAGNOSE, JUDGE
from crm.service.errors import ServiceError
from crm.service.models import Objection, Request
from crm.service.services.objections import close_objection, diagnose_objection, judge_objection, note_objection
from crm.service.services.requests import answer_request, note_request, solve_request, wait_for_customer
from crm.service.services.words import say_on_request, say_word, thank_for_request
from portal.notifications.models import Notification
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.dealing import give_credit, order
from tests.crm.goods import let, make_prices, make_product, make_warehouse, receive
from tests.crm.outside import browser_of, make_account, outside, work_inside
from tests.crm.writing import fresh, make_customer


@pytest.fixture
def product(cast: Cast) -> Product:
    made = make_product(cast)
    make_prices(cast, {made: 15_250})
    receive(cast, made, make_warehouse(), 100)
    return made


@pytest.fixture
def account(cast: Cast, customer: Customer) -> Account:
    give_credit(cast, customer, 1_000_000)
    return make_account(customer, cast.salesperson)


@pytest.fixture
def shop(account: Account) -> Iterator[Client]:
    with outside():
        yield browser_of(account)


def reason(text: str = "多订了") -> dict[str, Any]:
    return {"reason": text, "form_key": uuid4()}


def told(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def test_an_order_is_cancelled_with_its_reason_and_told(cast: Cast, customer: Customer, product: Product, shop: Client) -> None:
    placed = order(cast.salesperson, customer, {product: 4}, wanted=today() + timedelta(days=2))
    at = f"/orders/{placed.key}/"
    assert f"{at}cancel/" in told(shop, at)
    assert "取消订单" in told(shop, f"{at}cancel/")
    assert shop.post(f"{at}cancel/", reason("")).status_code == 422
    assert shop.post(f"{at}cancel/", reason())["Location"] == at
    placed.refresh_from_db()
    assert (placed.state, placed.cancelled_because) == ("cancelled", "多订了")
    assert CreditAccount.objects.get(customer=customer).promised == 0
    page = told(shop, at)
    assert ("多订了" in page, f"{at}cancel/" in page) == (True, False)
    again = shop.post(f"{at}cancel/", reason("再取消一次"))
    assert (again.status_code, "再取消一次" in again.content.decode()) == (422, True)
    work_inside()
    bell = Notification.objects.get(kind="extranet.cancelled")
    assert (bell.recipient, bell.url) == (cast.salesperson, f"/crm/orders/{placed.pk}/")


def test_what_may_be_on_its_way_is_asked_for(cast: Cast, customer: Customer, product: Product, shop: Client) -> None:
    placed, partly = (order(cast.salesperson, customer, {product: 4}) for _number in range(2))
    Order.objects.update(placed_at=timezone.now() - timedelta(hours=2))
    deliver_order(partly, actor=fresh(cast.admin), quantities={partly.lines.get().pk: 1}, key=uuid4())
    for one in (placed, partly):
        assert "申请取消" in told(shop, f"/orders/{one.key}/")
        assert shop.post(f"/orders/{one.key}/cancel/", reason("店里装修")).status_code == 302
        one.refresh_from_db()
        assert one.is_open
        asked = Request.objects.get(text__contains=one.number)
        assert ("店里装修" in asked.text, asked.owner, asked.customer) == (True, cast.salesperson, customer)
    done = order(cast.salesperson, customer, {product: 1})
    deliver_order(done, actor=fresh(cast.admin), quantities={done.lines.get().pk: 1}, key=uuid4())
    assert shop.post(f"/orders/{done.key}/cancel/", reason()).status_code == 422
    assert Request.objects.count() == 2


def test_in_the_first_hour_an_order_for_today_is_theirs_to_cancel(cast: Cast, customer: Customer, product: Product, shop: Client) -> None:
    placed = order(cast.salesperson, customer, {product: 4})
    shop.post(f"/orders/{placed.key}/cancel/", reason())
    placed.refresh_from_db()
    assert placed.state == "cancelled"


@pytest.fixture
def asked(cast: Cast, customer: Customer, account: Account) -> Request:
    return note_request(actor=account.user, kind="supply", channel="page", text="典藏什么时候到？", customer=customer, owner=cast.salesperson)


def test_what_is_solved_is_thanked_for_once_or_taken_up_again(cast: Cast, asked: Request, shop: Client) -> None:
    at = f"/help/questions/{thing_key('request', asked.pk)}/"
    assert "thanks/" not in told(shop, at)
    shop.post(f"{at}thanks/")
    assert asked.events.count() == 1
    solve_request(asked, actor=fresh(cast.salesperson), text="周四到货。")
    assert "thanks/" in told(shop, at)
    for _press in range(2):
        assert shop.post(f"{at}thanks/")["Location"] == at
    assert asked.events.filter(kind="worked").count() == 1
    assert "thanks/" not in told(shop, at)
    assert shop.post(f"{at}more/", {"text": "周五了还没到", "form_key": uuid4()})["Location"] == at
    asked.refresh_from_db()
    assert (asked.state, asked.round, asked.answered_at) == ("open", 2, None)
    assert "周五了还没到" in told(shop, at)
    work_inside()
    assert set(Notification.objects.filter(kind="service.said").values_list("recipient__name", flat=True)) == {cast.salesperson.name}
    solve_request(asked, actor=fresh(cast.salesperson), text="已送达。")
    assert "thanks/" in told(shop, at)


def test_what_waits_for_the_customer_goes_on_when_they_answer(cast: Cast, asked: Request, shop: Client) -> None:
    at = f"/help/questions/{thing_key('request', asked.pk)}/"
    answer_request(asked, actor=fresh(cast.salesperson), text="您要几条？")
    wait_for_customer(asked, actor=fresh(cast.salesperson), reason="等店主报数")
    assert shop.post(f"{at}more/", {"text": " ", "form_key": uuid4()}).status_code == 422
    shop.post(f"{at}more/", {"text": "十条", "form_key": uuid4()})
    asked.refresh_from_db()
    assert (asked.state, asked.pauses.filter(ends_at__isnull=True).exists()) == ("open", False)
    shop.post(f"{at}more/", {"text": "改成八条", "form_key": uuid4()})
    page = told(shop, at)
    assert ("十条" in page, "改成八条" in page, "李秀兰" in page) == (True, True, True)


def decided(cast: Cast, account: Account, result: str = "valid") -> Objection:
    made = note_objection(
        actor=account.user, customer=account.customer, kind="complaint", fault="manner", text="送货员态度差", channel="page", owner=cast.salesperson
    )
    diagnose_objection(made, actor=let(cast.inspector, DIAGNOSE, cast.admin), text="属实")
    return judge_objection(made, actor=let(cast.head, JUDGE, cast.admin), result=result, cause="service", text="已处理")


def word(content: str, text: str = "") -> dict[str, Any]:
    return {"is_content": content, "text": text, "form_key": uuid4()}


def test_content_it_closes_or_waits_for_the_gift_that_is_owed(cast: Cast, account: Account, shop: Client) -> None:
    owed, not_owed = decided(cast, account), decided(cast, account, result="invalid")
    for one, state in ((owed, "word"), (not_owed, "closed")):
        at = f"/help/complaints/{thing_key('objection', one.pk)}/"
        assert f"{at}word/" in told(shop, at)
        assert shop.post(f"{at}word/", word("yes", "可以"))["Location"] == at
        one.refresh_from_db()
        assert (one.state, one.is_content) == (state, True)
    assert "word/" not in told(shop, f"/help/complaints/{thing_key('objection', owed.pk)}/")
    assert owed.steps.get(done_at__isnull=True).text == "可以"
    assert close_objection(owed, actor=fresh(cast.inspector), text="可以", is_content=True, gift="台历").state == "closed"


def test_not_content_it_is_diagnosed_and_judged_anew_within_a_month(cast: Cast, account: Account, shop: Client) -> None:
    made = decided(cast, account, result="invalid")
    at = f"/help/complaints/{thing_key('objection', made.pk)}/word/"
    assert shop.post(at, word("no")).status_code == 422
    assert shop.post(at, word("")).status_code == 422
    assert shop.post(at, word("no", "没有人来过")).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.result, made.is_content) == ("diagnosis", "", None)
    assert made.steps.filter(done_at__isnull=True).get().why == "没有人来过"
    assert shop.post(at, word("no", "太慢")).status_code == 422  # it is not decided
    diagnose_objection(made, actor=fresh(cast.inspector), text="再查")
    judge_objection(made, actor=fresh(cast.head), result="invalid", cause="unknown", text="不属实")
    assert shop.post(at, word("yes")).status_code == 302
    assert shop.post(at, word("no", "还是不行")).status_code == 302  # closed today
    Objection.objects.filter(pk=made.pk).update(state="word", judged_at=timezone.now(), judged_by=cast.head, result="invalid")
    Objection.objects.filter(pk=made.pk).update(state="closed", closed_at=timezone.now() - timedelta(days=40), is_content=True, due_at=None)
    assert shop.post(at, word("no", "又想起来了")).status_code == 422
    assert "word/" not in told(shop, at.removesuffix("word/"))


def test_nobody_else_speaks_for_them(cast: Cast, customer: Customer, account: Account, asked: Request) -> None:
    other = make_customer(customer.portfolio, cast.salesperson, "城北副食店", numbers=["0731-85550000"])
    stranger = make_account(other, cast.salesperson, "王强", "13900000001")
    made = decided(cast, account)
    for actor in (stranger.user, fresh(cast.salesperson), fresh(cast.admin)):
        with pytest.raises(ServiceError):
            say_on_request(asked, actor=actor, text="冒名")
        with pytest.raises(ServiceError):
            thank_for_request(asked, actor=actor)
        with pytest.raises(ServiceError):
            say_word(made, actor=actor, is_content=True, text="冒名")
