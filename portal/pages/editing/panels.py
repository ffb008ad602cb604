"""What stands in the editor of every page, and how two revisions of it are compared."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.template.defaultfilters import yesno
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import FieldComparison
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, Panel, TabbedInterface
from wagtail.admin.widgets import AdminAutoHeightTextInput

from portal.access.models import Audience
from portal.access.words import describe_rule
from portal.attachments.models import Attachment
from portal.foundation.rich_text import difference
from portal.pages.editing.forms import PageEditorForm


class TextComparison(FieldComparison):
    """What was changed, marked in the text itself."""

    def htmldiff(self) -> SafeString:
        return format_html('<div class="prose changes">{}</div>', difference(self.val_a or "", self.val_b or ""))


class NamedComparison(FieldComparison):
    """Old and new as `named` says them."""

    def __init__(self, *args: Any, named: Callable[[Any], str]) -> None:
        super().__init__(*args)
        self.named = named

    def htmldiff(self) -> SafeString:
        return format_html("<del>{}</del> <ins>{}</ins>", self.named(self.val_a), self.named(self.val_b))


class ComparedPanel(FieldPanel):
    """A panel with its own way to compare."""

    def __init__(self, field_name: str, comparison: Callable[..., FieldComparison], **kwargs: Any) -> None:
        super().__init__(field_name, **kwargs)
        self.comparison = comparison

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"comparison": self.comparison}

    def get_comparison_class(self) -> Callable[..., FieldComparison]:
        return self.comparison


def fact_panel(field_name: str, heading: Any = "") -> Panel:
    """A field of a yes and no, a day or a time, which are compared as people say them."""
    return ComparedPanel(field_name, partial(NamedComparison, named=_fact), heading=heading)


def title_panel() -> Panel:
    return FieldPanel("title", classname="title", help_text=" ", widget=AdminAutoHeightTextInput(attrs={"placeholder": _("Title")}))


def text_panel() -> Panel:
    return ComparedPanel("body", TextComparison, heading=_("Text"))


def files_panel(field_name: str, heading: Any) -> Panel:
    return ComparedPanel(field_name, partial(NamedComparison, named=_file_names), heading=heading)


def audience_panel() -> Panel:
    return ComparedPanel("audience", partial(NamedComparison, named=_audience_name), heading=_("Who may see it"))


def schedule_panel() -> Panel:
    return MultiFieldPanel([fact_panel("go_live_at", _("Publish at")), fact_panel("expire_at", _("Expires at"))], heading=_("When"))


def tabs(content: Iterable[Panel], publication: Iterable[Panel], form: type[PageEditorForm]) -> TabbedInterface:
    """What is read, and how it is published."""
    return TabbedInterface([ObjectList(list(content), heading=_("Content")), ObjectList(list(publication), heading=_("Publication"))], base_form_class=form)


def _fact(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return "—" if value is None else str(yesno(value))


def _audience_name(pk: int | None) -> str:
    return describe_rule(Audience.objects.get(pk=pk).rule) if pk is not None else "—"


def _file_names(value: Any) -> str:
    ids = value if isinstance(value, list) else [value] if value else []
    names = dict(Attachment.objects.filter(pk__in=ids).values_list("pk", "name"))
    return ", ".join(names.get(pk, "—") for pk in ids) or "—"
