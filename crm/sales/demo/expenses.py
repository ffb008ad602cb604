"""What those who sell spent in the last months, each with its receipt: most confirmed, some waiting, one sent back, one as a paper."""

from datetime import timedelta
from io import BytesIO

from crm.customers.demo.busy import busy_holdings
from crm.sales.errors import SalesError
from crm.sales.models import Expense, Opportunity
from crm.sales.services.expenses import Spent, confirm_expense, note_expense, return_expense
from portal.accounts.models import User
from portal.attachments.services import receive_file
from portal.organization.demo import Plant

EACH = 5
LARGE = 680_000
WHAT = (
    ("travel", "下乡走访车费", (3_000, 18_000)),
    ("hosting", "客户座谈用餐", (15_000, 60_000)),
    ("display", "柜台陈列补贴", (20_000, 90_000)),
    ("samples", "新品品吸", (8_000, 30_000)),
    ("material", "价签、海报印制", (5_000, 40_000)),
    ("event", "社区推介活动场地", (30_000, 120_000)),
)


def build_expenses(plant: Plant) -> None:
    head = plant.heads.get("SAL")
    chief = User.objects.get(pk=head.pk) if head is not None else None
    for place, holding in enumerate(busy_holdings(plant.day)):
        sales = list(Opportunity.objects.filter(customer__portfolio=holding.portfolio_id).select_related("customer").order_by("pk")[:EACH])
        for number, sale in enumerate(sales):
            made = _spend(plant, User.objects.get(pk=holding.person_id), sale, is_large=place == 0 and number == 0)
            if made is None or chief is None or made.state != Expense.State.WAITING or made.person_id == chief.pk:
                continue
            if place == 1 and number == 0:
                return_expense(made, actor=chief, reason="请补发票")
            elif number:
                confirm_expense(made, actor=chief)


def _spend(plant: Plant, actor: User, sale: Opportunity, *, is_large: bool) -> Expense | None:
    random = plant.random
    kind, text, (least, most) = ("event", "新品上市推介会", (LARGE, LARGE + 1)) if is_large else random.choice(WHAT)
    invoice, fen = f"2443{random.randrange(10**15, 10**16)}", random.randrange(least, most) // 50 * 50
    file = receive_file(actor=actor, name=f"电子发票-{invoice[-8:]}.pdf", content=BytesIO(_page(invoice, fen)))
    day = plant.day - timedelta(days=random.randrange(1, 150))
    spent = Spent(customer=sale.customer, kind=kind, fen=fen, day=day, text=text, file_ids=[file.pk], opportunity=sale, invoice_number=invoice)
    try:
        return note_expense(spent, actor=actor)
    except SalesError:
        return None  # a plant without the paper


def _page(invoice: str, fen: int) -> bytes:
    """An invoice as a page of PDF, told by its number and sum."""
    text = f"BT /F1 14 Tf 50 340 Td (E-INVOICE  No. {invoice}) Tj 0 -28 Td (TOTAL CNY {fen / 100:.2f}) Tj ET".encode()
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 396] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table) + end
