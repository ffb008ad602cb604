"""What stands where in the editor, and how two revisions are compared."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import FieldComparison
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, Panel, TabbedInterface

from bulletin.editing.forms import NoticeEditorForm
from bulletin.models import Notice
from portal.access.words import describe_rule
from portal.attachments.models import Attachment
from portal.foundation.rich_text import difference


class TextComparison(FieldComparison):
    """What was changed, marked in the text itself."""

    def htmldiff(self) -> SafeString:
        return format_html('<div class="prose changes">{}</div>', difference(self.val_a or "", self.val_b or ""))


class _NamedComparison(FieldComparison):
    """Old and new by name."""

    def htmldiff(self) -> SafeString:
        return format_html("<del>{}</del> <ins>{}</ins>", self.named(self.val_a), self.named(self.val_b))

    def named(self, value: Any) -> str:
        raise NotImplementedError


class AudienceComparison(_NamedComparison):
    def named(self, value: Any) -> str:
        return describe_rule(value.rule) if value is not None else "—"


class FilesComparison(_NamedComparison):
    def named(self, value: Any) -> str:
        names = dict(Attachment.objects.filter(pk__in=value or []).values_list("pk", "name"))
        return ", ".join(names.get(pk, "—") for pk in value or []) or "—"


class ComparedPanel(FieldPanel):
    """A panel with its own way to compare."""

    def __init__(self, field_name: str, comparison: type[FieldComparison], **kwargs: Any) -> None:
        super().__init__(field_name, **kwargs)
        self.comparison = comparison

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"comparison": self.comparison}

    def get_comparison_class(self) -> type[FieldComparison]:
        return self.comparison


def _content() -> Iterator[Panel]:
    yield FieldPanel("title", classname="title")
    yield ComparedPanel("body", TextComparison, heading=_("Text"))
    yield ComparedPanel("file_ids", FilesComparison, heading=_("Attachments"))
    yield ComparedPanel("audience", AudienceComparison, heading=_("Who may see it"))
    yield MultiFieldPanel([FieldPanel("change_note"), FieldPanel("asks_anew")], heading=_("When it corrects what is published"))


def _publication() -> Iterator[Panel]:
    yield FieldPanel("kind")
    yield MultiFieldPanel([FieldPanel("opens_on"), FieldPanel("closes_on")], heading=_("Topic"))
    yield MultiFieldPanel([FieldPanel("needs_confirmation"), FieldPanel("confirm_by", heading=_("Confirm by"))], heading=_("Confirmation"))
    yield FieldPanel("allows_comments")
    yield MultiFieldPanel([FieldPanel("is_urgent"), FieldPanel("pinned_until", heading=_("Pinned until"))], heading=_("Urgent"))
    yield MultiFieldPanel([FieldPanel("go_live_at", heading=_("Publish at")), FieldPanel("expire_at", heading=_("Expires at"))], heading=_("When"))


Notice.edit_handler = TabbedInterface(  # type: ignore[attr-defined]
    [ObjectList(list(_content()), heading=_("Content")), ObjectList(list(_publication()), heading=_("Publication"))],
    base_form_class=NoticeEditorForm,
)
Notice.preview_modes = []  # type: ignore[attr-defined,assignment]
