"""Forms of surveys."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.customers.models import Customer, Portfolio
from crm.customers.models.tiers import Tier
from crm.surveys.models import Question, Survey
from crm.surveys.models.surveys import END
from crm.surveys.services.sheets import MOST_AT_ONCE
from portal.access.forms import AudienceField
from portal.directory.fields import PersonField
from portal.foundation.moments import DayField

Kind = Question.Kind
AREA = forms.Textarea(attrs={"rows": 4})


class DaysForm(forms.Form):
    last_on = DayField(label=gettext_lazy("Last day"), help_text=gettext_lazy("On this day answers are still taken."))

    @staticmethod
    def day_after(day: date) -> date:
        return day + timedelta(days=1)


class SurveyForm(DaysForm):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)
    introduction = forms.CharField(
        label=gettext_lazy("Introduction"), max_length=2_000, required=False, widget=AREA, help_text=gettext_lazy("Stands above the first question.")
    )
    whom = forms.ChoiceField(label=gettext_lazy("Who is asked"), choices=Survey.Whom.choices, widget=forms.RadioSelect, initial=Survey.Whom.CUSTOMERS)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Customers of these kinds"), choices=Customer.Kind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen means all; so with tiers and portfolios."),
    )  # fmt: skip
    tiers = forms.MultipleChoiceField(label=gettext_lazy("of these tiers"), choices=Tier.choices, required=False, widget=forms.CheckboxSelectMultiple)
    portfolios = forms.ModelMultipleChoiceField(queryset=Portfolio.objects.none(), label=gettext_lazy("of these portfolios"), required=False)
    rule = AudienceField(label=gettext_lazy("People of the staff"), required=False)
    is_anonymous = forms.BooleanField(
        label=gettext_lazy("Anonymous"), required=False,
        help_text=gettext_lazy("Nobody can find out who answered what. It cannot be changed once the survey is published."),
    )  # fmt: skip
    starts_on = DayField(label=gettext_lazy("First day"))
    field_order = ("title", "introduction", "whom", "kinds", "tiers", "portfolios", "rule", "is_anonymous", "starts_on", "last_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        portfolios: Any = self.fields["portfolios"]
        portfolios.queryset = Portfolio.objects.filter(closed_on__isnull=True)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("whom") == Survey.Whom.STAFF and not values.get("rule") and "rule" not in self.errors:
            self.add_error("rule", _("Say which people of the staff are asked."))
        if values.get("starts_on") and values.get("last_on") and values["last_on"] < values["starts_on"]:
            self.add_error("last_on", _("The last day lies before the first."))
        return values


class QuestionForm(forms.Form):
    """For one kind of question; what does not belong to it is left out."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=gettext_lazy("Question"), max_length=300)
    help = forms.CharField(label=pgettext_lazy("of a question", "Help"), max_length=500, required=False)
    options = forms.CharField(
        label=gettext_lazy("Options"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Each on a line of its own, in their order."),
    )
    has_other = forms.BooleanField(label=gettext_lazy("With “other: ___”"), required=False)
    least = forms.DecimalField(label=gettext_lazy("Least"), max_digits=12, decimal_places=2, required=False)
    most = forms.DecimalField(label=gettext_lazy("Most"), max_digits=12, decimal_places=2, required=False)
    low_words = forms.CharField(label=gettext_lazy("Words at the lower end"), max_length=40, required=False)
    high_words = forms.CharField(label=gettext_lazy("Words at the upper end"), max_length=40, required=False)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=20, required=False)
    is_long = forms.BooleanField(label=gettext_lazy("Long text"), required=False)
    is_required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = FIELDS.get(Kind(kind), ())
        for name in [name for name in self.fields if name not in ("seen", "text", "help", "is_required", *own)]:
            del self.fields[name]
        if kind == Kind.SECTION:
            del self.fields["is_required"]
            self.fields["text"].label = _("Heading of the page")
        if kind == Kind.SCALE:
            self.fields["least"].required = self.fields["most"].required = True
        if kind == Kind.MANY:
            self.fields["least"].label, self.fields["most"].label = _("At least so many"), _("At most so many")


FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.ONE: ("options", "has_other"),
    Kind.MANY: ("options", "has_other", "least", "most"),
    Kind.RANKING: ("options",),
    Kind.SCALE: ("least", "most", "low_words", "high_words"),
    Kind.NUMBER: ("least", "most", "unit"),
    Kind.TEXT: ("is_long",),
}


class JumpsForm(forms.Form):
    """For each option of a question where one goes on."""

    def __init__(self, *args: Any, question: Question, later: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("the next question")), *later, (END, _("to the end"))]
        for key, words in question.choices:
            label = _("After “%(option)s”") % {"option": words}
            self.fields[f"to-{key}"] = forms.ChoiceField(label=label, choices=choices, required=False, initial=question.leads.get(key, ""))


class SheetsForm(forms.Form):
    number = forms.IntegerField(label=gettext_lazy("How many sheets"), min_value=1, max_value=MOST_AT_ONCE)


class MeasureForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What is mended"), max_length=300)
    owner = PersonField(label=gettext_lazy("Who does it"))
    due_on = DayField(label=pgettext_lazy("a day", "Until"))


class DoneForm(forms.Form):
    done = forms.CharField(label=pgettext_lazy("of a measure", "What was done"), max_length=500, widget=AREA)


class JudgeForm(forms.Form):
    is_accepted = forms.TypedChoiceField(
        label=gettext_lazy("Judgement"), choices=[("yes", gettext_lazy("It helps: accepted")), ("no", gettext_lazy("Not enough: to be done again"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    judgement = forms.CharField(label=gettext_lazy("In words"), max_length=500, widget=AREA)


class ResultForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What those who answered are told"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("With it they see how many answered and what is mended."),
    )  # fmt: skip


class EvaluationForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What the survey has brought"), max_length=2_000, widget=AREA)
