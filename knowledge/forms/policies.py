"""Forms in which policies are written, granted and repealed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from knowledge.models import Policy, PolicyReview, PolicyShelf
from knowledge.models.policies import MOST_MONTHS
from portal.access.policies import visible_to
from portal.attachments.forms import AttachmentsField
from portal.directory.fields import DepartmentField, PersonField, PositionField
from portal.foundation.moments import DayField, MomentField
from portal.organization.models import Duty
from portal.organization.querysets import today
from portal.pages.forms import PageForm


class RepealsField(forms.ModelMultipleChoiceField):
    """Policies that a new one replaces, as the list of their keys. `own` is the one that is written, which cannot be among them."""

    own: int | None = None
    default_error_messages = {
        "invalid_choice": gettext_lazy("One of these cannot be replaced by this one: it is another department's, repealed already, or above your clearance.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Policy.objects.none(), **kwargs)

    def label_from_instance(self, obj: Policy) -> str:
        return f"{obj.number} {obj.title}"

    def clean(self, value: Any) -> Any:
        if self.own is not None and str(self.own) in {str(one) for one in value or []}:
            raise ValidationError(_("A policy cannot replace itself. Publish a new version of it."))
        return [policy.pk for policy in super().clean(value)]


class DocumentForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Word document"),
        max_length=255,
        help_text=gettext_lazy("A .docx file. Chapters, articles and items are recognised, also those that Word numbers by itself."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        error_messages={"required": gettext_lazy("Choose the document.")},
    )


class PolicyForm(PageForm):
    model = Policy
    go_live_at = None  # type: ignore[assignment]  # so Django takes a field away
    expire_at = None  # type: ignore[assignment]

    file_ids = AttachmentsField()
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Policy.Kind.choices)
    category = forms.ChoiceField(label=pgettext_lazy("of knowledge", "Category"), choices=Policy.Category.choices)
    effective_on = DayField(label=gettext_lazy("In force from"), required=False)
    backdating_reason = forms.CharField(
        label=gettext_lazy("Why it takes effect before it is published"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only where the day has passed; readers see it."),
    )
    interpreting_department = DepartmentField(label=gettext_lazy("Interpreted by"), required=False)
    leader = forms.ModelChoiceField(
        label=gettext_lazy("Leader in charge"),
        queryset=Duty.objects.all(),
        required=False,
        help_text=gettext_lazy("Who holds this duty, and nobody else, grants others to read it."),
    )
    review_months = forms.IntegerField(label=gettext_lazy("Reviewed every so many months"), min_value=1, max_value=MOST_MONTHS, initial=36)
    needs_confirmation = forms.BooleanField(label=gettext_lazy("Reading must be confirmed"), required=False)
    confirm_by = MomentField(label=gettext_lazy("Confirm by"), required=False)
    asks_anew = forms.BooleanField(
        label=gettext_lazy("Ask for confirmation anew, and tell the readers"),
        required=False,
        help_text=gettext_lazy("Without it this is a minor correction: who has confirmed need not do so again."),
    )
    is_listed = forms.BooleanField(
        label=gettext_lazy("The title stands in the register for all employees"),
        required=False,
        help_text=gettext_lazy("Who may not read it can then ask the leader in charge."),
    )
    repeals = RepealsField(
        label=gettext_lazy("Replaces"), required=False, help_text=gettext_lazy("These are repealed on the day on which this one takes effect.")
    )

    def __init__(self, *args: Any, draft: Policy | None = None, actor: Any, department_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, draft=draft, actor=actor, **kwargs)
        department = draft.department_id if draft is not None else department_id
        others = Policy.objects.filter(is_shown=True, repealed_on__isnull=True, department=department)
        others = others | Policy.objects.filter(pk__in=draft.repeals if draft is not None else [])
        others = visible_to(Policy, actor, others.exclude(pk=draft.pk if draft is not None else None))
        self.fields["repeals"].queryset = others.order_by("number")  # type: ignore[attr-defined]
        self.fields["repeals"].own = draft.pk if draft is not None else None  # type: ignore[attr-defined]
        if draft is None or draft.binding_number is None:
            del self.fields["asks_anew"]

    def values_of(self, draft: Policy) -> dict[str, Any]:
        is_asked_anew = draft.asks_anew and draft.latest_revision_id != draft.live_revision_id
        return super().values_of(draft) | {"asks_anew": is_asked_anew}


class ShelfForm(forms.ModelForm):
    class Meta:
        model = PolicyShelf
        fields = ["prefix", "writers"]


class GrantForm(forms.Form):
    """To whom, from a day to a day, and why."""

    person = PersonField(label=gettext_lazy("Person"), required=False)
    position = PositionField(label=gettext_lazy("or position"), required=False)
    department = DepartmentField(label=gettext_lazy("or department, with those below"), required=False)
    starts_on = DayField(label=gettext_lazy("First day"), initial=today)
    ends_on = DayField(label=gettext_lazy("Last day"), initial=lambda: today() + timedelta(days=30), help_text=gettext_lazy("This day is included."))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, help_text=gettext_lazy("Goes on record."))


class RequestForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("What you need it for"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    """Until when, or why not."""

    ends_on = DayField(label=gettext_lazy("Last day"), required=False, initial=lambda: today() + timedelta(days=30))
    answer = forms.CharField(label=gettext_lazy("Answer"), max_length=300, required=False)


class RepealForm(forms.Form):
    effective_on = DayField(label=gettext_lazy("No longer in force from"), initial=today)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class PolicyReviewForm(forms.Form):
    """What those in charge found."""

    outcome = forms.ChoiceField(label=gettext_lazy("What is to happen"), choices=PolicyReview.Outcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What was looked at; to revise or repeal it, what no longer fits."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionWithdrawalForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
