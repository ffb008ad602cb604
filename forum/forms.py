"""Forms of the forum."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from forum.models import LEAST_CROWD, LONGEST_REASON, LONGEST_TITLE, Board, Post
from forum.sealing.models import LONGEST_REFERENCE
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

    def __init__(self, *args: Any, actor: Any, board: Board, post: Post | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.belongs_to(actor, post)
        self.fields["body"].widget.calls_url = reverse("forum:people", args=[board.pk])  # type: ignore[attr-defined]


class ThreadForm(PostForm):
    """A title besides."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    field_order = ("title", "body", "file_ids")


class PicturesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several files; what they are is looked at when they are drawn anew."""

    widget = PicturesInput(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [super(PicturesField, self).clean(file, initial) for file in data or [] if file]


class MaskForm(forms.Form):
    """What is said without a name: plain words, so that nothing comes along with them, and still pictures that are drawn anew."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    words = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}))
    pictures = PicturesField(label=_("Pictures"), required=False)

    def __init__(self, *args: Any, begins: bool, **kwargs: Any) -> None:
        kwargs["auto_id"] = "id_mask_%s"
        super().__init__(*args, **kwargs)
        if not begins:
            del self.fields["title"]


class MuteForm(forms.Form):
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=60, initial=7)
    is_everywhere = forms.BooleanField(label=_("On all boards"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, asks_where: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_where:
            del self.fields["is_everywhere"]


class UnsealingForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))
    reference = forms.CharField(label=_("File number"), max_length=LONGEST_REFERENCE, help_text=_("Of the complaint, the order or the court that asks for it."))


class PassphraseForm(forms.Form):
    passphrase = forms.CharField(label=_("Passphrase"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"}))


class ShareForm(PassphraseForm):
    """With the printed code; without it a new key is made."""

    code = forms.CharField(label=_("Printed code"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ("code", "passphrase")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2}))


class MoveForm(forms.Form):
    board = forms.ModelChoiceField(label=pgettext_lazy("of the forum", "Board"), queryset=Board.objects.none())

    def __init__(self, *args: Any, boards: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = boards  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    words = forms.CharField(
        label=_("Words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("One a line. Case, width and blanks between the letters make no difference."),
    )


class HeldForm(forms.Form):
    decision = forms.ChoiceField(
        label=pgettext_lazy("of a report", "Decision"),
        choices=[("release", _("Let it through")), ("refuse", _("Do not let it through"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where it is not let through."),
    )


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
    allows_anonymous = forms.BooleanField(
        label=_("Anonymous posts"),
        required=False,
        help_text=_("Where at least twenty people read the board. Who wrote them is sealed: nobody can look it up, you neither."),
    )
    least_crowd = forms.IntegerField(label=_("Fewest readers for anonymous posts"), min_value=LEAST_CROWD, max_value=100_000, initial=LEAST_CROWD)
    order = forms.IntegerField(label=_("Order"), min_value=0, max_value=9_999, initial=0)


def files_on(post: Post) -> list[Any]:
    """The ids of what hangs on a post and does not stand in its text."""
    return [row.pk for row in shown_on(post)]
