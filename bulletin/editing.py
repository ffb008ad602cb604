"""Notices and news in the editor."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from bulletin.models import NewsItem, Notice
from bulletin.news.forms import ADDRESS
from bulletin.news.models import LONGEST_LINK, LONGEST_SUMMARY
from bulletin.news.services.items import everyone
from bulletin.services.notices import rule_of_board
from bulletin.services.numbers import next_number
from portal.access.rules import AudienceRule
from portal.attachments.forms import AttachmentsField, PictureField
from portal.foundation.moments import DayField, MomentField
from portal.pages.editing.forms import PageEditorForm
from portal.pages.editing.panels import audience_panel, fact_panel, files_panel, schedule_panel, tabs, text_panel, title_panel
from portal.pages.editing.widgets import EditorAttachmentsWidget


class NoticeEditorForm(PageEditorForm):
    file_ids = AttachmentsField(widget=EditorAttachmentsWidget)
    pinned_until = MomentField(label=_("Pinned until"), required=False)
    opens_on = DayField(label=_("Suggestions from"), required=False)
    closes_on = DayField(label=_("Suggestions until"), required=False)
    confirm_by = MomentField(label=_("Confirm by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.department_id is None and self.parent_page is not None:
            self.instance.department_id = self.parent_page.specific.department_id
        if self.instance.document_number:
            self.fields["kind"].disabled = True
        elif number := next_number(self.instance.board):
            self.fields["kind"].help_text = _("As a document it will get the number %(number)s when it is published.") % {"number": number}
        if self.instance.binding_number is None:
            self.fields["asks_anew"].disabled = True

    def first_audience(self) -> AudienceRule:
        return rule_of_board(self.parent_page.specific)

    def clean_pinned_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["pinned_until"]
        if until is not None and until <= timezone.now() and "pinned_until" in self.changed_data:
            raise forms.ValidationError(_("This time has passed. Choose a later one, or leave it empty."))
        return until


class NewsEditorForm(PageEditorForm):
    files_name = "picture_id"

    summary = forms.CharField(label=_("In brief"), max_length=LONGEST_SUMMARY, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    picture_id = PictureField(widget=EditorAttachmentsWidget)
    link = forms.CharField(label=_("Link to the source"), max_length=LONGEST_LINK, required=False, widget=forms.URLInput, validators=[ADDRESS])

    def first_audience(self) -> AudienceRule:
        return everyone()


Notice.edit_handler = tabs(  # type: ignore[attr-defined]
    [
        title_panel(),
        text_panel(),
        files_panel("file_ids", _("Attachments")),
        audience_panel(),
        MultiFieldPanel([FieldPanel("change_note"), fact_panel("asks_anew")], heading=_("When it corrects what is published")),
    ],
    [
        FieldPanel("kind"),
        MultiFieldPanel([fact_panel("opens_on"), fact_panel("closes_on")], heading=_("Topic")),
        MultiFieldPanel([fact_panel("needs_confirmation"), fact_panel("confirm_by", _("Confirm by"))], heading=_("Confirmation")),
        fact_panel("allows_comments"),
        MultiFieldPanel([fact_panel("is_urgent"), fact_panel("pinned_until", _("Pinned until"))], heading=_("Urgent")),
        schedule_panel(),
    ],
    NoticeEditorForm,
)
NewsItem.edit_handler = tabs(  # type: ignore[attr-defined]
    [
        title_panel(),
        FieldPanel("summary", heading=_("In brief")),
        text_panel(),
        MultiFieldPanel([files_panel("picture_id", _("Picture")), FieldPanel("picture_alt")], heading=_("Picture")),
        MultiFieldPanel([FieldPanel("source"), FieldPanel("link")], heading=_("Source")),
        audience_panel(),
        FieldPanel("change_note"),
    ],
    [FieldPanel("category"), fact_panel("is_lead"), schedule_panel()],
    NewsEditorForm,
)
