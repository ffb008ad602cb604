"""Expenses: noted on a telephone or a desk, confirmed, sent back, corrected, withdrawn."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.activities.models import Visit
from crm.catalogue.units import say_yuan
from crm.customers.models import Customer
from crm.sales.errors import AlikeError
from crm.sales.expense_forms import BoundForm, ExpenseForm, ExpenseReasonForm
from crm.sales.models import Expense, Opportunity
from crm.sales.policies import FOR_KEEPERS, customers_sold_to, keeps_expenses
from crm.sales.services.expense_papers import bound, set_bound
from crm.sales.services.expenses import Spent, confirm_expense, correct_expense, note_expense, return_expense, withdraw_expense
from crm.sales.views.guards import refuse_others
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.attachments.queries import shown_on
from portal.foundation.asking import read_number
from portal.foundation.errors import PortalError
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.lists.asked import Asked
from portal.lists.pages import ListPage
from portal.organization.querysets import today

CLOSED = (Expense.State.ASKED, Expense.State.WITHDRAWN)
OPEN_TO_HEADS = (Expense.State.WAITING, Expense.State.STANDS)


class ExpenseListPage(ListPage):
    """With what the rows come to, and a button for who keeps the bound."""

    def context(self, asked: Asked, arranged: Any) -> dict[str, Any]:
        return super().context(asked, arranged) | {"may_keep": keeps_expenses(self.request.user)}


def load_expense(request: HttpRequest, pk: int, action: str = "view") -> Expense:
    rows = Expense.objects.select_related("customer__root__portfolio__department", "opportunity__customer__root__portfolio", "person", "department", "paper")
    return get_permitted(Expense, user=request.user, action=action, rows=rows, pk=pk)


def crumbs() -> list[Crumb]:
    return [(_("Sales"), reverse("crm:opportunity_board")), (_("Expenses"), reverse("crm:expense_list"))]


@require_safe
@employee_required
def expense_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What it was for, its receipts, and all that was done with it. What it belongs to only to who may see that."""
    expense = load_expense(request, pk)
    user, customer, opportunity = request.user, expense.customer.root, expense.opportunity
    visit = Visit.objects.select_related("customer__root__portfolio").filter(pk=expense.visit_id).first() if expense.visit_id else None
    context = {
        "expense": expense,
        "amount": say_yuan(expense.fen),
        "customer": customer if can(user, "view", customer) else None,
        "opportunity": opportunity if opportunity is not None and can(user, "view", opportunity) else None,
        "visit": visit if visit is not None and can(user, "view", visit) else None,
        "paper": expense.paper,
        "sees_paper": expense.paper is not None and can(user, "view", expense.paper),
        "files": shown_on(expense),
        "acts": [(one, _before(one.before, sees_customer=can(user, "view", customer))) for one in expense.acts.select_related("actor")],
        "may_change": expense.state not in CLOSED and can(user, "change", expense),
        "may_confirm": expense.state in OPEN_TO_HEADS and can(user, "confirm", expense),
        "crumbs": crumbs(),
    }
    return render(request, "crm/sales/expense_detail.html", context)


def _before(before: dict[str, Any], *, sees_customer: bool) -> list[tuple[str, str]]:
    """What a correction changed, as it was."""
    kinds = dict(Expense.Kind.choices)
    labels = {"kind": _("Kind of expense"), "fen": _("Sum"), "day": _("Spent on"), "text": _("What for"), "customer": _("Customer")}
    labels |= {"invoice_code": _("Invoice code"), "invoice_number": _("Invoice number")}
    said = []
    for key, value in before.items():
        if key == "customer" and not sees_customer:
            continue
        said.append((labels[key], say_yuan(value) if key == "fen" else str(kinds.get(value, value)) if key == "kind" else value or "—"))
    return said


class ExpensePage(FormPage):
    """One form of an expense; asked about one that is alike, it is entered again on purpose."""

    form_class = ExpenseForm

    def refused(self, request: HttpRequest, form: forms.BaseForm, error: PortalError) -> forms.BaseForm:
        if isinstance(error, AlikeError) and isinstance(form, ExpenseForm):
            form.ask_whether_other()
        return super().refused(request, form, error)

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def spent(self, values: dict[str, Any]) -> Spent:
        tied = values.pop("tied")
        return Spent(**values, **tied)


