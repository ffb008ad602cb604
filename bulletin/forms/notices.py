"""The short form in which a notice is written."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletin.models import Notice
from portal.attachments.forms import AttachmentsField
from portal.foundation.moments import DayField, MomentField
from portal.pages.forms import PageForm

PIN_DAYS = (1, 3, 7, 14, 30)


class NoticeForm(PageForm):
    model = Notice

    file_ids = AttachmentsField()
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Notice.Kind.choices, widget=forms.RadioSelect)
    opens_on = DayField(label=gettext_lazy("Suggestions from"), required=False)
    closes_on = DayField(label=gettext_lazy("Suggestions until"), required=False)
    needs_confirmation = forms.BooleanField(label=gettext_lazy("Reading must be confirmed"), required=False)
    confirm_by = MomentField(label=gettext_lazy("Confirm by"), required=False)
    allows_comments = forms.BooleanField(label=gettext_lazy("Open for comments"), required=False)
    is_urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)
    pinned_for = forms.ChoiceField(label=gettext_lazy("Pinned on top"), required=False)
    asks_anew = forms.BooleanField(label=gettext_lazy("Ask for confirmation anew, and tell the readers"), required=False)

    def __init__(self, *args: Any, draft: Notice | None = None, **kwargs: Any) -> None:
        super().__init__(*args, draft=draft, **kwargs)
        self.fields["pinned_for"].choices = list(_pins(draft))  # type: ignore[attr-defined]
        if draft is not None and draft.document_number:
            del self.fields["kind"]
        if draft is None or draft.binding_number is None:
            del self.fields["asks_anew"]

    def values_of(self, draft: Notice) -> dict[str, Any]:
        is_asked_anew = draft.asks_anew and draft.latest_revision_id != draft.live_revision_id
        return super().values_of(draft) | {"pinned_for": "kept" if draft.is_pinned else "", "asks_anew": is_asked_anew}

    def written(self) -> dict[str, Any]:
        values, chosen = super().written(), self.cleaned_data.get("pinned_for", "kept")
        if chosen != "kept":
            begins = max(values.get("go_live_at") or timezone.now(), timezone.now())
            values["pinned_until"] = begins + timedelta(days=int(chosen)) if chosen else None
        return values


def _pins(draft: Notice | None) -> Iterator[tuple[str, str]]:
    yield "", _("No")
    if draft is not None and draft.is_pinned and draft.pinned_until is not None:
        yield "kept", _("until %(time)s") % {"time": date_format(timezone.localtime(draft.pinned_until), "m-d H:i")}
    for days in PIN_DAYS:
        yield str(days), _("%(number)s days") % {"number": days} if days > 1 else _("1 day")
