"""Forms of plans."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.catalogue.models import Brand, Product
from crm.customers.models import Portfolio
from crm.plans.models.plans import Measure, Period
from crm.plans.policies import departments_planned_by
from portal.foundation.moments import DayField
from portal.organization.querysets import today


class NewPlanForm(forms.Form):
    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=Period.choices)
    day = DayField(label=gettext_lazy("A day of the period"), help_text=gettext_lazy("The year, the quarter or the month in which this day lies."))
    measure = forms.ChoiceField(label=gettext_lazy("Measure"), choices=Measure.choices)
    amount = forms.CharField(label=gettext_lazy("Plan"), max_length=20, help_text=gettext_lazy("Whole yuan; of a quantity whole base units."))
    brand = forms.ModelChoiceField(queryset=Brand.objects.all(), label=gettext_lazy("Brand"), required=False)
    product = forms.ModelChoiceField(queryset=Product.objects.all(), label=gettext_lazy("Product"), required=False)
    portfolio = forms.ModelChoiceField(queryset=Portfolio.objects.none(), label=gettext_lazy("District"), required=False)
    reason = forms.CharField(label=pgettext_lazy("of a plan", "Why"), max_length=200)
    field_order = ("department", "period", "day", "measure", "amount", "brand", "product", "portfolio", "reason")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = departments_planned_by(user)
        self.fields["department"] = forms.ModelChoiceField(queryset=rows, label=gettext_lazy("Department"), initial=rows.first(), empty_label=None)
        portfolio: Any = self.fields["portfolio"]
        portfolio.queryset = Portfolio.objects.filter(closed_on__isnull=True, department__in=rows)
        self.order_fields(self.field_order)

    @staticmethod
    def next_year() -> date:
        return date(today().year + 1, 1, 1)


class AmountForm(forms.Form):
    amount = forms.CharField(label=gettext_lazy("Plan"), max_length=20, help_text=gettext_lazy("Whole yuan; of a quantity whole base units."))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=pgettext_lazy("of a plan", "Why"), max_length=200)


class ExplainForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    measure = forms.CharField(label=gettext_lazy("What is done"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
