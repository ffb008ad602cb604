"""News of the market: sent in by staff and customers, and counts once another has approved it."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from crm.customers.models import Customer
from crm.extranet.tokens import thing_key
from crm.marketing.errors import MarketingError
from crm.marketing.models import MarketNote
from crm.marketing.services.information import judge_news, send_news
from portal.access.policies import can, viewers_of, visible_to
from portal.notifications.models import Notification
from tests.attachments.samples import png
from tests.cast import Cast
from tests.crm.outside import browser_of, make_account, outside, work_inside
from tests.crm.promoting import in_marketing
from tests.crm.writing import fresh, make_customer


def seen_by(note: MarketNote, people: list[Any]) -> list[bool]:
    """Of each, whether they see it; the three answers of the policy agree."""
    found = []
    for person in people:
        user = fresh(person)
        answers = {
            bool(can(user, "view", note)), visible_to(MarketNote, user).filter(pk=note.pk).exists(), viewers_of(note).filter(pk=user.pk).exists()
        }  # fmt: skip
        assert len(answers) == 1, person
        found.append(answers.pop())
    return found


def test_it_is_judged_by_another_and_then_seen_by_all_who_sell(cast: Cast, customer: Customer) -> None:
    keeper = in_marketing(cast, cast.operator)
    note = send_news(actor=fresh(cast.inspector), kind="price", text="岳麓软蓝降到 19 元", place="南门口")
    people = [cast.inspector, keeper, cast.salesperson, cast.head, cast.admin]
    assert seen_by(note, people) == [True, True, False, False, True]
    work_inside()
    assert set(Notification.objects.filter(kind="marketing.news_sent").values_list("recipient", flat=True)) == {keeper.pk, cast.admin.pk}
    for stranger in (cast.inspector, cast.salesperson):
        with pytest.raises(MarketingError):
            judge_news(note, actor=fresh(stranger), is_approved=True)
    with pytest.raises(MarketingError):
        judge_news(note, actor=keeper, is_approved=False)
    assert judge_news(note, actor=keeper, is_approved=True).state == "approved"
    with pytest.raises(MarketingError):
        judge_news(note, actor=keeper, is_approved=False, reason="看错了")
    note.refresh_from_db()
    assert seen_by(note, people) == [True, True, True, False, True]
    work_inside()
    assert Notification.objects.get(kind="marketing.news_judged").recipient == cast.inspector
    own = send_news(actor=keeper, kind="other", text="自己的")
    with pytest.raises(MarketingError):
        judge_news(own, actor=keeper, is_approved=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        MarketNote.objects.filter(pk=own.pk).update(state="approved", judged_by=keeper, judged_at=own.sent_at)


def test_a_customer_sends_it_and_reads_what_became_of_it_and_nobody_elses(client_for: Any, cast: Cast, portfolio: Any, customer: Customer) -> None:
    mine = make_account(customer, cast.salesperson)
    other = make_account(make_customer(portfolio, cast.salesperson, "南门口惠民便利店", numbers=["0731-85550001"]), cast.salesperson, "唐建军", "13807310002")
    with outside():
        shop = browser_of(mine)
        picture = SimpleUploadedFile("假烟.png", png(40, 30), content_type="image/png")
        sent = {"kind": "counterfeit", "text": "有人上门兜售假松涛", "place": "红星路", "pictures": [picture], "form_key": uuid4()}
        assert shop.post("/help/market/", sent).status_code == 302
        assert shop.post("/help/market/", {"kind": "counterfeit", "text": "", "form_key": uuid4()}).status_code == 422
        note = MarketNote.objects.get()
        assert (note.customer, note.is_from_outside) == (customer, True)
        key = thing_key("market", note.pk)
        assert "有人上门兜售" in shop.get("/help/").content.decode()
        page = shop.get(f"/help/market/{key}/")
        [file] = page.context["files"]
        assert shop.get(f"/files/{file.pk}/").status_code == 200
        stranger = browser_of(other)
        assert stranger.get(f"/help/market/{key}/").status_code == 404
        assert stranger.get(f"/files/{file.pk}/").status_code == 404
        assert "有人上门兜售" not in stranger.get("/help/").content.decode()
    work_inside()
    assert set(Notification.objects.filter(kind="marketing.news_sent").values_list("recipient", flat=True)) == {cast.salesperson.pk, cast.admin.pk}
    keeper = in_marketing(cast, cast.operator)
    answer = client_for(keeper).post(f"{note.get_absolute_url()}judgement/", {"is_approved": "no", "reason": ""})
    assert answer.status_code == 422
    answer = client_for(keeper).post(f"{note.get_absolute_url()}judgement/", {"is_approved": "no", "reason": "已由稽查处理，不重复计入"})
    assert answer.status_code == 302
    with outside():
        assert "已由稽查处理" in browser_of(mine).get(f"/help/market/{key}/").content.decode()
