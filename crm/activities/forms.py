"""Forms of visits and calls."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.activities.models import Contacting, Promise
from crm.activities.models.diaries import LONGEST
from crm.activities.models.rules import MOST_A_DAY, TIERS
from crm.activities.windows import Unit
from crm.customers.fields import CustomerField
from portal.foundation.moments import DayField


class WhyForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class DiaryForm(forms.Form):
    day = DayField(label=gettext_lazy("Day"))
    done = forms.CharField(
        label=gettext_lazy("Work of the day"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Drafted from the visits, calls and requests of the day; change it as you like."),
    )  # fmt: skip
    thoughts = forms.CharField(
        label=gettext_lazy("What leaders should know"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Opinions, difficulties, proposals, in your own words."),
    )  # fmt: skip
    plans = forms.CharField(label=gettext_lazy("Plans for the next day"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    asks = forms.BooleanField(label=gettext_lazy("I ask for an answer"), required=False, help_text=gettext_lazy("The head of the department is told at once."))


class AnswerForm(forms.Form):
    text = forms.CharField(label=pgettext_lazy("to a diary", "Answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


class MissedField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.customer.root.name} · {obj.get_kind_display()} · {obj.due_on:%Y-%m-%d}"


class WhyManyForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    promises = MissedField(
        label=gettext_lazy("For which of them"),
        queryset=Promise.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose those that this reason holds for.")},
    )

    def __init__(self, *args: Any, missed: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        promises: Any = self.fields["promises"]
        promises.queryset = missed


class PlanForm(forms.Form):
    day = DayField(label=gettext_lazy("On"))


class AgreeForm(forms.Form):
    customer = CustomerField(label=gettext_lazy("Customer"))
    kind = forms.ChoiceField(label=gettext_lazy("What is agreed"), choices=Contacting.choices)
    day = DayField(label=gettext_lazy("On"))
    subject = forms.CharField(label=gettext_lazy("What about"), max_length=200, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        customer: Any = self.fields["customer"]
        customer.user = user


class MeasureForm(forms.Form):
    visits = forms.IntegerField(
        label=gettext_lazy("Visits that a day holds"),
        min_value=1,
        max_value=MOST_A_DAY,
        help_text=gettext_lazy("As a rule 30 in town and 25 in the country."),
    )


class LineForm(forms.Form):
    order = forms.CharField(
        label=gettext_lazy("Numbers of customers in the order of the line"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=gettext_lazy("One on each line, the number first; move the lines. Who is left out comes after the others."),
    )


class RuleForm(forms.Form):
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=TIERS)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Contacting.choices)
    every = forms.IntegerField(label=gettext_lazy("Once in"), min_value=0, max_value=12, help_text=gettext_lazy("0: never."))
    unit = forms.ChoiceField(label=pgettext_lazy("once in so many", "weeks or months"), choices=Unit.choices)


class MonthForm(forms.Form):
    month = DayField(label=gettext_lazy("A day of the month"), help_text=gettext_lazy("What was moved by hand stays where it is."))
