"""Forms of campaigns and rivals."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.catalogue.forms import YuanField
from crm.catalogue.models import Product
from crm.customers.fields import NamesField
from crm.customers.lists import CustomerList
from crm.marketing.models import Campaign, RivalFact, RivalMaker, RivalProduct
from crm.marketing.models.campaigns import LONGEST, MOST_HELD_OUT, MOST_QUANTITY
from crm.marketing.models.rivals import LONGEST_NAME
from crm.marketing.targeting import PARTS
from portal.directory.fields import PersonField
from portal.foundation.moments import DayField
from portal.lists.arranging import arranged_for
from portal.lists.definition import list_of
from portal.organization.querysets import today

AREA = forms.Textarea(attrs={"rows": 4})


class CampaignForm(forms.Form):
    """Whom it is for is asked with the filters of the list of customers, or is a saved view of it."""

    name = forms.CharField(label=pgettext_lazy("of a campaign", "Name"), max_length=80)
    aim = forms.CharField(label=gettext_lazy("Aim, in words"), max_length=LONGEST, widget=AREA)
    products = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Of which products more is to be sold"), queryset=Product.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("To be sold by the end"),
        min_value=1,
        max_value=MOST_QUANTITY,
        help_text=gettext_lazy("In base units, of all these products together."),
    )
    budget = YuanField(label=gettext_lazy("Budget, yuan"))
    owner = PersonField(label=pgettext_lazy("of a campaign", "Answers for it"))
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("To day"))
    held_out = forms.IntegerField(
        label=gettext_lazy("Held out for comparison, %"),
        min_value=0,
        max_value=MOST_HELD_OUT,
        help_text=gettext_lazy("Drawn when it starts. They are left alone, so that one sees what would have happened anyway."),
    )
    view = forms.ChoiceField(label=gettext_lazy("For whom: a saved view of customers"), required=False)

    def __init__(self, *args: Any, user: Any, campaign: Campaign | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        sold = Product.objects.filter(ended_on__isnull=True) | Product.objects.filter(ended_on__gt=today())
        if campaign is not None:
            sold = sold | Product.objects.filter(pk__in=campaign.products.order_by().values("pk"))
        fields["products"].queryset = sold.distinct()
        views = [(view.query, view.name) for view in arranged_for(user, CustomerList.code).views if view.query]
        fields["view"].choices = [("", _("none: as chosen below")), *views]
        definition = list_of(CustomerList.code)
        assert definition is not None
        for one in definition.filters_for(user):
            if one.key in PARTS:
                self.fields |= one.fields()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first. Exchange them."))
        return values


class TaskForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What is to be done"), max_length=200)
    owner = PersonField(label=gettext_lazy("By whom"))
    due_on = DayField(label=gettext_lazy("Until"))


class TaskDoneForm(forms.Form):
    outcome = forms.CharField(label=gettext_lazy("What came of it"), max_length=300, required=False)


class TieForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number of the expense"), max_length=20, help_text=gettext_lazy("Such as F202600012; note the expense with its receipt first.")
    )


class JudgementForm(forms.Form):
    judgement = forms.CharField(label=gettext_lazy("What it brought, and what is to be done otherwise"), max_length=LONGEST, widget=AREA)


class RivalForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a rival", "Name"), max_length=LONGEST_NAME)
    other_names = NamesField(
        label=gettext_lazy("Other names"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("As they are noted at visits, with 、 between: what is seen under them is its own."),
    )
    region = forms.CharField(label=gettext_lazy("Where from"), max_length=60, required=False)


class RivalProductForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Product"), max_length=LONGEST_NAME)
    price_class = forms.ChoiceField(
        label=gettext_lazy("Price class"), choices=[("", gettext_lazy("not known")), *RivalProduct.PriceClass.choices], required=False
    )


class FactForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=RivalFact.Kind.choices)
    text = forms.CharField(label=gettext_lazy("What is known"), max_length=1_000, widget=AREA)
    product = forms.ModelChoiceField(
        label=gettext_lazy("About which product"), queryset=RivalProduct.objects.none(), required=False, empty_label=gettext_lazy("the rival as a whole")
    )
    source = forms.CharField(label=gettext_lazy("Known from"), max_length=100, required=False)
    learnt_on = DayField(label=gettext_lazy("Learnt on"))

    def __init__(self, *args: Any, rival: RivalMaker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = rival.products.all()  # type: ignore[attr-defined]
