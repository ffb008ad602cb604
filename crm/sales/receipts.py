"""A receipt is of one expense: told by the content of its files, and by the number of the invoice."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from crm.catalogue.units import say_yuan
from crm.sales.errors import AlikeError, ReceiptTakenError, SalesError
from crm.sales.models import Expense, ExpenseReceipt
from crm.sales.models.expenses import COUNTED
from portal.access.policies import can
from portal.attachments.models import Attachment

NUMBER, CODE = re.compile(r"[0-9]{8}|[0-9]{20}"), re.compile(r"[0-9]{10}|[0-9]{12}")
MOST_FILES, MOST_SHOWN = 20, 6


def read_invoice(code: str, number: str) -> tuple[str, str]:
    """Code and number as they are compared. Refuses what is on no invoice, with a sentence."""
    code, number = ("".join(unicodedata.normalize("NFKC", text).split()) for text in (code, number))
    if not number and not code:
        return "", ""
    if not NUMBER.fullmatch(number):
        raise SalesError(_("“%(number)s” is no number of an invoice: it has 8 digits with a code, or 20 without.") % {"number": number[:24]})
    if len(number) == 8 and not CODE.fullmatch(code):
        raise SalesError(_("An invoice number of 8 digits goes with its code of 10 or 12 digits."))
    return ("", number) if len(number) == 20 else (code, number)


def contents_of(file_ids: Sequence[UUID]) -> list[str]:
    """What the files hold, each content once."""
    if not file_ids:
        raise SalesError(_("Add the receipt: a photo of it, or the file of the invoice."))
    if len(file_ids) > MOST_FILES:
        raise SalesError(_("No more than %(number)s files.") % {"number": MOST_FILES})
    return sorted(set(Attachment.objects.filter(pk__in=file_ids).values_list("file__sha256", flat=True)))


def refuse_taken(contents: Collection[str], invoice: tuple[str, str], actor: Any, *, apart_from: int = 0) -> None:
    """Refuses a receipt that another expense has; names that one to who may see it."""
    by_file = ExpenseReceipt.objects.filter(sha256__in=contents, is_live=True).exclude(expense=apart_from).select_related("expense__person").first()
    other = by_file.expense if by_file is not None else None
    if other is None and invoice[1]:
        rows = Expense.objects.filter(invoice_code=invoice[0], invoice_number=invoice[1]).exclude(state=Expense.State.WITHDRAWN).exclude(pk=apart_from)
        other = rows.select_related("person").first()
    if other is not None:
        raise ReceiptTakenError(_taken(other, actor, is_file=by_file is not None))


def refuse_alike(expense: Expense, actor: Any) -> None:
    """What was photographed twice has two contents: the same sum on the same day at the same customer is asked about, unless both name their invoices."""
    rows = Expense.objects.filter(day=expense.day, fen=expense.fen, customer__root=expense.customer.root_id, state__in=COUNTED).exclude(pk=expense.pk)
    if expense.invoice_number:
        rows = rows.filter(invoice_number="")
    other = rows.select_related("person").first()
    if other is not None:
        named = said(other) if can(actor, "view", other) else _("one of somebody else")
        raise AlikeError(_("There is an expense of the same sum on the same day at this customer: %(other)s. Is it the same receipt?") % {"other": named})


def said(expense: Expense) -> str:
    return f"{expense.number} {expense.person.name} {expense.day:%Y-%m-%d} {say_yuan(expense.fen)}"


def _taken(other: Expense, actor: Any, *, is_file: bool) -> str:
    if not can(actor, "view", other):
        if is_file:
            return _("This receipt belongs to another expense already, of somebody else. Ask the head of your department.")
        return _("This invoice belongs to another expense already, of somebody else. Ask the head of your department.")
    if is_file:
        return _("This receipt belongs to the expense %(other)s already. Add another file, or correct that expense.") % {"other": said(other)}
    return _("This invoice belongs to the expense %(other)s already. Check the number, or correct that expense.") % {"other": said(other)}


def spent_on(rows: QuerySet[Expense]) -> dict[str, Any]:
    """The newest of these for a panel, and what those that count come to."""
    found = list(rows.select_related("person")[: MOST_SHOWN + 1])
    total = rows.filter(state__in=COUNTED).order_by().aggregate(sum=Sum("fen"))["sum"] or 0 if found else 0
    return {"expenses": [(one, say_yuan(one.fen)) for one in found[:MOST_SHOWN]], "is_more": len(found) > MOST_SHOWN, "total": say_yuan(total)}
