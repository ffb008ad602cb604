"""Two customers, every address of their site, each key of the other: nothing is found (S10), nothing is kept in a cache (S13), looking writes nothing (S33)."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bulletin.models import Notice
from bulletin.services.boards import board_of
from crm.customers.models import Customer
from crm.extranet.models import Account, Invitation
from crm.extranet.tokens import invitation_token, thing_key
from crm.marketing.models import MarketNote
from crm.orders.models import Order
from crm.orders.services.accounts import book_payment
from crm.orders.services.handling import deliver_order
from crm.service.models import Objection, Request
from crm.surveys.models import Invitation as SurveyInvitation
from crm.surveys.models import Survey
from portal.attachments.models import Attachment
from portal.attachments.services import receive_file
from portal.organization.querysets import today
from tests.attachments.samples import png
from tests.bulletin.writing import audience, write
from tests.cast import Cast
from tests.crm.dealing import give_credit
from tests.crm.goods import make_prices, make_product, make_warehouse, receive
from tests.crm.outside import browser_of, make_account, outside
from tests.crm.surveying import canteen, publish
from tests.crm.writing import fresh, make_customer
from tests.permissions.test_addresses import written_tables

OPEN = {"sign_in", "join", "survey_by_link", "look_change", "products", "favicon", "robots"}
POSTS = {"sign_out", "request_thanks", "look_change", "others_end", "person_end", "invitation_end"}
SEEN = {"extranet_signin", "extranet_account"}  # that somebody was there, every ten minutes


def names(patterns: list[Any] | None = None, namespace: str = "") -> Iterator[str]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            assert pattern.name
            yield f"{namespace}{pattern.name}"


def make_firm(cast: Cast, portfolio: Any, product: Any, name: str, login: str, phone: str) -> Account:
    """A shop that has one of everything, all of it with the shop's own words in it."""
    customer: Customer = make_customer(portfolio, cast.salesperson, name, numbers=[phone])
    give_credit(cast, customer, 10_000_000)
    account = make_account(customer, cast.salesperson, f"{name}店主", login)
    shop = browser_of(account)
    sent = {f"q-{product.code}": 4, "act": "send", "form_key": uuid4(), "remark": f"{name}的备注"}
    assert shop.post("/order/", sent).status_code == 302
    order = Order.objects.get(customer=customer)
    deliver_order(order, actor=fresh(cast.admin), quantities={line.pk: 3 for line in order.lines.all()}, key=uuid4())
    book_payment(customer, actor=fresh(cast.admin), fen=100, came_on=today(), reference=f"{name}汇款", key=uuid4())
    assert shop.post("/help/ask/", {"kind": "supply", "text": f"{name}的问题", "form_key": uuid4()}).status_code == 302
    picture = SimpleUploadedFile(f"{name}.png", png(40, 20 + len(name)), content_type="image/png")
    line = thing_key("line", order.lines.get().pk)
    complaint = {"line": line, "quantity": 1, "fault": "mould", "text": f"{name}的投诉", "pictures": [picture], "form_key": uuid4()}
    assert shop.post("/help/complain/", complaint).status_code == 302
    assert shop.post("/help/market/", {"kind": "price", "text": f"{name}的行情", "form_key": uuid4()}).status_code == 302
    assert shop.post("/people/invite/", {"name": f"{name}店员", "login": f"{login}@shop.cn", "form_key": uuid4()}).status_code == 302
    return account


def things_of(account: Account) -> dict[str, list[str]]:
    """What stands in addresses that lead to what is theirs, by the name of the address."""
    customer = account.customer
    return {
        "order_detail": [str(Order.objects.get(customer=customer).key)],
        "order_cancel": [str(Order.objects.get(customer=customer).key)],
        "request_more": [thing_key("request", Request.objects.get(customer=customer).pk)],
        "request_thanks": [thing_key("request", Request.objects.get(customer=customer).pk)],
        "objection_word": [thing_key("objection", Objection.objects.get(customer=customer).pk)],
        "request_detail": [thing_key("request", Request.objects.get(customer=customer).pk)],
        "objection_detail": [thing_key("objection", Objection.objects.get(customer=customer).pk)],
        "market_detail": [thing_key("market", MarketNote.objects.get(customer=customer).pk)],
        "file": [str(Attachment.objects.get(uploaded_by=account.user).pk)],
        "survey": [SurveyInvitation.objects.get(customer=customer).key],
        "survey_by_link": [Survey.objects.get(whom="everyone").key],
        "person_end": [account.key],
        "invitation_end": [Invitation.objects.get(made_by=account.user).key],
        "reading": [str(Notice.objects.get(title="致全体客户").translation_key)],
        "reading_file": [str(Notice.objects.get(title="致全体客户").file_ids[0])],
        "join": [invitation_token(Invitation.objects.get(made_by=account.user).nonce)],
    }


@pytest.fixture
def firms(cast: Cast, portfolio: Any) -> Iterator[list[Account]]:
    product = make_product(cast)
    make_prices(cast, {product: 15_250})
    receive(cast, product, make_warehouse(), 100)
    file = receive_file(actor=cast.head, name="配送日历.png", content=BytesIO(png(40, 18)))
    write(board_of(cast.quality), cast.head, title="致全体客户", audience=audience("customers"), file_ids=[file.pk])
    with outside():
        made = [
            make_firm(cast, portfolio, product, "甲福满名烟", "13807310001", "0731-85550001"),
            make_firm(cast, portfolio, product, "乙兴旺便利", "13807310002", "0731-85550002"),
        ]
        for whom in ("customers", "everyone"):
            publish(cast, canteen(cast, title="满意度", whom=whom))
        yield made


