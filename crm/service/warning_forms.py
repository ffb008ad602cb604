"""Forms of warnings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.customers.models import Tier
from crm.customers.warnings import warning_measures
from crm.service.forms import AREA
from crm.service.models import WarningRule
from portal.directory.fields import PersonField

MOST = 10**9
FEN = 100


class TreatForm(forms.Form):
    cause = forms.CharField(label=gettext_lazy("Cause"), max_length=500, widget=AREA)
    treatment = forms.CharField(label=gettext_lazy("Measure taken"), max_length=500, widget=AREA)


class VerifyForm(forms.Form):
    holds = forms.TypedChoiceField(
        label=gettext_lazy("Does it hold"),
        choices=[("yes", gettext_lazy("yes: close it")), ("no", gettext_lazy("no: open again"))],
        coerce=lambda value: value == "yes",
    )
    text = forms.CharField(label=gettext_lazy("What was found"), max_length=500, widget=AREA)


class WarningHandForm(forms.Form):
    to = PersonField(label=pgettext_lazy("of a handover", "To"))
    note = forms.CharField(label=gettext_lazy("What there is to know"), max_length=500, widget=AREA)


class WarningRuleForm(forms.Form):
    """What is counted in fen is written in whole yuan."""

    measure = forms.ChoiceField(label=gettext_lazy("Measure"))
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=[("", gettext_lazy("all others")), *Tier.choices], required=False)
    yellow = forms.IntegerField(label=gettext_lazy("Yellow from"), min_value=1, max_value=MOST, help_text=gettext_lazy("A number; money in whole yuan."))
    orange = forms.IntegerField(label=gettext_lazy("Orange from"), min_value=1, max_value=MOST)
    red = forms.IntegerField(label=gettext_lazy("Red from"), min_value=1, max_value=MOST)
    hysteresis = forms.IntegerField(
        label=gettext_lazy("Falls when so much below"), min_value=0, max_value=MOST, help_text=gettext_lazy("So that it does not come and go with each day.")
    )
    is_on = forms.BooleanField(label=gettext_lazy("In use"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure: Any = self.fields["measure"]
        measure.choices = [(code, one.label) for code, one in sorted(warning_measures().items())]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        yellow, orange, red = (values.get(name) for name in ("yellow", "orange", "red"))
        if yellow and orange and red and not yellow <= orange <= red:
            self.add_error("orange", _("Yellow comes before orange, and orange before red."))
        known = warning_measures().get(values.get("measure", ""))
        if known is not None and known.is_money:
            values |= {name: values[name] * FEN for name in ("yellow", "orange", "red", "hysteresis") if values.get(name) is not None}
        return values

    @classmethod
    def of(cls, rule: WarningRule | None) -> dict[str, Any]:
        if rule is None:
            return {"yellow": 1, "orange": 3, "red": 5, "hysteresis": 0, "is_on": True}
        known = warning_measures().get(rule.measure)
        unit = FEN if known is not None and known.is_money else 1
        values = {name: getattr(rule, name) for name in ("measure", "tier", "is_on")}
        return values | {name: getattr(rule, name) // unit for name in ("yellow", "orange", "red", "hysteresis")}
