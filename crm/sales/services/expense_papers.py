"""An expense above the bound goes as a paper with its receipts, and stands once that is approved and says what the expense says."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.catalogue.units import say_yuan
from crm.sales.errors import SalesError
from crm.sales.models import Expense, ExpenseAct, ExpenseBound
from crm.sales.models.expenses import MOST_SPENT, USUAL_BOUND
from crm.sales.notifications import RETURNED
from crm.sales.papers import CODE
from crm.sales.policies import FOR_KEEPERS, keeps_expenses
from portal.approvals.definitions.forms import digest
from portal.approvals.errors import PaperError
from portal.approvals.models import Paper, PaperKind
from portal.approvals.paper_form import files_kept
from portal.approvals.services.submitting import begin_paper, submit_paper
from portal.attachments.queries import shown_on
from portal.attachments.services import copy_file
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify

ENDED = "sales.expense_ended"
State, Act = Expense.State, ExpenseAct.Act
OVER = (Paper.State.APPROVED, Paper.State.REFUSED, Paper.State.WITHDRAWN, Paper.State.VOID)


def bound() -> int:
    """Above this sum, in fen, an expense goes through a paper."""
    row = ExpenseBound.objects.first()
    return row.fen if row is not None else USUAL_BOUND


@transaction.atomic
def set_bound(*, actor: Any, fen: int) -> ExpenseBound:
    """For expenses noted or corrected from now on; those under way go on as they began."""
    if not keeps_expenses(actor):
        raise SalesError(str(FOR_KEEPERS))
    if not 0 <= fen <= MOST_SPENT:
        raise SalesError(_("Write a sum below %(most)s yuan.") % {"most": say_yuan(MOST_SPENT + 1)})
    before = bound()
    row, _made = ExpenseBound.objects.update_or_create(pk=1, defaults={"fen": fen})
    record(actor, "expense_bound.set", row, before={"sum": before}, after={"sum": fen})
    return row


def submit_expense(held: Expense, *, actor: Any) -> Expense:
    """Within the transaction that writes it. The paper has copies of the receipts, so that whoever decides sees them."""
    kind = PaperKind.objects.filter(code=CODE).first()
    if kind is None:
        raise SalesError(_("The plant has no paper for expenses. Tell those who keep the kinds of papers."))
    copies = [copy_file(actor=actor, attachment=one).pk for one in shown_on(held)]
    customer = held.customer.root
    values = {
        "title": _("Expense %(number)s: %(text)s, %(sum)s") % {"number": held.number, "text": held.text[:60], "sum": say_yuan(held.fen)},
        "expense": held.number,
        "customer": f"{customer.name} ({customer.code})",
        "kind": str(held.get_kind_display()),
        "amount": f"{held.fen // 100}.{held.fen % 100:02}",
        "spent_on": held.day.isoformat(),
        "text": held.text,
        "invoice": " ".join(part for part in (held.invoice_code, held.invoice_number) if part),
        "files": files_kept(copies),
    }
    try:
        paper = submit_paper(begin_paper(kind, actor=actor, values=values), actor=actor, values=values)
    except PaperError as error:
        raise SalesError(str(error)) from error
    assert paper.content is not None
    held.paper, held.said, held.state = paper, digest(paper.content.values), State.ASKED
    held.save()
    ExpenseAct.objects.create(expense=held, act=Act.ASKED, reason=paper.number, actor=actor)
    record(actor, "expense.submitted", held, after={"paper": paper.number})
    return held


@transaction.atomic
def settle_expense(paper_id: int) -> Expense | None:
    """What the end of the paper means. Done again it does nothing; a paper that was written by hand is about no expense."""
    found = Expense.objects.filter(paper=paper_id).first()
    if found is None:
        return None
    held = lock_row(Expense.objects.select_related("paper__content"), found.pk, no_key=True)
    if held.paper is None or held.paper_id != paper_id or held.paper.state not in OVER:
        return held
    approved = held.paper.state == Paper.State.APPROVED and held.paper.content is not None and digest(held.paper.content.values) == held.said
    if held.state == State.ASKED and approved:
        _note(held, State.STANDS, Act.CONFIRMED, "")
        record(None, "expense.confirmed", held, after={"paper": held.paper.number})
    elif held.state in (State.ASKED, State.STANDS) and not approved:
        _note(held, State.RETURNED, Act.RETURNED, _("The paper %(number)s was not approved.") % {"number": held.paper.number})
        record(None, "expense.returned", held, reason=held.because)
        words = {"number": held.number, "reason": held.because}
        notify(RETURNED, words=words, about=held, recipients=[held.person_id], url=held.get_absolute_url())
    return held


def _note(held: Expense, state: str, act: str, because: str) -> None:
    held.state, held.because, held.decided_by = state, because, None
    held.save()
    ExpenseAct.objects.create(expense=held, act=act, reason=because)
