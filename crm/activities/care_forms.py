"""Forms of campaigns of care."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.activities.models import Care, CareCase, Contacting
from crm.activities.models.cares import LONGEST, MOST_FEN
from crm.activities.services.cares import Selection
from crm.catalogue.forms import YuanField
from crm.customers.models import Customer, Portfolio, Tier
from portal.foundation.moments import DayField

ANY = ("", gettext_lazy("any"))
REACHED = (("yes", pgettext_lazy("of a survey", "reached")), ("no", pgettext_lazy("of a survey", "not reached")))
MOST_NUMBERS = 2_000


class CodesField(forms.CharField):
    """Numbers of customers, one on each line or with commas between; what comes after a number is left out."""

    def clean(self, value: Any) -> tuple[str, ...]:
        parts = [part.split() for part in re.split(r"[\n,，;；、]+", super().clean(value))]
        codes = tuple(dict.fromkeys(part[0] for part in parts if part))
        if len(codes) > MOST_NUMBERS:
            raise ValidationError(_("No more than %(number)s numbers at once.") % {"number": MOST_NUMBERS})
        return codes


class SumField(YuanField):
    """A sum in yuan; nothing is nought."""

    def clean(self, value: Any) -> int:
        fen: int = super().clean(value) if value and value.strip() else 0
        if fen > MOST_FEN:
            raise ValidationError(_("Write a sum below a thousand million yuan."))
        return fen


class SelectionForm(forms.Form):
    portfolio = forms.ModelChoiceField(
        label=gettext_lazy("Portfolio"), queryset=Portfolio.objects.none(), required=False, empty_label=gettext_lazy("all of mine")
    )
    market = forms.ChoiceField(label=gettext_lazy("Market"), choices=[ANY, *Customer.Market.choices], required=False)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=[ANY, *Tier.choices], required=False)
    address = forms.CharField(
        label=gettext_lazy("Words of the address"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("A district, a street: all of these words stand in it."),
    )
    codes = CodesField(
        label=gettext_lazy("Or these customers"),
        max_length=60_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Their numbers, one on each line. Then nothing above is asked."),
    )

    def __init__(self, *args: Any, portfolios: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        portfolio: Any = self.fields["portfolio"]
        portfolio.queryset = portfolios

    @staticmethod
    def selection_of(values: dict[str, Any]) -> Selection:
        return Selection(**{key: values[key] for key in ("portfolio", "market", "address", "tier", "codes")})


class MoreForm(SelectionForm):
    """Something must be said: nothing would take everybody in."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not any(values.values()) and not self.errors:
            raise ValidationError(_("Say which customers."))
        return values


class CareForm(SelectionForm):
    name = forms.CharField(label=pgettext_lazy("of care", "Name"), max_length=60)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=Care.Kind.choices,
        help_text=gettext_lazy("After a disaster customers are asked by telephone first, and aid is decided by a paper."),
    )
    contacting = forms.ChoiceField(label=gettext_lazy("How"), choices=Contacting.choices, help_text=gettext_lazy("Promised at once, unless it is a disaster."))
    why = forms.CharField(label=gettext_lazy("Why"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=pgettext_lazy("of a period", "To"))

    field_order = ("name", "kind", "contacting", "why", "starts_on", "ends_on")


class AnswerForm(forms.Form):
    """For the telephone: made to be filled in during the call."""

    reached = forms.ChoiceField(label=pgettext_lazy("of a survey", "Call"), choices=REACHED, widget=forms.RadioSelect)
    harmed_shop = forms.BooleanField(label=gettext_lazy("Shop harmed"), required=False)
    harmed_stock = forms.BooleanField(label=gettext_lazy("Stock harmed"), required=False)
    harmed_people = forms.BooleanField(label=gettext_lazy("People harmed"), required=False)
    damage = SumField(label=gettext_lazy("Damage, yuan"), required=False)
    needs = forms.CharField(label=gettext_lazy("What is needed"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["reached"] = values.get("reached") == "yes"
        return values


class CasesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        aid = f" → {obj.aid}" if obj.aid else ""
        return " · ".join(part for part in (obj.customer.root.name, obj.harm, f"{obj.damage / 100:,.2f}" if obj.damage else "", obj.needs) if part) + aid


class AidForm(forms.Form):
    aid = forms.CharField(
        label=gettext_lazy("Aid"), max_length=200, required=False, help_text=gettext_lazy("For each of those chosen. Leave it blank to take back what was set.")
    )
    fen = SumField(label=gettext_lazy("Worth for each, yuan"), required=False)
    cases = CasesField(
        label=gettext_lazy("For whom"),
        queryset=CareCase.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose those who are to be helped.")},
    )

    def __init__(self, *args: Any, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cases"]
        field.queryset = cases


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


class HandedForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What was handed over"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class EvaluateForm(forms.Form):
    verdict = forms.ChoiceField(label=gettext_lazy("Verdict"), choices=Care.Verdict.choices)
    result = forms.CharField(label=gettext_lazy("Result"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))
    excuses = forms.BooleanField(
        label=gettext_lazy("Close it although something is open"),
        required=False,
        help_text=gettext_lazy("What is still promised is excused, with the result as its reason."),
    )
