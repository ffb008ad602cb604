"""What people type into discussions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.discussion.models import LONGEST_COMMENT
from portal.discussion.services import LONGEST_REASON


class CommentForm(forms.Form):
    """Its length is judged by the service, so that a text that is too long comes back whole."""

    body = forms.CharField(
        label=_("Comment"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "data-most": LONGEST_COMMENT}),
    )


class RemovalForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=LONGEST_REASON, widget=forms.TextInput(attrs={"dir": "auto"}))
