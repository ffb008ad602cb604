"""Forms of saved views."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.access.forms import AudienceField, AudienceWidget


class ViewForm(forms.Form):
    """A name, and whom the view is shared with: nobody is its owner alone."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=60)
    rule = AudienceField(
        label=_("Shared with"),
        required=False,
        widget=AudienceWidget(allows_exceptions=False),
        help_text=_("Nobody: the view is yours alone. Whoever opens it sees the rows that are theirs to see."),
    )
    starts = forms.BooleanField(label=_("Open the list with it"), required=False)

    def __init__(self, *args: Any, may_start: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_start:
            del self.fields["starts"]
