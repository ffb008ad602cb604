"""Forms of campaigns and rivals."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.catalogue.forms import YuanField
from crm.catalogue.models import Product
from crm.customers.fields import CustomerField, NamesField
from crm.customers.lists import CustomerList
from crm.marketing.models import Campaign, LaunchOpinion, RivalFact, RivalMaker, RivalProduct
from crm.marketing.models.campaigns import LONGEST, MOST_HELD_OUT, MOST_QUANTITY
from crm.marketing.models.channel import MOST_STOCK
from crm.marketing.models.launches import LONGEST_OPINION
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
    is_launch = forms.BooleanField(
        label=gettext_lazy("It launches a brand"),
        required=False,
        help_text=gettext_lazy("Shown at visits; shops, sales, stock and opinions are followed by those who sell."),
    )
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


class OpinionForm(forms.Form):
    party = forms.ChoiceField(label=pgettext_lazy("of an opinion", "Whose"), choices=LaunchOpinion.Party.choices)
    about = forms.ChoiceField(label=pgettext_lazy("of an opinion", "About what"), choices=LaunchOpinion.About.choices)
    liking = forms.TypedChoiceField(label=gettext_lazy("How satisfied"), choices=LaunchOpinion.Liking.choices, coerce=int)
    text = forms.CharField(label=gettext_lazy("What they say"), max_length=LONGEST_OPINION, widget=AREA)
    visit = forms.IntegerField(required=False, widget=forms.HiddenInput)
    customer = CustomerField(label=gettext_lazy("Customer"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["customer"].user = user


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
    text = forms.CharField(label=pgettext_lazy("of a rival", "What is known"), max_length=1_000, widget=AREA)
    product = forms.ModelChoiceField(
        label=gettext_lazy("About which product"), queryset=RivalProduct.objects.none(), required=False, empty_label=gettext_lazy("the rival as a whole")
    )
    source = forms.CharField(label=gettext_lazy("Known from"), max_length=100, required=False)
    learnt_on = DayField(label=gettext_lazy("Learnt on"))

    def __init__(self, *args: Any, rival: RivalMaker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = rival.products.all()  # type: ignore[attr-defined]


class StockForm(forms.Form):
    """Two fields for each product, `q-` what lies there and `w-` what they would have, in base units. What is left empty was not looked at."""

    day = DayField(label=gettext_lazy("Counted on"))

    def __init__(self, *args: Any, products: list[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.products = products
        for product in products:
            for prefix, label in (("q", _("Stock")), ("w", _("Wanted"))):
                attrs = {"inputmode": "numeric", "autocomplete": "off", "aria-label": f"{product.name} {label}"}
                self.fields[f"{prefix}-{product.pk}"] = forms.IntegerField(
                    label=label, min_value=0, max_value=MOST_STOCK, required=False, widget=forms.TextInput(attrs=attrs)
                )

    def rows(self) -> list[tuple[Product, str, Any, Any]]:
        return [(one, one.packing.unit_said(one.base, 1), self[f"q-{one.pk}"], self[f"w-{one.pk}"]) for one in self.products]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        stocks = {}
        for product in self.products:
            quantity, wanted = values.get(f"q-{product.pk}"), values.get(f"w-{product.pk}")
            if quantity is None and wanted is not None and f"q-{product.pk}" not in self.errors:
                self.add_error(f"q-{product.pk}", _("Write what lies there, too; nought where it has run dry."))
            elif quantity is not None:
                stocks[product] = (quantity, wanted or 0)
        return values | {"stocks": stocks}
