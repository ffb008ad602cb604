"""Forms of expenses, also made for a telephone: what is needed stands first, the receipt is photographed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.activities.models import Visit
from crm.catalogue.forms import YuanField
from crm.customers.fields import CustomerField
from crm.customers.models import Customer
from crm.sales.models import Expense, Opportunity
from portal.access.policies import visible_to
from portal.attachments.forms import AttachmentsField
from portal.foundation.moments import DayField
from portal.organization.querysets import today

MOST_TIED = 20
RECENT = timedelta(days=90)
IS_OTHER = "is_other"


class VisitedCustomerField(CustomerField):
    """A customer of one's own, or the one at which it is already: somebody else may have them by now."""

    known: Customer | None = None

    def clean(self, value: Any) -> Any:
        if self.known is not None and str(value or "").strip() == self.prepare_value(self.known):
            return self.known
        return super().clean(value)


class ExpenseForm(forms.Form):
    file_ids = AttachmentsField(label=pgettext_lazy("of an expense", "Receipt"), required=True)
    fen = YuanField(label=gettext_lazy("Sum, yuan"))
    day = DayField(label=gettext_lazy("Spent on"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind of expense"), choices=Expense.Kind.choices)
    text = forms.CharField(label=gettext_lazy("What for"), max_length=200)
    customer = VisitedCustomerField(label=gettext_lazy("Customer"))
    tied = forms.ChoiceField(label=gettext_lazy("Opportunity or visit"), required=False)
    invoice_number = forms.CharField(
        label=gettext_lazy("Invoice number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("20 digits of an electronic invoice, or 8 with the code. Each invoice is taken once."),
    )
    invoice_code = forms.CharField(
        label=gettext_lazy("Invoice code"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )

    def __init__(self, *args: Any, user: Any, customer: Customer | None = None, expense: Expense | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["file_ids"].belongs_to(user, expense)
        fields["customer"].user, fields["customer"].known = user, customer
        fields["tied"].choices = tied_to(customer, user, expense)
        if expense is not None:
            fields["reason"] = forms.CharField(label=_("Why it is corrected"), max_length=200)
        if self.is_bound and IS_OTHER in self.data:
            self.ask_whether_other()

    def ask_whether_other(self) -> None:
        self.fields[IS_OTHER] = forms.BooleanField(label=_("It is another receipt"), required=False)

    def clean_tied(self) -> dict[str, Any]:
        """`o` an opportunity, `v` a visit."""
        kind, key = self.cleaned_data["tied"][:1], self.cleaned_data["tied"][1:]
        opportunity = Opportunity.objects.select_related("customer__root__portfolio").filter(pk=key).first() if kind == "o" else None
        visit = Visit.objects.select_related("customer__root__portfolio").filter(pk=key).first() if kind == "v" else None
        return {"opportunity": opportunity, "visit": visit}

    def clean_day(self) -> Any:
        if self.cleaned_data["day"] > today():
            raise ValidationError(_("%(day)s is still to come. Note an expense when it was spent.") % {"day": f"{self.cleaned_data['day']:%Y-%m-%d}"})
        return self.cleaned_data["day"]


def tied_to(customer: Customer | None, user: Any, expense: Expense | None) -> list[tuple[str, str]]:
    """What is under way at the customer and was lately, and what the expense belongs to already."""
    found = {"": _("none: the customer in general")}
    if expense is not None and expense.opportunity is not None:
        found[f"o{expense.opportunity_id}"] = expense.opportunity.name
    if expense is not None and expense.visit is not None:
        found[f"v{expense.visit_id}"] = _said_visit(expense.visit)
    if customer is not None:
        sales = visible_to(Opportunity, user).filter(customer__root=customer.root_id).order_by("-state", "-opened_on", "-pk")
        found |= {f"o{one.pk}": one.name for one in sales[:MOST_TIED]}
        visits = visible_to(Visit, user).filter(customer__root=customer.root_id, arrived_at__gt=timezone.now() - RECENT)
        found |= {f"v{one.pk}": _said_visit(one) for one in visits.select_related("person")[:MOST_TIED]}
    return list(found.items())


def _said_visit(visit: Visit) -> str:
    return _("visit of %(day)s, %(person)s") % {"day": f"{timezone.localtime(visit.arrived_at):%Y-%m-%d}", "person": visit.person.name}


class ExpenseReasonForm(forms.Form):
    reason = forms.CharField(label=pgettext_lazy("of an expense", "Why"), max_length=200)


class BoundForm(forms.Form):
    fen = YuanField(
        label=gettext_lazy("Above which sum, yuan"), help_text=gettext_lazy("What is above it goes through a paper; what is not, the head confirms.")
    )
