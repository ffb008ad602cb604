"""Forms of the forum."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from forum.models import LONGEST_REASON, LONGEST_TITLE, Board, Post
from portal.access.forms import AudienceField
from portal.attachments.forms import AttachmentsField
from portal.attachments.queries import shown_on
from portal.foundation.rich_text.forms import RichTextField
from portal.organization.models import Duty
from portal.pages.forms import WithFiles


class PostForm(WithFiles, forms.Form):
    """What is said, with files."""

    files_name = "file_ids"

    body = RichTextField(label=_("Text"), required=False)
    file_ids = AttachmentsField()

    def __init__(self, *args: Any, actor: Any, post: Post | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.belongs_to(actor, post)


class ThreadForm(PostForm):
    """A title besides."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    field_order = ("title", "body", "file_ids")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2}))


class MoveForm(forms.Form):
    board = forms.ModelChoiceField(label=pgettext_lazy("of the forum", "Board"), queryset=Board.objects.none())

    def __init__(self, *args: Any, boards: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = boards  # type: ignore[attr-defined]


class DecisionForm(ReasonForm):
    decision = forms.ChoiceField(
        label=pgettext_lazy("of a report", "Decision"), choices=[("hide", _("Hide the post")), ("leave", _("Leave it"))], widget=forms.RadioSelect
    )
    field_order = ("decision", "reason")


class BoardForm(forms.Form):
    name = forms.CharField(label=_("Name of the board"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=90, required=False)
    purpose = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    audience = AudienceField(label=_("Who reads and writes there"))
    duty = forms.ModelChoiceField(label=_("Moderators"), queryset=Duty.objects.all(), required=False, help_text=_("Whoever holds this duty on the day."))
    order = forms.IntegerField(label=_("Order"), min_value=0, max_value=9_999, initial=0)


def files_on(post: Post) -> list[Any]:
    """The ids of what hangs on a post and does not stand in its text."""
    return [row.pk for row in shown_on(post)]
