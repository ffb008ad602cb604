"""What was spent against what was sold: each cut comes to the list, whoever looks, whatever moved; of two with one receipt at one moment one stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from random import Random

import pytest
from django.db import connection
from django.db.models import Sum
from openpyxl import load_workbook

from crm.customers.models import Customer
from crm.customers.services.merges import merge_customers
from crm.customers.services.portfolios import hand_over
from crm.plans.capabilities import KEEP_PLANS
from crm.plans.models import Sold
from crm.plans.spending import CUTS, Spending
from crm.sales.capabilities import KEEP_EXPENSES
from crm.sales.errors import ReceiptTakenError
from crm.sales.models import Expense
from crm.sales.models.expenses import COUNTED
from crm.sales.services.expenses import note_expense, withdraw_expense
from portal.access.policies import visible_to
from portal.organization.models import Employment
from portal.organization.querysets import today
from portal.organization.services.departments import change_department
from tests.attachments.samples import png
from tests.cast import Cast, employ, make_department
from tests.crm.dealing import give_credit
from tests.crm.goods import let, make_prices, make_product, make_warehouse, receive
from tests.crm.planning import sell
from tests.crm.spending import photo, spend, spent
from tests.crm.writing import fresh, let_keep, make_customer, make_portfolio


@pytest.mark.django_db(transaction=True)
def test_of_two_with_one_receipt_at_one_moment_the_second_is_told_of_the_first(cast: Cast, customer: Customer) -> None:
    files = [photo(cast.salesperson, png(64, 64)) for _number in range(6)]
    drafts = [spent(cast.salesperson, customer, 100 + number, file_ids=[file]) for number, file in enumerate(files)]

    def note(draft):
        try:
            return note_expense(draft, actor=fresh(cast.salesperson)).number
        except ReceiptTakenError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(note, drafts))
    made = Expense.objects.get()
    assert sorted(answers, key=len)[0] == made.number
    assert sum(made.number in answer for answer in answers) == 6, answers


def check(user, first, last) -> int:
    """Each cut comes to the whole, each part to its list; nobody's figures hold what they may not see."""
    spending = Spending(user, first, last)
    whole = spending.whole()
    seen = visible_to(Expense, user).filter(state__in=COUNTED, day__range=(first, last))
    listed = spending.expenses(spending.spent_query())
    assert whole.spent == (seen.aggregate(sum=Sum("fen"))["sum"] or 0) == (listed.aggregate(sum=Sum("fen"))["sum"] or 0)
    assert whole.sold == (visible_to(Sold, user).filter(day__range=(first, last)).aggregate(sum=Sum("fen"))["sum"] or 0)
    for by in CUTS:
        parts = spending.cut(by)
        assert sum(part.spent for part in parts) == whole.spent, by
        assert sum(part.count for part in parts) == whole.count, by
        assert sum(part.waiting for part in parts) == whole.waiting, by
        if by != "kind":
            assert sum(part.sold or 0 for part in parts) == whole.sold, by
    return whole.spent


def test_every_cut_comes_to_the_list_whatever_moves(cast: Cast, customer: Customer, portfolio) -> None:
    north = make_department("SALES-N", "城北营销部", "Sales North", cast.sales)
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=north)
    customers = [customer, make_customer(portfolio, cast.salesperson, "南门口便利店"), make_customer(other, cast.inspector, "枫林副食店")]
    product = make_product(cast)
    make_prices(cast, {product: 10_000})
    receive(cast, product, make_warehouse(), 5_000)
    for one in customers:
        give_credit(cast, one, 100_000_000)
    let_keep(cast.salesperson, cast.admin)
    keeper = let(let(cast.deputy, KEEP_EXPENSES, cast.admin), KEEP_PLANS, cast.admin)
    chance, first, total, noted = Random(11), today() - timedelta(days=70), 0, []
    for turn in range(4):
        for _expense in range(4):
            at, person = chance.choice(customers), chance.choice((cast.salesperson, cast.admin))
            fen = chance.randrange(1, 90_000)
            made = spend(person, at, fen, kind=chance.choice(Expense.Kind.values), day=first + timedelta(days=chance.randrange(70)), is_other=True)
            noted.append(made)
            total += fen
        sell(cast, chance.choice(customers), product, chance.randrange(1, 9))
        if turn == 0:
            hand_over(portfolio, actor=cast.admin, to=cast.head, starts_on=today() + timedelta(days=1))
        elif turn == 1:
            gone = chance.choice([one for one in noted if one.person_id == cast.salesperson.pk])
            withdraw_expense(gone, actor=fresh(cast.salesperson), reason="重复")
            total -= gone.fen
        elif turn == 2:
            Employment.objects.filter(person=cast.salesperson).update(ends_on=today() - timedelta(days=31))
            employ(cast.salesperson, north, cast.staff_post, starts_on=today() - timedelta(days=30))
            merge_customers(customers[0], customers[1], actor=cast.admin, reason="同一家店")
            customers.pop(1)
        for person in (*cast.employees, cast.admin):
            check(fresh(person), first, today())
        assert check(keeper, first, today()) == total
    before = {part.label: part.spent for part in Spending(keeper, first, today()).cut("department")}
    north.refresh_from_db()
    change_department(north, actor=cast.admin, parent=cast.quality)
    assert {part.label: part.spent for part in Spending(keeper, first, today()).cut("department")} == before
    below = Spending(keeper, first, today(), str(cast.sales.pk)).whole()
    assert below.spent == sum(one.fen for one in Expense.objects.filter(state__in=COUNTED) if cast.sales.pk in one.places), "it stays where it was spent"


def test_the_page_of_figures_leads_to_its_lists(cast: Cast, customer: Customer, client_for) -> None:
    spend(cast.salesperson, customer)
    spend(cast.salesperson, customer, 700, kind="travel", day=today() - timedelta(days=1))
    client = client_for(cast.salesperson)
    address = f"/crm/expenses/figures/?first={today() - timedelta(days=2)}&last={today()}"
    for by in CUTS:
        answer = client.get(f"{address}&by={by}")
        parts = answer.context["parts"]
        assert sum(part.spent for part, *_said in parts) == 12_750
        for part, *_said in parts:
            rows = client.get(f"/crm/expenses/?{part.query}").context["page"].rows
            assert sum(row.fen for row in rows) == part.spent, by
    sheet = load_workbook(BytesIO(b"".join(client.post(address)))).active
    assert sheet is not None
    assert [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] == [127.5, 127.5]
    for wrong in ("first=2026-05-05&last=2026-05-01", "first=2020-01-01&last=2026-05-01", "first=gestern", "under=999999"):
        assert client.get(f"/crm/expenses/figures/?{wrong}").status_code == 422, wrong
    assert not client_for(cast.operator).get(address).context["parts"], "who sees nothing finds nothing"
