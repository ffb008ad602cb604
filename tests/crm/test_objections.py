"""Complaints and objections to quality: graded, judged by another, compensated once, and nothing closes unjudged."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.customers.services.merges import merge_customers
from crm.orders.capabilities import KEEP_ACCOUNTS
from crm.orders.models import CreditAccount, OrderLine, Payment
from crm.orders.services.checks import check_accounts
from crm.orders.services.handling import deliver_order
from crm.service.capabilities import DIAGNOSE, JUDGE, KEEP_RULES, WATCH_SERVICE
from crm.service.errors import ServiceError
from crm.service.models import CostLine, Grade, GradeRule, Measured, Objection, ObjectionStep
from crm.service.services.keeping import hand_on_leavers
from crm.service.services.objections import (
    add_cost,
    add_evidence,
    close_objection,
    compensate_objection,
    diagnose_objection,
    grade_by,
    judge_objection,
    note_objection,
    reopen_objection,
    worth_of,
)
from crm.service.services.rules import GRADES, set_grade_rule
from portal.access.policies import can, viewers_of, visible_to
from portal.attachments.queries import shown_on
from portal.attachments.services import receive_file
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.models import Effect
from tests.cast import Cast
from tests.crm.dealing import give_credit, order
from tests.crm.goods import let, make_prices, make_product, make_warehouse, receive
from tests.crm.writing import fresh, make_customer


@pytest.fixture
def line(cast: Cast, customer: Customer) -> OrderLine:
    """20 of 30 delivered, at 424.00."""
    product = make_product(cast)
    make_prices(cast, {product: 42_400})
    receive(cast, product, make_warehouse(), 100)
    give_credit(cast, customer, 9_000_000)
    placed = order(cast.salesperson, customer, {product: 30})
    deliver_order(placed, actor=fresh(cast.admin), quantities={placed.lines.get().pk: 20}, key=uuid4())
    return placed.lines.get()


def quality(cast: Cast, line: OrderLine, quantity: int = 5, **values: Any) -> Objection:
    defaults = {"kind": "quality", "fault": "mould", "text": "开条后有霉味", "lot": "20261103A"}
    return note_objection(actor=fresh(cast.salesperson), customer=line.order.customer, line=line, quantity=quantity, **(defaults | values))


def judged(cast: Cast, objection: Objection, **values: Any) -> Objection:
    """Diagnosed by 王伟, judged by 李敏."""
    diagnose_objection(objection, actor=let(cast.inspector, DIAGNOSE, cast.admin), text="照片可见霉斑，疑仓储受潮")
    defaults = {"result": "valid", "cause": "storage", "text": "属实"}
    return judge_objection(objection, actor=let(cast.head, JUDGE, cast.admin), **(defaults | values))


def test_from_noting_to_closing_by_three_people_and_one_ledger(cast: Cast, line: OrderLine) -> None:
    made = quality(cast, line)
    assert (made.grade, made.state, made.owner) == ("ordinary", "diagnosis", cast.salesperson)
    after = judged(cast, made, awarded=200_000)
    assert (after.state, after.owner, after.result) == ("pay", cast.inspector, "valid")
    before = CreditAccount.objects.get(customer=line.order.customer)
    payer = let(cast.workshop_head, KEEP_ACCOUNTS, cast.admin)
    key = uuid4()
    paid = compensate_objection(made, actor=payer, key=key)
    with pytest.raises(ServiceError):
        compensate_objection(made, actor=payer, key=uuid4())
    account = CreditAccount.objects.get(customer=line.order.customer)
    assert (before.owed - account.owed, account.advance) == (200_000, 0)
    assert (paid.payment.fen, paid.payment.kind, paid.payment.reference) == (200_000, "note", made.number)
    assert Payment.objects.filter(kind="note").count() == 1
    assert check_accounts().differences == 0
    add_cost(made, actor=fresh(cast.inspector), kind="freight", fen=3_000, text="取样")
    closed = close_objection(made, actor=fresh(cast.inspector), text="认可处理", is_content=True)
    assert (closed.state, closed.due_at, closed.is_content) == ("closed", None, True)
    assert [step.step for step in made.steps.all()] == ["diagnosis", "judgement", "pay", "word"]
    assert all(step.done_by_id for step in made.steps.all())


def test_nobody_judges_their_own_and_nothing_closes_unjudged(cast: Cast, line: OrderLine) -> None:
    made = quality(cast, line)
    maker = let(cast.salesperson, JUDGE, cast.admin)
    with pytest.raises(ServiceError):
        judge_objection(made, actor=maker, result="valid", cause="making", text="属实")
    handler = let(let(cast.inspector, DIAGNOSE, cast.admin), JUDGE, cast.admin)
    diagnose_objection(made, actor=handler, text="霉斑")
    for person in (maker, handler):
        with pytest.raises(ServiceError):
            judge_objection(made, actor=fresh(person), result="valid", cause="making", text="属实")
    with pytest.raises(ServiceError):
        close_objection(made, actor=handler, text="好了", is_content=True)
    for broken in ({"state": "closed"}, {"state": "word"}, {"judged_by": cast.salesperson.pk}, {"judged_by": cast.inspector.pk}, {"result": "valid"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Objection.objects.filter(pk=made.pk).update(**broken)
    done = judge_objection(made, actor=let(cast.head, JUDGE, cast.admin), result="invalid", cause="customer", text="店内受潮")
    assert done.state == "word"
    with pytest.raises(ServiceError):
        judge_objection(made, actor=fresh(cast.head), result="valid", cause="making", text="改判")


def test_only_what_was_delivered_is_objected_to_and_once(cast: Cast, line: OrderLine, customer: Customer) -> None:
    quality(cast, line, 15)
    with pytest.raises(ServiceError, match="5 条"):
        quality(cast, line, 6)
    judged(cast, quality(cast, line, 5), result="invalid")
    quality(cast, line, 5)  # what was not justified counts no more
    never = order(cast.salesperson, customer, {line.product: 3}).lines.get()
    with pytest.raises(ServiceError, match=never.order.number):
        quality(cast, never, 1)
    with pytest.raises(ServiceError):
        note_objection(actor=fresh(cast.salesperson), customer=customer, kind="quality", fault="mould", text="没说哪批", line=None)
    other = make_customer(customer.portfolio, cast.salesperson, "南门口惠民便利店")
    with pytest.raises(ServiceError):
        note_objection(actor=fresh(cast.salesperson), customer=other, kind="quality", fault="mould", text="别家的货", line=line, quantity=1)
    with pytest.raises(ServiceError):
        judged(cast, Objection.objects.filter(quantity=15).get(), awarded=15 * 42_400 + 1)


def test_grades_follow_the_rules(cast: Cast, line: OrderLine) -> None:
    grades = [quality(cast, line, 1).grade for _ in range(3)]
    assert grades == ["ordinary", "ordinary", "typical"], "three alike in a month"
    assert quality(cast, line, 1, fault="taste", loss=1_000_000).grade == "serious"
    assert quality(cast, line, 1, fault="taste", has_accident=True).grade == "serious"
    set_grade_rule(actor=let(cast.operator, KEEP_RULES, cast.admin), grade="typical", measure="loss", bound=500)
    assert quality(cast, line, 1, fault="count", loss=500).grade == "typical"
    assert GradeRule.objects.count() == len(GRADES) + 1
    none: dict[str, int] = dict.fromkeys(Measured.values, 0)
    assert grade_by([GradeRule(grade=Grade.SERIOUS, measure="loss", bound=1)], none) == "ordinary"


def test_a_justified_complaint_closes_with_a_gift(cast: Cast, customer: Customer) -> None:
    made = note_objection(actor=fresh(cast.salesperson), customer=customer, kind="complaint", fault="manner", text="送货员态度差")
    judged(cast, made)
    with pytest.raises(ServiceError):
        close_objection(made, actor=fresh(cast.inspector), text="满意", is_content=True)
    assert close_objection(made, actor=fresh(cast.inspector), text="满意", is_content=True, gift="礼品装一份").gift == "礼品装一份"


def test_heads_who_watch_are_told_and_everyone_agrees_who_sees(cast: Cast, line: OrderLine) -> None:
    let(cast.director, WATCH_SERVICE, cast.admin)
    payer = let(cast.operator, KEEP_ACCOUNTS, cast.admin)
    made = quality(cast, line)
    assert "service.objected" in {effect.payload.get("kind") for effect in Effect.objects.all()} or Notification.objects.exists()
    assert not can(payer, "view", made)
    judged(cast, made, awarded=100)
    for row in Objection.objects.all():
        people = {person.name for person in cast.everyone if can(fresh(person), "view", row) and not person.is_superuser}
        assert people == {"孙丽", "陈刚", "王伟", "李敏", "赵静", "张强"}
        assert people == {person.name for person in viewers_of(row) if not person.is_superuser}
        assert people == {person.name for person in cast.everyone if row in visible_to(Objection, fresh(person)) and not person.is_superuser}


def test_evidence_stays_and_is_for_those_who_see_it(client_for, cast: Cast, line: OrderLine) -> None:
    made = quality(cast, line)
    for name in ("一.txt", "二.txt"):
        file = receive_file(actor=fresh(cast.salesperson), name=name, content=SimpleUploadedFile(name, name.encode()))
        add_evidence(made, actor=fresh(cast.salesperson), file_ids=[file.pk])
    files = list(shown_on(made))
    assert [file.name for file in files] == ["一.txt", "二.txt"]
    page = client_for(fresh(cast.salesperson)).get(made.get_absolute_url()).content.decode()
    assert "一.txt" in page
    assert client_for(fresh(cast.operator)).get(made.get_absolute_url()).status_code == 404


def test_a_merged_customer_and_a_leaver_lose_nothing(cast: Cast, line: OrderLine, customer: Customer) -> None:
    survivor = make_customer(customer.portfolio, cast.salesperson, "金穗烟酒")
    made = quality(cast, line)
    merge_customers(survivor, customer, actor=fresh(cast.admin))
    later = quality(cast, OrderLine.objects.get(pk=line.pk))
    assert later.customer == survivor
    assert set(visible_to(Objection, fresh(cast.salesperson)).filter(customer__root=survivor.pk)) == {made, later}
    judged(cast, later, awarded=100)
    paid = compensate_objection(later, actor=let(cast.workshop_head, KEEP_ACCOUNTS, cast.admin), key=uuid4())
    assert paid.payment.account.customer == line.order.customer, "in the account that the delivery was billed to"
    cast.inspector.employments.update(ends_on=today().replace(day=1).replace(year=today().year - 1))
    assert hand_on_leavers() == 1
    later.refresh_from_db()
    assert later.owner == cast.salesperson


def test_taken_up_again_within_a_month_it_is_judged_anew_and_pays_only_the_rest(client_for, cast: Cast, line: OrderLine) -> None:
    made = quality(cast, line)
    payer = let(cast.workshop_head, KEEP_ACCOUNTS, cast.admin)
    judged(cast, made, awarded=100)
    with pytest.raises(ServiceError):
        reopen_objection(made, actor=fresh(cast.inspector), reason="还没完")
    compensate_objection(made, actor=payer, key=uuid4())
    close_objection(made, actor=fresh(cast.inspector), text="勉强接受", is_content=False)
    for person, reason in ((cast.operator, "与我无关"), (cast.inspector, " ")):
        with pytest.raises(ServiceError):
            reopen_objection(made, actor=fresh(person), reason=reason)
    answer = client_for(cast.inspector).post(f"{made.get_absolute_url()}reopening/", {"reason": "又发现两条霉变"})
    again = Objection.objects.get(pk=made.pk)
    assert (answer.status_code, again.state, again.paid_before, again.awarded, again.payment, again.result) == (302, "diagnosis", 100, 0, None, "")
    with pytest.raises(ServiceError):
        judged(cast, again, awarded=worth_of(again) + 1)
    judge_objection(again, actor=fresh(cast.head), result="valid", cause="storage", text="属实", awarded=worth_of(again))
    compensate_objection(again, actor=fresh(payer), key=uuid4())
    close_objection(again, actor=fresh(cast.inspector), text="认可", is_content=True)
    assert sum(Payment.objects.filter(kind="note").values_list("fen", flat=True)) == line.fen * 5
    page = client_for(cast.inspector).get(made.get_absolute_url()).content.decode()
    assert "又发现两条霉变" in page
    Objection.objects.filter(pk=made.pk).update(closed_at=timezone.now() - timedelta(days=31))
    with pytest.raises(ServiceError):
        reopen_objection(made, actor=fresh(cast.inspector), reason="又来")


def test_what_was_not_justified_and_objected_to_again_since_is_not_taken_up_twice(cast: Cast, line: OrderLine) -> None:
    made = quality(cast, line, line.delivered)
    judged(cast, made, result="invalid")
    close_objection(made, actor=fresh(cast.inspector), text="不认可", is_content=False)
    quality(cast, line, line.delivered)
    with pytest.raises(ServiceError):
        reopen_objection(made, actor=fresh(cast.inspector), reason="再查")


def test_steps_and_costs_only_grow(cast: Cast, line: OrderLine) -> None:
    made = quality(cast, line)
    add_cost(made, actor=fresh(cast.salesperson), kind="test", fen=100)
    diagnose_objection(made, actor=let(cast.inspector, DIAGNOSE, cast.admin), text="霉斑")
    for act in (
        lambda: CostLine.objects.update(fen=1),
        lambda: ObjectionStep.objects.filter(done_at__isnull=False).update(text="别的"),
        lambda: ObjectionStep.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            act()


def test_a_bad_form_keeps_what_was_typed(client_for, cast: Cast, line: OrderLine, customer: Customer) -> None:
    client = client_for(fresh(cast.salesperson))
    address = f"/crm/service/objections/new/{customer.pk}/"
    form = {"kind": "quality", "fault": "mould", "text": "开条后有霉味", "channel": "phone", "line": str(line.pk), "quantity": "21", "lot": "A1", "loss": ""}
    answer = client.post(address, form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "20 条" in page
    assert "开条后有霉味" in page
    assert client.post(address, form | {"line": "", "quantity": ""}).status_code == 422
    assert client.post(address, form | {"quantity": "5", "loss": "NaN"}).status_code == 422
    assert client.post(address, form | {"quantity": "5"}).status_code == 302
    assert Objection.objects.get().quantity == 5
    assert Product.objects.count() == 1
