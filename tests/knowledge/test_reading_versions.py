"""Which version a reader is shown, which they may confirm, and what the page says of one that is not for them."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from knowledge.models import Policy
from knowledge.services.grants import grant_reading
from knowledge.services.policies import repeal_policy, withdraw_version
from portal.access.policies import can, viewers_of, visible_to
from portal.attachments.services import receive_file
from portal.confirmations.models import Confirmation
from portal.foundation.errors import PortalError
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.cast import Cast
from tests.knowledge.rules import ALARM, CONTROL, KEEPING, articles, leader_duty, new_version, noon_in, published
from tests.knowledge.writing import audience, fresh
from tests.search.indexing import settle, start_afresh

pytestmark = pytest.mark.django_db
THREE = CONTROL.replace("两次", "三次，间隔不少于三小时")
SOON = timedelta(days=9)


def text_of(client_for, person, policy: Policy, query: str = "") -> str:
    return client_for(person).get(f"{policy.get_absolute_url()}{query}").content.decode()


def test_a_version_in_force_that_was_for_fewer_is_named_and_not_shown(client_for, cast: Cast) -> None:
    policy = published(cast, body=articles(CONTROL), audience=audience(f"dept:{cast.quality.pk}+"))
    new_version(cast, policy, body=articles(THREE), audience=audience("all"), effective_on=today() + SOON)
    page = text_of(client_for, cast.operator, policy)
    assert "阅读范围不含您" in page
    assert "三次" in page
    assert "两次" not in page
    assert "没有施行中的版本" not in page
    past = text_of(client_for, cast.operator, policy, f"?day={today() + timedelta(days=1)}")
    assert "正文不予显示" in past
    assert "两次" not in past
    assert "阅读范围不含您" not in text_of(client_for, cast.inspector, policy)
    found = client_for(cast.operator).get("/knowledge/policies/").content.decode()
    assert today().strftime("%m-%d") in found, "the register says which version is in force, and from when"


def test_the_version_in_force_is_confirmed_while_the_next_is_out_already(client_for, cast: Cast) -> None:
    policy = published(cast, body=articles(CONTROL), needs_confirmation=True)
    new_version(cast, policy, body=articles(THREE), effective_on=today() + SOON, asks_anew=True)
    reader = client_for(cast.operator)
    address = f"{policy.get_absolute_url()}confirmation/"
    assert 'name="version" value="1"' in text_of(client_for, cast.operator, policy)
    assert reader.post(address, {"version": 1}).status_code == 302
    assert "请确认" not in text_of(client_for, cast.operator, policy)
    assert 'name="version" value="2"' in text_of(client_for, cast.operator, policy, "?version=2"), "the next one asks anew"
    assert reader.post(address, {"version": 2}).status_code == 302
    assert list(Confirmation.objects.of(policy).by(cast.operator).order_by("number").values_list("number", flat=True)) == [1, 2]
    with time_machine.travel(timezone.now() + SOON, tick=False):
        client_for(cast.salesperson).post(address, {"version": 1})
        assert not Confirmation.objects.of(policy).by(cast.salesperson).exists(), "what is not in force any more is not confirmed"


def test_a_version_in_force_for_fewer_is_not_confirmed_by_others(client_for, cast: Cast) -> None:
    policy = published(cast, body=articles(CONTROL), needs_confirmation=True, audience=audience(f"dept:{cast.quality.pk}+"))
    new_version(cast, policy, body=articles(THREE), audience=audience("all"), effective_on=today() + SOON)
    client_for(cast.operator).post(f"{policy.get_absolute_url()}confirmation/", {"version": 1})
    assert not Confirmation.objects.by(cast.operator).exists()
    client_for(cast.inspector).post(f"{policy.get_absolute_url()}confirmation/", {"version": 1})
    assert Confirmation.objects.by(cast.inspector).count() == 1


def test_the_page_of_a_closed_policy_says_its_state_and_whom_to_ask(client_for, cast: Cast) -> None:
    own = audience(f"dept:{cast.quality.pk}+")
    led = published(cast, title="内控标准", audience=own, leader=leader_duty(cast, cast.director))
    unled = published(cast, title="检验细则", audience=own)
    assert "分管质量的副厂长" in text_of(client_for, cast.operator, led)
    page = text_of(client_for, cast.operator, unled)
    assert "未设分管领导" in page
    assert "申请查阅" not in page
    new = published(cast, title="检验规程", audience=own, repeals=[unled.pk])
    hidden = published(cast, title="暗中代替", audience=own, is_listed=False)
    assert new.get_absolute_url() in text_of(client_for, cast.operator, unled)
    repeal_policy(led, effective_on=today(), replaced_by=hidden, reason="内部原因", actor=fresh(cast.head))
    page = text_of(client_for, cast.operator, led)
    assert "已废止" in page
    assert "暗中代替" not in page
    assert "内部原因" not in page


def test_what_was_taken_back_is_compared_by_those_in_charge_alone(client_for, cast: Cast) -> None:
    policy = published(cast, body=articles(CONTROL, KEEPING))
    new_version(cast, policy, body=articles(THREE, KEEPING), effective_on=today() + SOON)
    address = f"{policy.get_absolute_url()}comparison/1/2/"
    assert client_for(cast.operator).get(address).status_code == 200
    withdraw_version(policy.versions.get(number=2), reason="误发", actor=fresh(cast.head))
    assert client_for(cast.operator).get(address).status_code == 302
    assert client_for(cast.head).get(address).status_code == 200


def test_a_grant_opens_no_version_above_ones_clearance(client_for, cast: Cast) -> None:
    policy = published(cast, body=articles(CONTROL), audience=audience(f"dept:{cast.quality.pk}+", level=2), leader=leader_duty(cast, cast.director))
    new_version(cast, policy, body=articles(THREE), audience=audience(f"dept:{cast.quality.pk}+"), effective_on=today() + SOON)
    grant_reading(policy, actor=fresh(cast.director), person=cast.operator, starts_on=today(), ends_on=today(), reason="审计")
    page = text_of(client_for, cast.operator, policy)
    assert "三次" in page
    assert "两次" not in page
    assert client_for(cast.operator).get(f"{policy.get_absolute_url()}comparison/1/2/").status_code == 403


def test_the_comparison_table_goes_out_as_a_sheet(client_for, cast: Cast) -> None:
    policy = published(cast, body=articles(CONTROL, ALARM, KEEPING))
    new_version(cast, policy, body=articles(THREE, KEEPING, "=1+1 由保管员签字。"), effective_on=today() + SOON)
    address = f"{policy.get_absolute_url()}comparison/1/2/"
    page = client_for(cast.operator).get(address).content.decode()
    assert "修订对照表" in page
    assert "打印件不受控" in page
    answer = client_for(cast.operator).get(f"{address}?export=xlsx&show=all")
    assert str(policy.number) in answer["Content-Disposition"]
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    assert rows[0][1].startswith("原条款")
    assert [row[3] for row in rows[1:]] == ["修改", "删除", "仅重新编号", "新增"]
    assert rows[1][1] == f"第一条　{CONTROL}"
    assert rows[1][2] == f"第一条　{THREE}"
    assert client_for(cast.operator).get(f"{address}?export=csv").status_code == 200


def test_in_force_anew_from_the_day_it_was_given(client_for, cast: Cast) -> None:
    policy = published(cast, body=articles(CONTROL))
    new_version(cast, policy, body=articles(THREE), effective_on=today() + SOON)
    assert timezone.localdate() == today()
    page = client_for(cast.operator).get("/knowledge/policies/").content.decode()
    assert (today() + SOON).strftime("%m-%d") not in page, "what is to come does not stand as what is in force"


def test_who_reads_what_is_in_force_reads_it_until_a_narrower_version_takes_effect(client_for, cast: Cast) -> None:
    """Page, register, search, files, the rule itself: today's readers keep today's text and see nothing of the next one; on its day they are out."""
    start_afresh()
    own, files = audience(f"dept:{cast.quality.pk}+"), [receive_file(actor=fresh(cast.head), name=f"附件{n}.txt", content=BytesIO(b"x" * n)).pk for n in (1, 2)]
    policy = published(cast, title="垛温管理办法", body=articles(CONTROL), is_listed=False, file_ids=files[:1])
    new_version(cast, policy, title="密令", body=articles(THREE), audience=own, effective_on=today() + SOON, file_ids=files[1:])
    settle()
    policy.refresh_from_db()

    def found(person) -> tuple[int, int, bool, bool, bool, int, int]:
        browser = client_for(person)
        page, register = browser.get(policy.get_absolute_url()), browser.get("/knowledge/policies/").content.decode()
        pages = "".join(browser.get(policy.get_absolute_url() + query).content.decode() for query in ("", "?version=2", f"?day={today() + SOON}"))
        results = browser.get("/search/?q=垛温管理办法").content.decode()
        assert can(fresh(person), "view", policy) is (page.status_code == 200) is visible_to(Policy, fresh(person)).filter(pk=policy.pk).exists()
        assert viewers_of(policy).filter(pk=person.pk).exists() is (page.status_code == 200)
        opened = [browser.get(reverse("attachments:file", args=[pk])).status_code for pk in files]
        is_listed, is_found = (policy.get_absolute_url() in text for text in (register, results))
        return page.status_code, is_listed, "密令" in pages + register + results, "三次" in pages, is_found, *opened

    assert found(cast.operator) == (200, True, False, False, True, 200, 404)
    assert found(cast.inspector) == (200, True, True, True, True, 200, 200)
    assert "附件1.txt" in client_for(cast.operator).get(policy.get_absolute_url()).content.decode()
    with time_machine.travel(timezone.now() + SOON, tick=False):
        drain()
        settle()
        assert found(cast.operator) == (404, False, False, False, False, 404, 404)
        assert found(cast.inspector)[0] == 200


def test_what_is_in_force_is_corrected_while_the_next_version_is_out(client_for, cast: Cast) -> None:
    """The correction takes its place, and the next version takes effect on its day all the same, with its own readers."""
    policy = published(cast, body=articles(CONTROL))
    new_version(cast, policy, body=articles(THREE), audience=audience(f"dept:{cast.quality.pk}+"), effective_on=today() + SOON)
    new_version(cast, policy, body=articles(ALARM), audience=audience("all"), effective_on=today())
    page = text_of(client_for, cast.operator, policy)
    assert "垛温升高" in page
    assert "两次" not in page
    assert "已发布新版本，尚未施行" in text_of(client_for, cast.inspector, policy)
    with time_machine.travel(noon_in(SOON), tick=False):
        drain()
        assert "三次" in text_of(client_for, cast.inspector, policy)
        assert client_for(cast.operator).get(policy.get_absolute_url()).status_code == 403
        assert Notification.objects.filter(kind="knowledge.policy_effective", recipient=cast.inspector).count() == 1


def test_what_is_in_force_is_not_corrected_while_the_next_version_asks_for_confirmation(cast: Cast) -> None:
    """To confirm the correction would be to confirm what one has not read."""
    policy = published(cast, body=articles(CONTROL), needs_confirmation=True)
    new_version(cast, policy, body=articles(THREE), effective_on=today() + SOON, asks_anew=True)
    with pytest.raises(PortalError, match="请先撤回"):
        new_version(cast, policy, body=articles(ALARM), effective_on=today())
    withdraw_version(policy.versions.get(number=2), reason="先更正现行版本", actor=fresh(cast.head))
    new_version(cast, policy, body=articles(CONTROL, ALARM), effective_on=today())
    new_version(cast, policy, body=articles(THREE, ALARM), effective_on=today() + SOON)
    assert list(policy.versions.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]


def test_readers_of_a_version_that_was_taken_back_are_readers_no_longer(client_for, cast: Cast) -> None:
    policy = published(cast, body=articles(CONTROL))
    new_version(cast, policy, body=articles(THREE), audience=audience(f"dept:{cast.quality.pk}+"), effective_on=today() + SOON)
    withdraw_version(policy.versions.get(number=2), reason="误发", actor=fresh(cast.head))
    for days in (timedelta(0), SOON):
        with time_machine.travel(timezone.now() + days, tick=False):
            assert "两次" in text_of(client_for, cast.operator, policy)
            assert visible_to(Policy, fresh(cast.operator)).filter(pk=policy.pk).exists()
