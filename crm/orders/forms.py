"""Forms of orders and accounts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from crm.catalogue.forms import QuantityField, YuanField
from crm.catalogue.models import Product
from crm.customers.models import Tier
from crm.orders.models import Order
from portal.foundation.moments import DayField


class LinesForm(forms.Form):
    """A quantity for each line of an order, in base units; nought or nothing leaves a line out. `quantities` come out by key of the line."""

    def __init__(self, *args: Any, order: Order, most: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(order.lines.select_related("product"))
        for line in self.lines:
            initial = most(line)
            label = f"{line.product.name} ({line.product.packing.said(initial)})"
            self.fields[f"line_{line.pk}"] = QuantityField(label=label, required=False, or_nought=True, initial=initial)
        self.order_fields([f"line_{line.pk}" for line in self.lines])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        quantities = {line.pk: values.pop(f"line_{line.pk}", 0) for line in self.lines}
        return values | {"quantities": quantities}


class DeliveryForm(LinesForm):
    pass


class ReturnForm(LinesForm):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)


class ChangeForm(LinesForm):
    wanted_on = DayField(label=gettext_lazy("Wanted on"))


class TermsForm(forms.Form):
    limit = YuanField(label=gettext_lazy("Credit limit, yuan"))
    term_days = forms.IntegerField(label=gettext_lazy("Days to pay"), min_value=0, max_value=365)
    grace_days = forms.IntegerField(
        label=gettext_lazy("Days of grace"), min_value=0, max_value=365, help_text=gettext_lazy("Overdue longer than this closes the gate for new orders.")
    )


class BoundsForm(forms.Form):
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=Tier.choices)
    yellow = forms.IntegerField(label=gettext_lazy("Yellow, days before it is due"), min_value=0, max_value=365, initial=7)
    red = forms.IntegerField(
        label=gettext_lazy("Red, days after it is due"),
        min_value=0,
        max_value=365,
        required=False,
        help_text=gettext_lazy("Nothing: after the days of grace of the account."),
    )


class PaymentForm(forms.Form):
    fen = YuanField(label=gettext_lazy("Sum, yuan"))
    came_on = DayField(label=gettext_lazy("Came on"))
    reference = forms.CharField(label=gettext_lazy("Reference"), max_length=60, help_text=gettext_lazy("The number of the bank's slip; each is booked once."))


class CapForm(forms.Form):
    product = forms.ModelChoiceField(queryset=Product.objects.filter(ended_on__isnull=True), label=gettext_lazy("Product"))
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("To day"))
    quantity = QuantityField(label=gettext_lazy("At most, in base units"), or_nought=True)
