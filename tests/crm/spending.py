"""Expenses as tests write them."""

import itertools
from io import BytesIO
from typing import Any
from uuid import UUID

from crm.customers.models import Customer
from crm.sales.models import Expense
from crm.sales.papers import CODE, SPENDING
from crm.sales.services.expenses import Spent, note_expense
from portal.approvals.models import PaperKind
from portal.attachments.services import receive_file
from portal.organization.querysets import today
from tests.approvals.writing import make_kind, person, step
from tests.attachments.samples import png
from tests.cast import Cast
from tests.crm.writing import fresh

_widths = itertools.count(8)


def photo(actor: Any, content: bytes | None = None, name: str = "小票.png") -> UUID:
    """Of a receipt; no two are alike unless the content is given."""
    return receive_file(actor=fresh(actor), name=name, content=BytesIO(content or png(next(_widths), 8))).pk


def spent(actor: Any, customer: Customer, fen: int = 12_050, **values: Any) -> Spent:
    """120.50 for hosting, today."""
    defaults = {"kind": "hosting", "day": today(), "text": "客户座谈用餐", "file_ids": [photo(actor)] if "file_ids" not in values else []}
    return Spent(customer=customer, fen=fen, **(defaults | values))


def spend(actor: Any, customer: Customer, fen: int = 12_050, **values: Any) -> Expense:
    return note_expense(spent(actor, customer, fen, **values), actor=fresh(actor))


def lay_expense_paper(cast: Cast) -> None:
    """The director alone decides on expenses."""
    if not PaperKind.objects.filter(code=CODE).exists():
        make_kind(step("a", person(cast.director)), code=CODE, prefix="营费", fields=SPENDING["fields"])
