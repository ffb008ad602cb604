"""What a department says of suggestions, and of a topic as a whole."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bulletin.models.topics import LONGEST_ANSWER
from bulletin.services.topics import LONGEST_SUMMARY
from portal.foundation.moments import DayField


class AdoptionForm(forms.Form):
    what_will_be_done = forms.CharField(
        label=_("What will be done"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text=_("It stands under the suggestion, for everyone who reads the topic."),
    )
    due_on = DayField(label=_("Until"), required=False)


class DoneForm(forms.Form):
    what_was_done = forms.CharField(label=_("What was done"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}))


class ClosingForm(forms.Form):
    summary = forms.CharField(
        label=_("What came of it"),
        max_length=LONGEST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 8, "autofocus": True}),
        help_text=_("The summary stands at the top of the topic. Once closed, a topic stays closed."),
    )
