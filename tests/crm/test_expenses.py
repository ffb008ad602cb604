"""Every expense stands with its receipt, once; it is confirmed by another or approved by a paper, and what it said before is kept."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from crm.activities.services.visits import take_visit
from crm.customers.models import Customer
from crm.customers.services.customers import move_customer
from crm.sales.capabilities import KEEP_EXPENSES
from crm.sales.errors import AlikeError, ReceiptTakenError, SalesError
from crm.sales.models import Expense, ExpenseReceipt
from crm.sales.models.expenses import MOST_SPENT
from crm.sales.receipts import read_invoice
from crm.sales.services.expense_papers import bound, set_bound, settle_expense
from crm.sales.services.expenses import confirm_expense, correct_expense, return_expense, withdraw_expense
from crm.sales.services.reminding import tell_of_waiting_expenses
from portal.access.policies import can, viewers_of, visible_to
from portal.attachments.queries import shown_on
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.approvals.writing import approve, refuse
from tests.attachments.samples import png
from tests.cast import Cast, employ
from tests.crm.goods import let
from tests.crm.selling import open_sale
from tests.crm.spending import lay_expense_paper, photo, spend, spent
from tests.crm.writing import fresh, let_keep, make_customer, make_portfolio

ELECTRONIC = "24432000000012345678"


@pytest.fixture
def chief(cast: Cast):
    """赵静 heads 销售科 besides."""
    employ(cast.deputy, cast.sales, cast.head_post, is_primary=False)
    return fresh(cast.deputy)


def test_a_small_expense_is_confirmed_by_the_head_and_nobody_else(cast: Cast, customer: Customer, chief) -> None:
    made = spend(cast.salesperson, customer)
    assert (made.state, made.number[:1], made.department, made.places[-1]) == ("waiting", "F", cast.sales, cast.sales.pk)
    assert [row.name for row in shown_on(made)] == ["小票.png"]
    for stranger in (cast.inspector, cast.salesperson):
        with pytest.raises(SalesError):
            confirm_expense(made, actor=fresh(stranger))
    with pytest.raises(SalesError, match="还没到"):
        spend(cast.salesperson, customer, day=today() + timedelta(days=1))
    assert tell_of_waiting_expenses() == 1
    drain()
    assert list(Notification.objects.filter(kind="sales.expenses_waiting").values_list("recipient", flat=True)) == [chief.pk]
    assert confirm_expense(made, actor=chief).state == "stands"
    with pytest.raises(SalesError, match=made.number):
        confirm_expense(made, actor=chief)
    assert tell_of_waiting_expenses() == 0
    own = spend(chief, make_customer(customer.portfolio, cast.salesperson, "南门口便利店"))
    assert not can(chief, "confirm", own)
    assert can(fresh(cast.director), "confirm", own)


def test_who_sees_an_expense(cast: Cast, customer: Customer, chief) -> None:
    made = spend(cast.salesperson, customer)
    keeper = let(cast.inspector, KEEP_EXPENSES, cast.admin)
    other = let_keep(cast.head, cast.admin)
    assert can(other, "change", customer), "whoever writes the file does not see by that what was spent"
    seen = {cast.salesperson, chief, cast.director, keeper, cast.admin}
    for person in cast.everyone:
        user = fresh(person)
        assert can(user, "view", made) == (person in seen) == visible_to(Expense, user).filter(pk=made.pk).exists(), person
    assert set(viewers_of(made)) == {*seen, cast.deputy}
    move_customer(customer, actor=let_keep(cast.deputy, cast.admin), to=make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1"), reason="调整")
    assert can(fresh(cast.salesperson), "view", made), "a mover's expenses stay theirs"


def test_the_same_receipt_is_taken_once(cast: Cast, customer: Customer, chief) -> None:
    first = spend(cast.salesperson, customer, file_ids=[photo(cast.salesperson, png(31, 31)), photo(cast.salesperson)], invoice_number=ELECTRONIC)
    with pytest.raises(ReceiptTakenError, match=first.number):
        spend(cast.salesperson, customer, 9_900, file_ids=[photo(cast.salesperson, png(31, 31), "另拍.png")])
    with pytest.raises(ReceiptTakenError, match=f"{first.number} 孙丽"):
        spend(chief, customer, 9_900, invoice_number=ELECTRONIC[:10] + " " + ELECTRONIC[10:])
    north = make_customer(make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality), cast.inspector, "枫林副食")
    for values in ({"file_ids": [photo(cast.inspector, png(31, 31))]}, {"invoice_number": ELECTRONIC}):
        with pytest.raises(ReceiptTakenError) as refused:
            spend(cast.inspector, north, 9_900, **values)
        assert first.number not in str(refused.value), "who may not see it is not told which"
        assert "孙丽" not in str(refused.value)
    withdraw_expense(first, actor=fresh(cast.salesperson), reason="记错客户")
    again = spend(cast.salesperson, customer, 9_900, file_ids=[photo(cast.salesperson, png(31, 31))], invoice_number=ELECTRONIC)
    assert again.state == "waiting"
    assert (Expense.objects.count(), ExpenseReceipt.objects.filter(is_live=True).count()) == (2, 1)


def test_a_receipt_photographed_twice_is_asked_about(cast: Cast, customer: Customer, chief, client_for) -> None:
    first = spend(cast.salesperson, customer)
    with pytest.raises(AlikeError, match=first.number):
        spend(cast.salesperson, customer)
    with pytest.raises(AlikeError):
        spend(cast.salesperson, customer, invoice_number=ELECTRONIC)
    assert spend(cast.salesperson, customer, is_other=True).state == "waiting"
    spend(cast.salesperson, customer, day=today() - timedelta(days=1), invoice_number=ELECTRONIC)
    spend(cast.salesperson, customer, day=today() - timedelta(days=1), invoice_number=ELECTRONIC[::-1])
    client = client_for(cast.salesperson)
    page = client.get(f"/crm/expenses/new/?customer={customer.pk}").context["form"].initial
    form = {"fen": "120.50", "day": f"{today():%Y-%m-%d}", "kind": "hosting", "text": "用餐", "customer": customer.code, "tied": page["tied"]}
    sent = {"file_ids-files": SimpleUploadedFile("小票.png", png(77, 5), "image/png")}
    answer = client.post("/crm/expenses/new/", form | sent)
    assert (answer.status_code, "is_other" in answer.context["form"].fields) == (422, True)
    taken = [
        row.pk
        for row in answer.context["form"]["file_ids"].field.widget.get_context("file_ids", answer.context["form"]["file_ids"].value(), {})["widget"][
            "attachments"
        ]
    ]
    answer = client.post("/crm/expenses/new/", form | {"is_other": "on", "file_ids": taken})
    assert answer.status_code == 302
    made = Expense.objects.latest("pk")
    assert (answer.url, made.text) == (made.get_absolute_url(), "用餐")
    assert "用餐" in client.get(made.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("fen", "values", "words"),
    [
        (0, {}, "为零"),
        (MOST_SPENT + 1, {}, "太大"),
        (100, {"day": today() - timedelta(days=400)}, "一年多"),
        (100, {"text": "  "}, "写明"),
        (100, {"file_ids": []}, "票据"),
        (100, {"invoice_number": "123"}, "发票号码"),
        (100, {"invoice_number": "12345678"}, "发票代码"),
    ],
)
def test_each_bad_input_has_its_sentence(cast: Cast, customer: Customer, fen: int, values, words: str) -> None:
    with pytest.raises(SalesError, match=words):
        spend(cast.salesperson, customer, fen, **values)
    assert not Expense.objects.exists()


def test_invoice_numbers_are_read_as_they_are_written() -> None:
    assert read_invoice("", " 2443 2000 0000 1234 5678 ") == ("", ELECTRONIC)
    assert read_invoice("０４４０３２０００１１１", "12345678") == ("044032000111", "12345678")
    assert read_invoice("044032000111", ELECTRONIC) == ("", ELECTRONIC)


def test_it_belongs_to_what_its_writer_works_on(cast: Cast, customer: Customer) -> None:
    other = make_customer(make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality), cast.inspector, "枫林副食")
    sale = open_sale(customer, cast.salesperson)
    seen = take_visit(actor=fresh(cast.salesperson), key=uuid4(), customer=customer, said_at=timezone.now()).visit
    made = spend(cast.salesperson, customer, opportunity=sale)
    assert spend(cast.salesperson, customer, 500, visit=seen).visit == seen
    with pytest.raises(SalesError):
        spend(cast.salesperson, other)
    with pytest.raises(SalesError):
        spend(cast.inspector, other, opportunity=sale)
    assert made.opportunity == sale


def test_what_was_spent_on_a_visit_stands_on_its_page_for_who_sells(cast: Cast, customer: Customer, chief, client_for) -> None:
    seen = take_visit(actor=fresh(cast.salesperson), key=uuid4(), customer=customer, said_at=timezone.now()).visit
    made = spend(cast.salesperson, customer, text="带去的试吸样品", visit=seen)
    page = client_for(cast.salesperson).get(seen.get_absolute_url()).content.decode()
    assert made.text in page
    assert f"/crm/expenses/new/?visit={seen.pk}" in page
    others = client_for(let_keep(cast.inspector, cast.admin)).get(seen.get_absolute_url())
    assert others.status_code == 200
    assert made.text not in others.content.decode()


def test_it_is_corrected_with_a_reason_and_what_it_said_is_kept(cast: Cast, customer: Customer, chief) -> None:
    made = confirm_expense(spend(cast.salesperson, customer), actor=chief)
    new = spent(cast.salesperson, customer, 13_050, text="客户座谈用餐，五人")
    with pytest.raises(SalesError):
        correct_expense(made, new, actor=fresh(cast.salesperson), reason=" ")
    with pytest.raises(SalesError):
        correct_expense(made, new, actor=chief, reason="看错")
    held = correct_expense(made, new, actor=fresh(cast.salesperson), reason="看错金额")
    act = held.acts.first()
    assert (held.state, held.fen, act.reason, act.before) == ("waiting", 13_050, "看错金额", {"fen": 12_050, "text": "客户座谈用餐"})
    assert held.receipts.filter(is_live=True).count() == 1
    returned = return_expense(held, actor=chief, reason="请附菜单")
    drain()
    assert (returned.state, Notification.objects.filter(kind="sales.expense_returned").count()) == ("returned", 1)
    withdraw_expense(held, actor=fresh(cast.salesperson), reason="重复")
    with pytest.raises(SalesError):
        correct_expense(made, spent(cast.salesperson, customer), actor=fresh(cast.salesperson), reason="再来")
    assert [one.act for one in held.acts.all()] == ["withdrawn", "returned", "corrected", "confirmed", "noted"]
    for statement in (lambda: held.acts.update(reason="x"), held.delete, lambda: held.receipts.update(is_live=True)):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()


def test_above_the_bound_it_goes_as_a_paper(cast: Cast, customer: Customer, chief) -> None:
    with pytest.raises(SalesError):
        set_bound(actor=fresh(cast.salesperson), fen=1)
    set_bound(actor=let(cast.inspector, KEEP_EXPENSES, cast.admin), fen=50_000)
    assert bound() == 50_000
    assert spend(cast.salesperson, customer, 50_000).paper is None
    with pytest.raises(SalesError):
        spend(cast.salesperson, customer, 50_001)
    lay_expense_paper(cast)
    made = spend(cast.salesperson, customer, 50_001)
    assert (made.state, made.paper.amount) == ("asked", 50_001)
    assert [row.name for row in shown_on(made.paper)] == ["小票.png"]
    with pytest.raises(SalesError):
        confirm_expense(made, actor=chief)
    with pytest.raises(SalesError, match=made.paper.number):
        correct_expense(made, spent(cast.salesperson, customer), actor=fresh(cast.salesperson), reason="改")
    approve(made.paper, cast.director)
    drain()
    made.refresh_from_db()
    assert made.state == "stands"
    assert settle_expense(made.paper_id).state == "stands"
    other = spend(cast.salesperson, customer, 60_000)
    refuse(other.paper, cast.director)
    drain()
    other.refresh_from_db()
    assert (other.state, other.paper.number in other.because) == ("returned", True)
    smaller = correct_expense(other, spent(cast.salesperson, customer, 40_000), actor=fresh(cast.salesperson), reason="分摊")
    assert (smaller.state, smaller.paper) == ("waiting", None)
    assert settle_expense(made.paper_id) is not None


def test_pages_of_expenses(cast: Cast, customer: Customer, chief, client_for) -> None:
    sale = open_sale(customer, cast.salesperson)
    made = spend(cast.salesperson, customer, opportunity=sale)
    client, head = client_for(cast.salesperson), client_for(chief)
    for address in (sale.get_absolute_url(), customer.get_absolute_url()):
        assert made.text in client.get(address).content.decode()
    assert made.text not in client_for(let_keep(cast.inspector, cast.admin)).get(customer.get_absolute_url()).content.decode()
    answer = client.post(f"{made.get_absolute_url()}correction/", {
        "fen": "130", "day": f"{today():%Y-%m-%d}", "kind": "travel", "text": "打车", "customer": f"{customer.name} {customer.code}",
        "tied": f"o{sale.pk}", "file_ids": [str(row.pk) for row in shown_on(made)], "reason": "类别选错",
    })  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    made.refresh_from_db()
    assert (made.kind, made.fen, made.opportunity) == ("travel", 13_000, sale)
    assert "120.50" in client.get(made.get_absolute_url()).content.decode(), "as it was"
    assert head.post(f"{made.get_absolute_url()}return/", {"reason": "缺发票"}).status_code == 302
    assert "缺发票" in client.get(made.get_absolute_url()).content.decode()
    client.post(f"{made.get_absolute_url()}withdrawal/", {"reason": "不报了"})
    other = spend(cast.salesperson, customer, 700)
    act = head.post("/crm/expenses/", {"act": "confirm", "row": [other.pk]}, follow=True)
    assert act.status_code == 200
    assert [row.pk for row in head.get("/crm/expenses/?state=stands").context["page"].rows] == [other.pk]
