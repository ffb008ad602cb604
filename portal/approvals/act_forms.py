"""The small forms of acts on a paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.approvals.definitions.routes import REVISE
from portal.approvals.services.asking import LONGEST_NOTE
from portal.approvals.services.deciding import LONGEST_OPINION
from portal.directory.fields import PersonField

MOST_AT_ONCE = 5


def _opinion(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=LONGEST_OPINION, widget=forms.Textarea(attrs={"rows": 4}))


def _note(label: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(forms.Form):
    """To whom, what then, and why."""

    to = forms.ChoiceField(label=_("Return to"), widget=forms.RadioSelect)
    then = forms.ChoiceField(
        label=_("Afterwards"),
        choices=[("all", _("through all steps again")), ("straight", _("straight back to me"))],
        widget=forms.RadioSelect,
        initial="straight",
        help_text=_("Where an amount, a department or a file is changed, all have to decide again in any case."),
    )
    opinion = _opinion(_("What has to be changed"))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = targets  # type: ignore[attr-defined]
        self.fields["to"].initial = REVISE


class TransferForm(forms.Form):
    to = PersonField(label=_("Hand it on to"))
    reason = _note(_("Why"))


class QuestionForm(forms.Form):
    whom = PersonField(label=_("Whom to ask"))
    question = _note(_("What you want to know"), required=True)


class SignerForm(forms.Form):
    whom = PersonField(label=_("Who signs too"))
    place = forms.ChoiceField(
        label=_("When"),
        choices=[("before", _("before me: I am asked again once they have approved")), ("after", _("after me: they are asked once I have approved"))],
        widget=forms.RadioSelect,
        initial="before",
    )
    reason = _note(_("Why"))


class AnswerForm(forms.Form):
    opinion = _opinion(_("Your opinion"))


class VoidForm(forms.Form):
    reason = _note(_("Why it should not hold any more"), required=True)


class WithdrawalForm(forms.Form):
    reason = _note(_("Why"))


class CopiesForm(forms.Form):
    """Up to five people at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(MOST_AT_ONCE):
            self.fields[f"person_{number}"] = PersonField(label=_("Send a copy to") if number == 0 else _("and"), required=number == 0)

    def people(self) -> list[Any]:
        return list(dict.fromkeys(person for person in self.cleaned_data.values() if person is not None))
