"""What is released to customers: it is what the audience says, on their own site alone."""

import io
import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from bulletin.models import Notice
from bulletin.services.boards import board_of
from crm.extranet.views.reading import body_outside
from knowledge.models import Article
from portal.access.models import Audience, AudienceGroup
from portal.access.policies import viewers_of
from portal.access.rules import AudienceRule, group_token
from portal.access.standings import refresh_standings
from portal.access.visibility import audience_ids_of, audience_ids_of_customers, reaches_customers
from portal.attachments.services import receive_file
from portal.discussion.services import post_comment
from portal.notifications.models import Notification
from portal.pages.released import released_kinds
from portal.pages.services import retract_page
from tests.attachments.samples import png
from tests.bulletin.writing import correct, write
from tests.cast import Cast
from tests.crm.outside import browser_of, make_account, outside
from tests.crm.writing import fresh
from tests.knowledge.writing import admitted, audience, make_category

RELEASED = ("all", "customers")


@pytest.fixture
def shop(cast: Cast, customer: Any) -> Client:
    account = make_account(customer, cast.salesperson)
    with outside():
        return browser_of(account)


@pytest.fixture
def category(cast: Cast) -> Any:
    return make_category(cast, "营销与零售户")


def article_for(cast: Cast, category: Any, *include: str, **values: Any) -> Article:
    values = {"title": "细支烟怎样陈列", "summary": "三层柜台的摆法", "body": "<p>上层放细支。</p>"} | values
    return admitted(category, cast.inspector, cast.head, department=cast.quality, owner_position=cast.staff_post, audience=audience(*include), **values)


def notice_for(cast: Cast, *include: str, **values: Any) -> Notice:
    return write(board_of(cast.quality), cast.head, audience=audience(*include), **values)


def told(client: Client, address: str) -> str:
    with outside():
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def statuses(client: Client, *addresses: str) -> list[int]:
    with outside():
        return [client.get(address).status_code for address in addresses]


def test_what_is_released_is_listed_read_and_found_and_nothing_else(cast: Cast, category: Any, shop: Client) -> None:
    released = article_for(cast, category, "customers")
    inner = article_for(cast, category, "all", title="内部价格政策", body="<p>不外传。</p>")
    notice = notice_for(cast, *RELEASED, title="国庆期间配送安排", body="<p>十月一日停送。</p>")
    notice_for(cast, "all", title="夜班交接")
    page = told(shop, "/read/")
    assert "细支烟怎样陈列" in page
    assert "三层柜台的摆法" in page
    assert "国庆期间配送安排" in page
    assert "内部价格政策" not in page
    assert "夜班交接" not in page
    assert "上层放细支" in told(shop, f"/read/{released.translation_key}/")
    assert "十月一日停送" in told(shop, f"/read/{notice.translation_key}/")
    assert statuses(shop, f"/read/{inner.translation_key}/", f"/read/{uuid4()}/") == [404, 404]
    found = told(shop, "/read/?q=停送")
    assert ("国庆期间配送安排" in found, "细支烟怎样陈列" in found) == (True, False)
    assert "没有" in told(shop, "/read/?q=不外传")
    only = told(shop, "/read/?kind=knowledge&q=陈列 细支")
    assert ("细支烟怎样陈列" in only, "国庆期间配送安排" in only) == (True, False)


@pytest.mark.parametrize(
    "address", ["/read/?q=%00", "/read/?page=999999999", "/read/?kind=x&page=-3", "/read/?kind=notices&page=7&q=%25", f"/read/?q={'长' * 500}"]
)
def test_odd_questions_are_answered_by_a_list(shop: Client, address: str) -> None:
    assert statuses(shop, address) == [200]


def test_what_is_withdrawn_expired_or_taken_back_from_customers_is_gone(cast: Cast, category: Any, shop: Client) -> None:
    article = article_for(cast, category, *RELEASED)
    expiring, corrected = notice_for(cast, *RELEASED, title="甲"), notice_for(cast, *RELEASED, title="乙")
    addresses = [f"/read/{one.translation_key}/" for one in (article, expiring, corrected)]
    assert statuses(shop, *addresses) == [200, 200, 200]
    retract_page(article, reason="有误", actor=fresh(cast.head))
    Notice.objects.filter(pk=expiring.pk).update(shown_until=timezone.now() - timedelta(seconds=1))
    correct(corrected, cast.head, audience=audience("all"))
    assert statuses(shop, *addresses) == [404, 404, 404]


