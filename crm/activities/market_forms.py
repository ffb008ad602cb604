"""Forms of market reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from crm.activities.models import MarketCall
from crm.activities.models.market_reports import LEAST, LONGEST, MOST, QUESTIONS, question
from portal.foundation.moments import DayField, refuse_turned
from portal.organization.models import Department

GRADES = [(number, str(number)) for number in range(MOST, LEAST - 1, -1)]


class DepartmentField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class MarketCallForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("On what"), choices=MarketCall.Kind.choices)
    department = DepartmentField(
        label=gettext_lazy("Department"),
        queryset=Department.objects.none(),
        help_text=gettext_lazy("Each open portfolio in it and in the departments below owes a report."),
    )
    first_day = DayField(label=gettext_lazy("Period from"))
    last_day = DayField(label=gettext_lazy("Period to"))
    due_on = DayField(label=gettext_lazy("Due on"), help_text=gettext_lazy("Whoever owes one is told at once, and again on the morning of this day."))
    words = forms.CharField(label=gettext_lazy("What to look at above all"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department: Any = self.fields["department"]
        department.queryset = departments

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        refuse_turned(self, values, "first_day", "last_day")
        return values


class MarketReportForm(forms.Form):
    """The questions of a kind, the same for everybody."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in QUESTIONS[kind]:
            self.fields[name] = forms.CharField(label=question(name), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))


class JudgeForm(forms.Form):
    """`seen` is the wording that was read."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class BackForm(JudgeForm):
    reason = forms.CharField(label=gettext_lazy("What is missing"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class GradeForm(JudgeForm):
    accuracy = forms.TypedChoiceField(
        label=gettext_lazy("Accuracy, 5 is best"),
        choices=GRADES,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Speed is reckoned by the portal and needs no grade."),
    )
    verdict = forms.CharField(label=gettext_lazy("Why this grade"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