def own_addresses(account: Account) -> list[str]:
    """Every address that is looked at, with their own keys."""
    things, found = things_of(account), []
    for name in names():
        short = name.removeprefix("extranet:")
        if short not in POSTS:
            found += [reverse(name, args=[key]) for key in things[short]] if short in things else [reverse(name)]
    return found


def test_with_every_key_of_the_other_nothing_is_found(firms: list[Account]) -> None:
    for mine, other in (firms, firms[::-1]):
        shop, words = browser_of(mine), other.customer.name
        unknown = {"order_detail": str(uuid4()), "order_cancel": str(uuid4()), "file": str(uuid4())}
        for short, keys in things_of(other).items():
            if short in ("join", "survey_by_link", "reading", "reading_file"):
                continue  # whoever has a link and the number is meant, or everybody is
            for key in keys:
                ask = shop.post if short in POSTS else shop.get
                theirs = ask(reverse(f"extranet:{short}", args=[key]))
                nothing = ask(reverse(f"extranet:{short}", args=[unknown.get(short, "0" * 24)]))
                assert (theirs.status_code, nothing.status_code) == (404, 404), short
                assert _plain(theirs) == _plain(nothing), short
        own = [answer for address in own_addresses(mine) if (answer := shop.get(address)).status_code == 200]
        assert len(own) > 15
        for answer in own:
            if not answer.streaming:
                assert words not in answer.content.decode(), answer.request["PATH_INFO"]
                assert other.login not in answer.content.decode()
    assert Account.objects.active().count() == 2


def _plain(answer: Any) -> str:
    """Without what each page gets anew, and without its own address."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return re.sub(r'name="next" value="[^"]+"', "", text)


def test_a_line_of_another_is_no_choice_of_a_complaint(firms: list[Account]) -> None:
    shop, line = browser_of(firms[0]), Order.objects.get(customer=firms[1].customer).lines.get()
    sent = {"line": thing_key("line", line.pk), "quantity": 1, "fault": "mould", "text": "他店的货", "form_key": uuid4()}
    assert shop.post("/help/complain/", sent).status_code == 422
    assert shop.post("/help/complain/", sent | {"line": str(line.pk)}).status_code == 422
    assert not Objection.objects.filter(text="他店的货").exists()


def test_no_address_has_a_number_and_no_page_is_kept_or_written_by_looking(firms: list[Account]) -> None:
    shop = browser_of(firms[0])
    for address in own_addresses(firms[0]):
        with written_tables() as tables:
            answer = shop.get(address)
        assert answer["Cache-Control"] == "private, no-store", address
        assert "Cookie" in answer["Vary"]
        assert tables - SEEN == set(), address
        if not answer.streaming:
            for href in re.findall(r'(?:href|action)="(/[^"]*)"', answer.content.decode()):
                assert not re.search(r"/\d+/", href), (address, href)


def test_a_careless_cache_hands_no_page_on(firms: list[Account]) -> None:
    """A proxy that keeps whatever it may, by the address alone."""
    kept: dict[str, bytes] = {}

    def through(client: Client, address: str) -> bytes:
        if address not in kept:
            answer = client.get(address)
            control = answer.get("Cache-Control", "")
            if "no-store" in control or "private" in control:
                return bytes(answer.content)
            kept[address] = answer.content
        return kept[address]

    first, second = (browser_of(account) for account in firms)
    for address in ("/", "/orders/", "/due/", "/help/", "/people/", "/products/", "/order/"):
        assert through(first, address) != through(second, address)
        assert firms[0].customer.name not in through(second, address).decode()
    assert kept == {}


def test_a_stranger_sees_nothing_but_what_is_open(firms: list[Account]) -> None:
    stranger = Client(REMOTE_ADDR="192.0.2.55")
    things = things_of(firms[0])
    for name in names():
        short = name.removeprefix("extranet:")
        url = reverse(name, args=things.get(short, []))
        answers = [stranger.get(url), stranger.post(url)]
        if short in OPEN:
            assert firms[0].customer.name not in answers[0].content.decode() or short == "join"
            continue
        for answer in answers:
            assert answer.status_code in {302, 405}, (name, answer.status_code)
            if answer.status_code == 302:
                assert answer["Location"].startswith("/sign-in/"), name


def test_the_two_faces_know_nothing_of_each_other(firms: list[Account]) -> None:
    for address in ("/crm/customers/", "/accounts/sign-in/", "/administration/record/", "/files/", "/lists/", "/editor/", "/live/", "/readyz"):
        assert Client().get(address).status_code == 404
    assert Client().get("/healthz").status_code == 200
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} == {"gongfang_customers", "gongfang_customers_csrf"}
    assert not any("templates" in str(folder).split("/")[-1:] and "forms" not in str(folder) for folder in settings.TEMPLATES[0]["DIRS"])


def test_the_intranet_has_none_of_their_addresses(db: None) -> None:
    for address in ("/sign-in/", "/orders/", "/help/", "/join/abc/", "/people/"):
        assert Client().get(address).status_code == 404
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} == {"gongfang_session", "gongfang_csrf"}


def test_a_form_without_its_token_is_refused(firms: list[Account]) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser_of(firms[0]).cookies
    answer = strict.post("/help/ask/", {"kind": "supply", "text": "伪造", "form_key": uuid4()})
    assert (answer.status_code, "页面已过期" in answer.content.decode()) == (403, True)
    assert not Request.objects.filter(text="伪造").exists()
