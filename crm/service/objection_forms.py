"""Forms of complaints and objections."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.customers.models import Customer
from crm.orders.models import OrderLine
from crm.service.forms import AREA, SomeYuanField, YuanField
from crm.service.models import Cause, Channel, CostLine, Fault, Grade, Measured, Objection, Step
from crm.service.models.requests import LONGEST, MOST_HOURS
from portal.attachments.forms import AttachmentsField

LINES_WITHIN = timedelta(days=365)
MOST_LINES = 60


class LineField(forms.ModelChoiceField):
    """What was delivered to the customer, newest first; without prices."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.product.name} · {obj.order.number} · {obj.product.packing.said(obj.delivered)}"


def delivered_lines(customer: Customer) -> Any:
    rows = OrderLine.objects.filter(order__customer__root=customer.pk, delivered__gt=0, order__placed_at__gt=timezone.now() - LINES_WITHIN)
    return rows.select_related("product", "order").order_by("-order__placed_at", "pk")


class ObjectionForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Objection.Kind.choices, initial=Objection.Kind.COMPLAINT)
    fault = forms.ChoiceField(label=gettext_lazy("About what"), choices=Fault.choices)
    text = forms.CharField(label=gettext_lazy("What happened"), max_length=LONGEST, widget=AREA)
    quantity = forms.IntegerField(
        label=gettext_lazy("Quantity"), min_value=1, max_value=10_000_000, required=False, help_text=gettext_lazy("In base units: 条 for cigarettes.")
    )
    lot = forms.CharField(label=gettext_lazy("Lot"), max_length=40, required=False, help_text=gettext_lazy("As printed on the carton."))
    loss = SomeYuanField(label=gettext_lazy("Further loss, yuan"), help_text=gettext_lazy("What it cost the customer besides the goods."))
    has_accident = forms.BooleanField(label=gettext_lazy("Somebody was hurt, or might have been"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Way"), choices=Channel.choices)
    file_ids = AttachmentsField()
    field_order = ("kind", "line", "quantity", "lot", "fault", "text", "file_ids", "loss", "has_accident", "channel")

    def __init__(self, *args: Any, user: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file_ids"].belongs_to(user, None)  # type: ignore[attr-defined]
        self.fields["file_ids"].label = _("Photos or video")
        rows = delivered_lines(customer)
        self.fields["line"] = line = LineField(queryset=rows, label=_("What was delivered"), required=False)
        shown = [(one.pk, line.label_from_instance(one)) for one in rows[:MOST_LINES]]
        line.choices = [("", _("none: it is about no goods")), *shown]
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == Objection.Kind.QUALITY:
            if values.get("line") is None and "line" not in self.errors:
                self.add_error("line", _("Say which delivery it is about."))
            if not values.get("quantity") and "quantity" not in self.errors:
                self.add_error("quantity", _("Say how much of it."))
        return values


class DiagnosisForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What the pictures and the customer say"), max_length=LONGEST, widget=AREA)


class JudgementForm(forms.Form):
    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=Objection.Result.choices)
    cause = forms.ChoiceField(label=gettext_lazy("Cause"), choices=Cause.choices)
    text = forms.CharField(label=gettext_lazy("Reasons"), max_length=LONGEST, widget=AREA)
    awarded = SomeYuanField(label=gettext_lazy("Compensation, yuan"), help_text=gettext_lazy("Empty: none."))


class CompensationForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Remark"), max_length=200, required=False)


class WordForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("The customer's word"), max_length=LONGEST, widget=AREA)
    is_content = forms.TypedChoiceField(
        label=gettext_lazy("Is the customer content"),
        choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        coerce=lambda value: value == "yes",
    )
    gift = forms.CharField(label=gettext_lazy("Gift"), max_length=100, required=False, help_text=gettext_lazy("For a justified complaint."))


class CostForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CostLine.Kind.choices)
    fen = YuanField(label=gettext_lazy("Sum, yuan"))
    text = forms.CharField(label=gettext_lazy("For what"), max_length=200, required=False)


class EvidenceForm(forms.Form):
    file_ids = AttachmentsField()

    def __init__(self, *args: Any, user: Any, objection: Objection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file_ids"].belongs_to(user, objection)  # type: ignore[attr-defined]
        self.fields["file_ids"].label = _("Photos or video")


class GradeRuleForm(forms.Form):
    grade = forms.ChoiceField(label=pgettext_lazy("of an objection", "Grade"), choices=[one for one in Grade.choices if one[0] != Grade.ORDINARY])
    measure = forms.ChoiceField(label=gettext_lazy("Measured by"), choices=Measured.choices)
    bound = forms.IntegerField(label=pgettext_lazy("a bound", "From"), min_value=1, max_value=10**12)


class StepRuleForm(forms.Form):
    step = forms.ChoiceField(label=gettext_lazy("Step"), choices=Step.choices)
    hours = forms.IntegerField(label=gettext_lazy("Within, hours"), min_value=1, max_value=MOST_HOURS)
    serious_hours = forms.IntegerField(label=gettext_lazy("Serious ones within, hours"), min_value=1, max_value=MOST_HOURS)


class ReopenForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why it is taken up again"), max_length=300, widget=AREA)
