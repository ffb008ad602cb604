"""The form of a notice in the editor."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm

from bulletin.errors import PublicationError
from bulletin.fields import DayField, DayInput, MomentField
from bulletin.models import Notice
from bulletin.services.notices import refuse_what_is_missing
from portal.access.forms import AudienceField
from portal.access.models import Audience
from portal.attachments.forms import AttachmentsField
from portal.attachments.pictures import with_own_pictures
from portal.foundation.errors import PortalError
from portal.foundation.rich_text.forms import RichTextField
from portal.pages.widgets import EditorAttachmentsWidget, EditorAudienceWidget

APPROVALS = ("action-submit", "action-restart-workflow", "action-cancel-workflow", "action-workflow-action")


class NoticeEditorForm(WagtailAdminPageForm):
    """Refuses at its fields what keeps a notice from being published; a draft needs a title only."""

    body = RichTextField(label=gettext_lazy("Text"), required=False)
    file_ids = AttachmentsField(widget=EditorAttachmentsWidget)
    audience = AudienceField(label=gettext_lazy("Who may see it"), required=False, widget=EditorAudienceWidget)
    pinned_until = MomentField(label=gettext_lazy("Pinned until"), required=False)
    opens_on = DayField(label=gettext_lazy("Suggestions from"), required=False, widget=DayInput)
    closes_on = DayField(label=gettext_lazy("Suggestions until"), required=False, widget=DayInput)
    confirm_by = MomentField(label=gettext_lazy("Confirm by"), required=False)
    go_live_at = MomentField(label=gettext_lazy("Publish at"), required=False)
    expire_at = MomentField(label=gettext_lazy("Expires at"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.department_id is None and self.parent_page is not None:
            self.instance.department_id = self.parent_page.specific.department_id
        about = self.instance if self.instance.pk else None
        self.fields["file_ids"].belongs_to(self.for_user, about)  # type: ignore[attr-defined]
        self.fields["body"].widget.upload_url = reverse("attachments:upload_create")  # type: ignore[attr-defined]
        self.initial["audience"] = self.instance.audience.rule if self.instance.audience_id else None
        if self.instance.document_number:
            self.fields["kind"].disabled = True
        if not self.instance.version_number:
            for name in ("change_note", "asks_anew"):
                self.fields[name].disabled = True

    def clean_audience(self) -> Audience | None:
        rule = self.cleaned_data["audience"]
        return Audience.objects.for_rule(rule) if rule is not None else None

    def clean_body(self) -> str:
        """Pictures in the text are the writer's own, hang on the notice already, or are copied from where the writer may see them (S11)."""
        try:
            return with_own_pictures(self.cleaned_data["body"], actor=self.for_user, about=self.instance)
        except PortalError as error:
            raise ValidationError(str(error)) from error

    def _post_clean(self) -> None:
        super()._post_clean()
        notice: Notice = self.instance
        if any(self.data.get(name) for name in APPROVALS):
            self.add_error(None, _("Approval is asked for, given and taken back on the portal's own pages."))
        if not self.data.get("action-publish") or self.errors:
            return
        try:
            refuse_what_is_missing(notice)
        except PublicationError as refusal:
            for name, sentence in refusal.problems.items():
                self.add_error(name if name in self.fields else None, sentence)
        if notice.has_workflow:
            self.add_error(None, _("In this department a second person approves before anything is published."))
