"""The form of a page in the editor."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm

from portal.access.forms import AudienceField
from portal.access.models import Audience
from portal.access.rules import AudienceRule
from portal.foundation.moments import MomentField
from portal.foundation.rich_text.forms import RichTextField
from portal.pages.editing.widgets import EditorAudienceWidget
from portal.pages.errors import PublicationError
from portal.pages.forms import WithFiles
from portal.pages.lifecycle import refuse_what_is_missing

KEY = r"^[0-9a-f]{32}$"
APPROVALS = ("action-submit", "action-restart-workflow", "action-cancel-workflow", "action-workflow-action")


class PageEditorForm(WithFiles, WagtailAdminPageForm):
    """Refuses at its fields what keeps a page from being published; a draft needs a title only."""

    fields: dict[str, forms.Field]
    body = RichTextField(label=gettext_lazy("Text"), required=False)
    audience = AudienceField(label=gettext_lazy("Who may see it"), required=False, widget=EditorAudienceWidget)
    go_live_at = MomentField(label=gettext_lazy("Publish at"), required=False)
    expire_at = MomentField(label=gettext_lazy("Expires at"), required=False)
    key = forms.RegexField(KEY, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.belongs_to(self.for_user, self.instance if self.instance.pk else None)
        self.initial["audience"] = self.instance.audience.rule if self.instance.audience_id else self.first_audience() if not self.instance.pk else None
        if self.instance.pk:
            del self.fields["key"]
        else:
            self.initial["key"] = uuid4().hex
        if self.instance.published_at is None:
            self.fields["change_note"].disabled = True

    def first_audience(self) -> AudienceRule | None:
        """Whom a new page is for until its author chooses."""
        return None

    def clean_audience(self) -> Audience | None:
        rule = self.cleaned_data["audience"]
        return Audience.objects.for_rule(rule) if rule is not None else None

    def _post_clean(self) -> None:
        if self.cleaned_data.get("key"):
            self.instance.slug = self.cleaned_data["key"]  # by which what this form has made is found again (`wagtail_hooks.make_once`)
        super()._post_clean()
        if any(self.data.get(name) for name in APPROVALS):
            self.add_error(None, _("Approval is asked for, given and taken back on the portal's own pages."))
        if not self.data.get("action-publish") or self.errors:
            return
        try:
            refuse_what_is_missing(self.instance)
        except PublicationError as refusal:
            for name, sentence in refusal.problems.items():
                self.add_error(name if name in self.fields else None, sentence)
        if self.instance.has_workflow:
            self.add_error(None, _("In this department a second person approves before anything is published."))
