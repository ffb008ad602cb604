"""Forms in which articles are written, and decided on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from knowledge.models import Article, ArticleCategory, Verification
from knowledge.models.articles import MOST_MONTHS
from knowledge.tree import read_tree
from portal.attachments.forms import AttachmentsField
from portal.directory.fields import DepartmentField, PersonField, PositionField
from portal.pages.forms import PageForm


class CategoryField(forms.ModelChoiceField):
    """A category, with those above it."""

    def __init__(self, **kwargs: Any) -> None:
        self.labels: dict[int, str] = {}
        super().__init__(queryset=ArticleCategory.objects.all(), **kwargs)

    def label_from_instance(self, obj: ArticleCategory) -> str:
        return self.labels.get(obj.pk, obj.label)

    def read(self) -> None:
        """The choices in the order of the tree, by one query."""
        tree = read_tree()
        self.labels = {row.pk: tree.label(row.pk) for row in tree.rows}
        self.choices = [("", "---------"), *((row.pk, self.labels[row.pk]) for row in tree.rows)]


class ArticleForm(PageForm):
    model = Article
    go_live_at = None  # type: ignore[assignment]  # so Django takes a field away
    expire_at = None  # type: ignore[assignment]

    summary = forms.CharField(
        label=gettext_lazy("In brief"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One or two sentences that say what it helps with; lists show them."),
    )
    file_ids = AttachmentsField()
    department = DepartmentField(label=gettext_lazy("Department"), required=False)
    owner_position = PositionField(
        label=gettext_lazy("Answers for it"),
        required=False,
        help_text=gettext_lazy("A position of this department, whoever holds it. Where none is said or nobody holds it, the head does."),
    )
    review_months = forms.IntegerField(label=gettext_lazy("Reviewed every so many months"), min_value=1, max_value=MOST_MONTHS, initial=12)


class MoveForm(forms.Form):
    """The category an article is put into."""

    category = CategoryField(label=pgettext_lazy("of knowledge", "Category"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].read()  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    person = PersonField(label=gettext_lazy("Person"), help_text=gettext_lazy("Somebody who knows the subject and did not write it."))


class ReviewForm(forms.Form):
    """What who answers for an article found."""

    outcome = forms.ChoiceField(label=gettext_lazy("What is to happen"), choices=Verification.Outcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What was looked at; to withdraw it, why."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Goes on record, and to those who write it."),
        error_messages={"required": gettext_lazy("Say why it is withdrawn.")},
    )


class SuggestionForm(forms.Form):
    """What a reader would change in a passage."""

    quoted = forms.CharField(
        label=gettext_lazy("Passage"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Mark it in the article before you press, or copy it here."),
    )
    text = forms.CharField(
        label=gettext_lazy("What should be changed"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what should be changed.")},
    )
    anchor = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)


class CategoryForm(forms.ModelForm):
    title = forms.CharField(label=gettext_lazy("Name"), max_length=80)

    class Meta:
        model = ArticleCategory
        fields = ["title", "name_en", "description", "keepers", "order"]
