"""Forms about boards: how they are kept, who publishes for a time, further boards, and reasons."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from bulletin.models import BoardReference, DepartmentBoard, Notice
from bulletin.publishing import publishing_departments
from portal.directory.fields import DepartmentField, PersonField
from portal.foundation.moments import DayField
from portal.organization.models import Department
from portal.organization.querysets import today


class BoardForm(forms.ModelForm):
    class Meta:
        model = DepartmentBoard
        fields = ["document_prefix", "needs_second_person"]


class DelegationForm(forms.Form):
    """Who publishes for the department, from a day to a day."""

    person = PersonField(label=gettext_lazy("Person"), help_text=gettext_lazy("Name or employee number, of whichever department."))
    starts_on = DayField(label=gettext_lazy("First day"), initial=today)
    ends_on = DayField(label=gettext_lazy("Last day"), initial=lambda: today() + timedelta(days=30), help_text=gettext_lazy("This day is included."))


class ReferenceForm(forms.Form):
    """A further board for a notice: one of those for which this person publishes, on which it does not stand yet."""

    department = DepartmentField(label=gettext_lazy("Board"), queryset=Department.objects.none(), empty_label=None)

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
