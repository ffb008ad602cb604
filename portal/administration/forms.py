"""Filters of the record."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import known_verbs
from portal.foundation.moments import DayField
from portal.foundation.selects import LongSelect


class RecordFilter(forms.Form):
    words = forms.CharField(label=_("Who, or on what"), required=False, max_length=80)
    verb = forms.ChoiceField(label=_("Did"), required=False, widget=LongSelect)
    since = DayField(label=_("From day"), required=False)
    until = DayField(label=_("To day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("anything")), *known_verbs().items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day is before the first. Exchange them."))
        return values
