"""The short form in which a notice is written."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletin.fields import DayField, MomentField
from bulletin.models import Notice
from portal.access.forms import AudienceField
from portal.access.models import Audience
from portal.attachments.forms import AttachmentsField
from portal.attachments.pictures import with_own_pictures
from portal.foundation.errors import PortalError
from portal.foundation.rich_text.forms import RichTextField

PIN_DAYS = (1, 3, 7, 14, 30)
PLAIN_NAMES = (
    "title", "kind", "body", "file_ids", "is_urgent", "allows_comments", "needs_confirmation", "confirm_by", "opens_on", "closes_on", "go_live_at",
    "expire_at", "change_note", "asks_anew",
)  # fmt: skip


class NoticeForm(forms.Form):
    """Nothing is required to keep a draft; what is missing to publish is said by `publish_notice`, under the same names.

    What corrects a published notice has a note on the change. Fields that are not shown are not read.
    """

    title = forms.CharField(label=gettext_lazy("Title"), max_length=255, required=False)
    body = RichTextField(label=gettext_lazy("Text"), required=False)
    file_ids = AttachmentsField()
    audience = AudienceField(label=gettext_lazy("Who may see it"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Notice.Kind.choices, widget=forms.RadioSelect)
    opens_on = DayField(label=gettext_lazy("Suggestions from"), required=False)
    closes_on = DayField(label=gettext_lazy("Suggestions until"), required=False)
    needs_confirmation = forms.BooleanField(label=gettext_lazy("Reading must be confirmed"), required=False)
    confirm_by = MomentField(label=gettext_lazy("Confirm by"), required=False)
    allows_comments = forms.BooleanField(label=gettext_lazy("Open for comments"), required=False)
    is_urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)
    pinned_for = forms.ChoiceField(label=gettext_lazy("Pinned on top"), required=False)
    go_live_at = MomentField(label=gettext_lazy("Publish at"), required=False)
    expire_at = MomentField(label=gettext_lazy("Expires at"), required=False)
    change_note = forms.CharField(
        label=gettext_lazy("What was changed"), max_length=200, required=False, help_text=gettext_lazy("Readers see it above the text.")
    )
    asks_anew = forms.BooleanField(label=gettext_lazy("Ask for confirmation anew, and tell the readers"), required=False)

    def __init__(self, *args: Any, draft: Notice | None = None, actor: Any, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        """`draft` is the notice as it was saved last; None for one that is begun."""
        self.actor, self.draft = actor, draft
        kwargs["initial"] = {**(_initial(draft) if draft is not None else {}), **(initial or {})}
        super().__init__(*args, **kwargs)
        self.fields["file_ids"].belongs_to(actor, draft)  # type: ignore[attr-defined]
        self.fields["body"].widget.upload_url = reverse("attachments:upload_create")  # type: ignore[attr-defined]
        self.fields["title"].widget.attrs |= {"class": "title", "autocomplete": "off"}
        self.fields["pinned_for"].choices = list(_pins(draft))  # type: ignore[attr-defined]
        if draft is not None and draft.document_number:
            del self.fields["kind"]
        if draft is None or not draft.version_number:
            del self.fields["change_note"]
            del self.fields["asks_anew"]
        elif draft.binding_number is None:
            del self.fields["asks_anew"]

    def clean_body(self) -> str:
        """Pictures in the text are the writer's own, hang on the notice already, or are copied from where the writer may see them (S11)."""
        try:
            return with_own_pictures(self.cleaned_data["body"], actor=self.actor, about=self.draft)
        except PortalError as error:
            raise ValidationError(str(error)) from error

    def written(self) -> dict[str, Any]:
        """The values of the fields that have no error, for `save_draft`."""
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in PLAIN_NAMES if name in cleaned}
        if "audience" in cleaned:
            rule = cleaned["audience"]
            values["audience"] = Audience.objects.for_rule(rule) if rule is not None else None
        if "pinned_for" in cleaned and cleaned["pinned_for"] != "kept":
            begins = max(cleaned.get("go_live_at") or timezone.now(), timezone.now())
            values["pinned_until"] = begins + timedelta(days=int(cleaned["pinned_for"])) if cleaned["pinned_for"] else None
        return values

    def refuse(self, problems: dict[str, str]) -> None:
        """Show what keeps it from being published, each at its field."""
        for name, sentence in problems.items():
            self.add_error(name if name in self.fields else None, sentence)


def _initial(draft: Notice) -> dict[str, Any]:
    initial: dict[str, Any] = {name: getattr(draft, name) for name in PLAIN_NAMES}
    initial["title"] = "" if draft.title == _("Untitled") else draft.title
    initial["audience"] = draft.audience.rule if draft.audience is not None else None
    initial["pinned_for"] = "kept" if draft.is_pinned else ""
    if draft.go_live_at is not None and draft.go_live_at <= timezone.now():
        initial["go_live_at"] = None
    return initial


def _pins(draft: Notice | None) -> Iterator[tuple[str, str]]:
    yield "", _("No")
    if draft is not None and draft.is_pinned and draft.pinned_until is not None:
        yield "kept", _("until %(time)s") % {"time": date_format(timezone.localtime(draft.pinned_until), "m-d H:i")}
    for days in PIN_DAYS:
        yield str(days), _("%(number)s days") % {"number": days} if days > 1 else _("1 day")