@method_decorator(employee_required, name="dispatch")
class ExpenseCreate(ExpensePage):
    """`?customer=12`, `?opportunity=3` or `?visit=5` begins it there."""

    heading = gettext_lazy("Note an expense")
    submit = pgettext_lazy("verb", "Note")
    is_new_thing = True
    made: Expense | None = None
    customer: Customer | None = None
    tied = ""

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        about: Any = None
        if opportunity := read_number(request.GET, "opportunity"):
            rows = Opportunity.objects.select_related("customer__root__portfolio__department")
            about, self.tied = get_permitted(Opportunity, user=request.user, rows=rows, pk=opportunity), f"o{opportunity}"
        elif visit := read_number(request.GET, "visit"):
            visits = Visit.objects.select_related("customer__root__portfolio__department")
            about, self.tied = get_permitted(Visit, user=request.user, rows=visits, pk=visit), f"v{visit}"
        else:
            refuse_others(request.user)
        own = customers_sold_to(request.user).filter(pk=read_number(request.GET, "customer"))
        self.customer = about.customer.root if about is not None else own.first()

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "customer": self.customer}

    def initial(self) -> dict[str, Any]:
        return {"day": today(), "customer": self.customer, "tied": self.tied}

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:expense_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = note_expense(self.spent(values), actor=request.user)
        if self.made.paper is not None:
            return _("Noted as %(number)s. It is above the bound and goes as the paper %(paper)s.") % {
                "number": self.made.number, "paper": self.made.paper.number
            }  # fmt: skip
        return _("Noted as %(number)s. The head of the department confirms it.") % {"number": self.made.number}


class OfExpense(FormPage):
    action = "change"

    def load(self, request: HttpRequest, **kwargs: Any) -> Expense:
        return load_expense(request, kwargs["pk"], self.action)

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.number, self.back_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class ExpenseCorrect(OfExpense, ExpensePage):
    heading = gettext_lazy("Correct the expense")
    submit = gettext_lazy("Save")
    note = gettext_lazy("It is decided anew. What it said before stays in its history.")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "customer": self.subject.customer.root, "expense": self.subject}

    def initial(self) -> dict[str, Any]:
        one = self.subject
        values = {key: getattr(one, key) for key in ("day", "kind", "text", "invoice_number", "invoice_code")}
        tied = f"o{one.opportunity_id}" if one.opportunity_id else f"v{one.visit_id}" if one.visit_id else ""
        files = [row.pk for row in shown_on(one)]
        return values | {"fen": say_yuan(one.fen), "customer": one.customer.root, "tied": tied, "file_ids": files}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        reason = values.pop("reason")
        correct_expense(self.subject, self.spent(values), actor=request.user, reason=reason)
        return _("Corrected.")


@method_decorator(employee_required, name="dispatch")
class ExpenseWithdraw(OfExpense):
    form_class = ExpenseReasonForm
    heading = gettext_lazy("Withdraw the expense")
    submit = pgettext_lazy("an expense", "Withdraw")
    note = gettext_lazy("It counts no more, and its receipt is free for another.")
    is_dangerous = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        withdraw_expense(self.subject, actor=request.user, **values)
        return _("Withdrawn.")


@method_decorator(employee_required, name="dispatch")
class ExpenseReturn(OfExpense):
    action = "confirm"
    form_class = ExpenseReasonForm
    heading = gettext_lazy("Send the expense back")
    submit = pgettext_lazy("an expense", "Send back")
    note = gettext_lazy("It counts no more until it is corrected.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        return_expense(self.subject, actor=request.user, **values)
        return _("Sent back.")


@method_decorator(employee_required, name="dispatch")
class ExpenseConfirm(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Expense:
        return load_expense(request, kwargs["pk"], "confirm")

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def act(self, request: HttpRequest) -> str:
        confirm_expense(self.subject, actor=request.user)
        return _("Confirmed.")


@method_decorator(employee_required, name="dispatch")
class BoundUpdate(FormPage):
    form_class = BoundForm
    heading = gettext_lazy("Bound of expenses")
    submit = gettext_lazy("Save")

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        if not keeps_expenses(request.user):
            raise PermissionDenied(FOR_KEEPERS)

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def initial(self) -> dict[str, Any]:
        return {"fen": say_yuan(bound())}

    def back_url(self) -> str:
        return reverse("crm:expense_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_bound(actor=request.user, **values)
        return _("Saved.")
