"""Forms about boards: how they are kept, who publishes for a time, further boards, and reasons."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletin.models import BoardReference, DepartmentBoard, Notice
from bulletin.publishing import publishing_departments
from portal.accounts.models import User
from portal.foundation.moments import DayField
from portal.organization.models import Department
from portal.organization.querysets import today


class BoardForm(forms.ModelForm):
    class Meta:
        model = DepartmentBoard
        fields = ["document_prefix", "needs_second_person"]


class DelegationForm(forms.Form):
    """Who publishes for the department, from a day to a day."""

    person = forms.CharField(
        label=gettext_lazy("Person"), max_length=60, help_text=gettext_lazy("Name or employee number, of whichever department."), widget=forms.TextInput
    )
    starts_on = DayField(label=gettext_lazy("First day"), initial=today)
    ends_on = DayField(label=gettext_lazy("Last day"), initial=lambda: today() + timedelta(days=30), help_text=gettext_lazy("This day is included."))

    def clean_person(self) -> User:
        """One active employee, by number or by whole name; the sentence names those who fit where there are several."""
        words = self.cleaned_data["person"].strip()
        found = list(User.objects.active().employees().matching(words)[:6])
        exact = [person for person in found if words in (person.employee_number, person.name, f"{person.name} ({person.employee_number})")] or found
        if len(exact) == 1:
            return exact[0]
        if not exact:
            raise forms.ValidationError(_("Nobody is called “%(words)s”. Type a name or an employee number.") % {"words": words})
        names = _(", ").join(f"{person.name} ({person.employee_number})" for person in exact)
        raise forms.ValidationError(_("“%(words)s” fits several: %(names)s. Type the number.") % {"words": words, "names": names})


class ReferenceForm(forms.Form):
    """A further board for a notice: one of those for which this person publishes, on which it does not stand yet."""

    department = forms.ModelChoiceField(label=gettext_lazy("Board"), queryset=Department.objects.none(), empty_label=None)

    def __init__(self, *args: Any, notice: Notice, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = BoardReference.objects.filter(notice=notice).values("department")
        choices = Department.objects.filter(pk__in=publishing_departments(actor)).exclude(pk=notice.department_id).exclude(pk__in=taken).in_tree_order()
        self.fields["department"].queryset = choices  # type: ignore[attr-defined]

    @property
    def has_choice(self) -> bool:
        return self.fields["department"].queryset.exists()  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a notice is retracted."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Goes on record, and to those who publish for the department."),
        error_messages={"required": gettext_lazy("Say why it is retracted.")},
    )


class CommentForm(forms.Form):
    """Why a notice is sent back."""

    comment = forms.CharField(
        label=gettext_lazy("What should be changed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what should be changed.")},
    )
