"""Forms of sales."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.catalogue.forms import YuanField
from crm.catalogue.models import Product, Warehouse
from crm.customers.fields import CustomerField, NamesField
from crm.customers.policies import written_portfolios
from crm.sales.models import Lead, Opportunity, SaleKind, Stage
from crm.sales.models.opportunities import LONGEST
from portal.foundation.moments import DayField
from portal.organization.querysets import today


class OpportunityForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("What it is about"), max_length=100)
    amount = YuanField(label=gettext_lazy("Sum, yuan"))
    expected_on = DayField(label=gettext_lazy("Expected on"))
    product = forms.ModelChoiceField(queryset=Product.objects.none(), label=gettext_lazy("Product"), required=False)
    rivals = NamesField(label=gettext_lazy("Rivals"), max_length=300, required=False, help_text=gettext_lazy("Several with commas between."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        product: Any = self.fields["product"]
        product.queryset = Product.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=today()))


class NewOpportunityForm(OpportunityForm):
    customer = CustomerField(label=gettext_lazy("Customer"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of selling"),
        choices=SaleKind.choices,
        help_text=gettext_lazy("Transactional: sold once, quickly. Relationship: built up over visits and trials."),
    )
    next_step = forms.CharField(label=gettext_lazy("What is next"), max_length=200, required=False)
    next_on = DayField(label=gettext_lazy("Next until"), required=False)
    field_order = ("customer", "name", "kind", "amount", "expected_on", "product", "rivals", "next_step", "next_on")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        customer: Any = self.fields["customer"]
        customer.user = user


class StepForm(forms.Form):
    text = forms.CharField(label=pgettext_lazy("of an opportunity", "What was done"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
    next_step = forms.CharField(label=gettext_lazy("What is next"), max_length=200, required=False)
    next_on = DayField(label=gettext_lazy("Next until"), required=False)


class CloseForm(forms.Form):
    cause = forms.ChoiceField(label=gettext_lazy("Cause"), choices=[("", "---------"), *Opportunity.Cause.choices])
    text = forms.CharField(label=gettext_lazy("How it came"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class LeadForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Who"), max_length=100)
    text = forms.CharField(label=gettext_lazy("What they want"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    source = forms.ChoiceField(label=gettext_lazy("Source"), choices=Lead.Source.choices)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = written_portfolios(user).filter(closed_on__isnull=True)
        self.fields["portfolio"] = forms.ModelChoiceField(queryset=rows, label=gettext_lazy("Portfolio"), initial=rows.first(), empty_label=None)


class OrderingForm(forms.Form):
    warehouse = forms.ModelChoiceField(queryset=Warehouse.objects.filter(closed_on__isnull=True), label=gettext_lazy("Warehouse"), empty_label=None)
    wanted_on = DayField(label=gettext_lazy("Wanted on"))


class DropForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)


class StageForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a stage", "Name"), max_length=40)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=40, required=False)


class NewStageForm(StageForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind of selling"), choices=SaleKind.choices)
    before = forms.ModelChoiceField(queryset=Stage.objects.filter(ended_on__isnull=True), label=gettext_lazy("Before"), required=False)
    field_order = ("kind", "name", "name_en", "before")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        before = values.get("before")
        if before is not None and before.kind != values.get("kind"):
            self.add_error("before", _("This stage is of the other kind of selling."))
        return values