def test_files_and_pictures_are_those_of_the_text_as_it_stands(cast: Cast, shop: Client) -> None:
    file, picture, other = (
        receive_file(actor=cast.head, name=f"{name}.png", content=io.BytesIO(png(40, size))) for name, size in (("表", 20), ("图", 24), ("旧", 28))
    )
    body = f'<p>见图。<img src="/files/{picture.pk}/picture/" alt="图"> <a href="/knowledge/">内网</a> <a href="https://tobacco.cn/x">外网</a></p>'
    notice = notice_for(cast, *RELEASED, body=body, file_ids=[file.pk, other.pk])
    page = told(shop, f"/read/{notice.translation_key}/")
    assert f"/read/files/{picture.pk}/" in page
    assert "/knowledge/" not in page
    assert 'href="https://tobacco.cn/x"' in page
    addresses = [f"/read/files/{one.pk}/" for one in (file, picture, other)]
    assert statuses(shop, *addresses) == [200, 200, 200]
    correct(notice, cast.head, file_ids=[file.pk])
    assert statuses(shop, *addresses) == [200, 200, 404]
    inner = receive_file(actor=cast.head, name="内部.png", content=io.BytesIO(png(40, 30)))
    notice_for(cast, "all", title="内", file_ids=[inner.pk])
    assert statuses(shop, f"/read/files/{inner.pk}/", f"/read/files/{uuid4()}/") == [404, 404]


def test_a_stranger_signs_in_first(cast: Cast) -> None:
    notice = notice_for(cast, *RELEASED)
    with outside():
        for address in ("/read/", f"/read/{notice.translation_key}/", f"/read/files/{uuid4()}/"):
            assert Client().get(address)["Location"].startswith("/sign-in/")


def test_what_is_for_customers_alone_is_published_though_nobody_inside_is_meant(cast: Cast, shop: Client) -> None:
    notice = notice_for(cast, "customers", title="只给客户")
    assert Notice.objects.get(pk=notice.pk).is_shown
    assert "只给客户" in told(shop, "/read/")


def test_on_the_intranet_a_customer_is_answered_by_no_face(cast: Cast, client_for: Any) -> None:
    file = receive_file(actor=cast.head, name="表.png", content=io.BytesIO(png(40, 20)))
    notice = notice_for(cast, *RELEASED, file_ids=[file.pk])
    comment = post_comment(actor=fresh(cast.head), about=notice, body="请看附件")
    assert viewers_of(notice).filter(pk=cast.customer.pk).exists()
    addresses = [notice.get_absolute_url(), f"/files/{file.pk}/", f"/files/{file.pk}/preview/", f"/discussion/comments/{comment.pk}/", "/notifications/"]
    for person, expected in ((cast.inspector, {200, 302}), (cast.customer, {403, 404})):
        browser = client_for(person)
        for address in addresses:
            assert browser.get(address).status_code in expected, (person, address)
    assert client_for(cast.customer).post("/files/", {}).status_code in {403, 404}
    assert not Notification.objects.filter(recipient__kind="customer", recipient__is_active=False).exists()


def every_rule(group: int) -> Iterator[AudienceRule]:
    for include, exclude, level in itertools.product(
        (["all"], ["customers"], ["all", "customers"], [group_token(group)]), ([], ["customers"], ["all"]), (0, 2)
    ):
        yield AudienceRule.of(include, exclude, level)


def test_released_to_customers_is_the_rule_that_holds_for_a_person_of_that_kind(cast: Cast) -> None:
    group = AudienceGroup.objects.create(name="外部", audience=Audience.objects.for_rule(AudienceRule.of(["customers"])), owner=cast.admin)
    rules = {Audience.objects.for_rule(rule).pk: rule for rule in every_rule(group.pk)}
    refresh_standings()
    expected = set(audience_ids_of(fresh(cast.customer))) & set(rules)
    assert set(audience_ids_of_customers()) & set(rules) == expected
    named = {pk for pk, rule in rules.items() if group_token(group.pk) not in rule.include}
    assert {pk for pk in named if reaches_customers(rules[pk])} == expected & named
    assert 0 < len(expected) < len(rules)


def test_each_kind_is_registered_once_and_has_a_word() -> None:
    assert [kind.code for kind in released_kinds()] == ["notices", "knowledge"]


def test_a_link_into_the_intranet_leaves_its_words() -> None:
    assert body_outside('<p><a href="/x/1/" rel="noopener noreferrer"><strong>甲</strong></a> <a href="tel:6612">乙</a></p>') == (
        '<p><strong>甲</strong> <a href="tel:6612">乙</a></p>'
    )
