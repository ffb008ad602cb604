"""Our controls for the editor, which has not our own sheet and script."""

from django import forms
from django.forms.widgets import Script

from portal.access.forms import AudienceWidget
from portal.attachments.forms import AttachmentsWidget

MEDIA = forms.Media(js=[Script("js/editor.js", type="module")])  # type: ignore[list-item]


class EditorAudienceWidget(AudienceWidget):
    @property
    def media(self) -> forms.Media:
        return MEDIA


class EditorAttachmentsWidget(AttachmentsWidget):
    @property
    def media(self) -> forms.Media:
        return MEDIA
