"""Expenses as a list. What is summed of them anywhere sums the rows of this list with the filters of its address."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.customers.models import Customer
from crm.sales.lists import departments_selling
from crm.sales.models import Expense
from crm.sales.models.expenses import COUNTED
from crm.sales.services.expenses import confirm_expense
from portal.access.policies import visible_to
from portal.accounts.models import User
from portal.lists.columns import Column
from portal.lists.definition import List, RowAct, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, NumberFilter
from portal.organization.models import Department

TONES = {"waiting": "warning", "asked": "warning", "stands": "good", "returned": "danger", "withdrawn": ""}
COUNTS = (("yes", gettext_lazy("those that count")), ("no", gettext_lazy("returned and withdrawn ones")))
TIED = (("opportunity", gettext_lazy("an opportunity")), ("visit", gettext_lazy("a visit")), ("none", gettext_lazy("the customer in general")))
ANY = gettext_lazy("all")


def _people() -> Iterator[tuple[str, str]]:
    for pk, name in User.objects.filter(Exists(Expense.objects.filter(person=OuterRef("pk")))).order_by("name").values_list("pk", "name"):
        yield str(pk), name


def _departments() -> Iterator[tuple[str, str]]:
    named = Exists(Expense.objects.filter(department=OuterRef("pk")))
    for one in Department.objects.filter(named | Q(pk__in=departments_selling())).order_by("path"):
        yield str(one.pk), one.label


def _below(code: str) -> Q:
    return Q(places__contains=[int(code)])


def _counts(code: str) -> Q:
    return Q(state__in=COUNTED) if code == "yes" else ~Q(state__in=COUNTED)


def _tied(code: str) -> Q:
    if code == "none":
        return Q(opportunity__isnull=True, visit__isnull=True)
    return Q(**{f"{code}__isnull": False})


def _customer(row: Expense) -> str:
    return row.customer.root.name if row.sees_customer else ""  # type: ignore[attr-defined]


def _invoice(row: Expense) -> str:
    return " ".join(part for part in (row.invoice_code, row.invoice_number) if part)


@register_list
class ExpenseList(List):
    """What one spent oneself, what was spent in departments that one heads, or all of it by right."""

    code = "crm.expenses"
    url_name = "crm:expense_list"
    row_url_name = "crm:expense_detail"
    heading = gettext_lazy("Expenses")
    subtitle = gettext_lazy("What was spent to sell, under whoever spent it and where they worked on that day.")
    icon = "receipt-text"
    template_name = "crm/sales/expense_list.html"
    words_in = ("number", "text", "invoice_number")
    words_label = gettext_lazy("Number, what for, invoice, customer")
    default_sort = "-day"
    empty_title = gettext_lazy("No expense fits")
    empty_text = gettext_lazy("Note what you spend with its receipt, however small.")
    related = ("customer__root",)
    columns = (
        Column("number", pgettext_lazy("of an expense", "Number"), order_by=("number",)),
        Column("day", gettext_lazy("Spent on"), "day", "day", order_by=("day",)),
        Column("kind", gettext_lazy("Kind of expense"), lambda row: row.get_kind_display()),
        Column("text", gettext_lazy("What for")),
        Column("customer", gettext_lazy("Customer"), _customer),
        Column("fen", gettext_lazy("Sum"), "fen", "money", order_by=("fen",)),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), TONES[row.state]), "tag"),
        Column("person", gettext_lazy("Spent by"), "person.name", related=("person",)),
        Column("department", gettext_lazy("Department"), "department.label", related=("department",), is_shown=False),
        Column("invoice", gettext_lazy("Invoice"), _invoice, is_shown=False),
        Column("noted", gettext_lazy("Noted"), "noted_at", "instant", order_by=("noted_at",), is_shown=False),
        Column("because", gettext_lazy("Why it went back"), "because", is_shown=False),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=ANY, choices=Expense.State.choices),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind of expense"), anything=ANY, choices=Expense.Kind.choices),
        DayFilter(key="day", label=gettext_lazy("Spent on")),
        ChoiceFilter(key="person", label=gettext_lazy("Spent by"), anything=ANY, choices=_people, is_further=True),
        ChoiceFilter(key="under", label=gettext_lazy("Department and below"), anything=ANY, choices=_departments, conditions=_below, is_further=True),
        ChoiceFilter(key="department", label=gettext_lazy("Department"), anything=ANY, choices=_departments, is_further=True),
        ChoiceFilter(key="tied", label=gettext_lazy("Belongs to"), anything=ANY, choices=TIED, conditions=_tied, is_further=True),
        ChoiceFilter(key="counts", label=gettext_lazy("What counts"), anything=ANY, choices=COUNTS, conditions=_counts, is_further=True),
        NumberFilter(key="sum", label=gettext_lazy("Sum, yuan"), field="fen", unit=100, is_further=True),
    )
    acts = (RowAct("confirm", pgettext_lazy("an expense", "Confirm"), "confirm", confirm_expense, "check"),)

    def rows(self, user: Any) -> QuerySet[Expense]:
        seen = visible_to(Customer, user).filter(pk=OuterRef("customer__root"))
        return visible_to(Expense, user).annotate(sees_customer=Exists(seen))

    def with_words(self, rows: QuerySet[Expense], words: str, user: Any) -> QuerySet[Expense]:
        """A customer's name finds only for who may see the customer."""
        for word in words.lower().split()[:6]:
            condition = Q(customer__root__found_by__contains=word, sees_customer=True)
            for field in self.words_in:
                condition |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(condition)
        return rows

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Sales"), reverse("crm:opportunity_board"))]
