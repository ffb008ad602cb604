"""A form field for such a text, and its control: a text area that becomes an editor where scripts run."""

import json
import re
from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.foundation.errors import PortalError
from portal.foundation.rich_text.cleaning import clean_html

Tool = tuple[str, str, str | Promise]

MARKUP = re.compile(r"</?[a-zA-Z][^>]*>")
EMPTY_LINES = re.compile(r"\n[ \t]*\n\s*")
TOOLS: tuple[tuple[Tool, ...], ...] = (
    (
        ("bold", "bold", gettext_lazy("Bold")),
        ("italic", "italic", gettext_lazy("Italic")),
        ("underline", "underline", gettext_lazy("Underline")),
        ("heading", "heading", gettext_lazy("Heading")),
        ("subheading", "heading-2", gettext_lazy("Heading below it")),
    ),
    (
        ("numbers", "list-ordered", gettext_lazy("Numbered list")),
        ("bullets", "list", gettext_lazy("Bulleted list")),
        ("quote", "quote", gettext_lazy("Quotation")),
        ("center", "text-align-center", gettext_lazy("Center")),
        ("right", "text-align-end", gettext_lazy("Align right")),
    ),
    (
        ("table", "table", gettext_lazy("Insert a table")),
        ("link", "link", gettext_lazy("Link")),
        ("picture", "image", gettext_lazy("Picture")),
    ),
    (
        ("plain", "remove-formatting", gettext_lazy("Clear the formatting")),
        ("undo", "undo-2", gettext_lazy("Undo")),
        ("redo", "redo-2", gettext_lazy("Redo")),
    ),
)
TABLE_TOOLS: tuple[Tool, ...] = (
    ("row-after", "between-vertical-end", gettext_lazy("Row below")),
    ("column-after", "between-horizontal-end", gettext_lazy("Column to the right")),
    ("row-removal", "table-rows-split", gettext_lazy("Remove the row")),
    ("column-removal", "table-columns-split", gettext_lazy("Remove the column")),
    ("header-row", "panel-top", gettext_lazy("Header row")),
    ("cell-merge", "table-cells-merge", gettext_lazy("Merge or split cells")),
    ("table-removal", "trash-2", gettext_lazy("Remove the table")),
)


class RichTextWidget(forms.Textarea):
    """`upload_url` takes a picture by POST (multipart, field `file`) and answers `{"url": "/files/<uuid>/picture/"}`; without it there are no pictures.
    `calls_url` answers `?q=` with the people who can be called with @, as options with `data-call`; without it nobody is offered.

    Its media are for pages that have not the portal's own sheet and script, as Wagtail's admin; our pages need none.
    """

    template_name = "components/rich_text.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, upload_url: Any = "", placeholder: str | Promise = "") -> None:
        super().__init__({"rows": 12, **(attrs or {})})
        self.upload_url = upload_url
        self.calls_url: Any = ""
        self.placeholder = placeholder

    @property
    def media(self) -> forms.Media:
        return forms.Media(css={"all": ["css/rich-text.css"]}, js=[Script("js/rich-text/alone.js", type="module")])  # type: ignore[list-item]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        upload_url = str(self.upload_url)
        context["widget"] |= {"upload_url": upload_url, "calls_url": str(self.calls_url)}
        context["labels"] = json.dumps(
            {
                "placeholder": str(self.placeholder or _("Tables, lists and pictures pasted from Word stay; other formatting is dropped.")),
                "caption": _("Caption"),
                "missing": _("A picture did not come along: paste or drop it here by itself"),
                "notAlong": _("Some pictures did not come along; the places are marked, and readers do not see the marks."),
                "uploading": _("The picture is being uploaded…"),
                "failed": _("The picture could not be uploaded. Try it again."),
                "calls": _("People who can be called"),
                "onlyPictures": _("Only pictures can stand in the text. Add other files as attachments."),
            },
            ensure_ascii=False,
        )
        context["tools"] = [[tool for tool in group if upload_url or tool[0] != "picture"] for group in TOOLS]
        context["table_tools"] = TABLE_TOOLS
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        """A browser cannot show its complaint at a control that the editor hides; the server complains."""
        return False


class RichTextField(forms.CharField):
    """Cleans to HTML that may be stored. Plain text, as typed without scripts, becomes paragraphs."""

    widget = RichTextWidget

    def __init__(self, *, upload_url: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("strip", False)
        super().__init__(**kwargs)
        if upload_url:
            self.widget.upload_url = upload_url  # type: ignore[attr-defined]  # forms keep their own copy of the widget

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        try:
            return clean_html(typed if MARKUP.search(typed) else paragraphs_of(typed))
        except PortalError as error:
            raise ValidationError(str(error)) from error


def paragraphs_of(text: str) -> str:
    """Plain text as HTML: an empty line ends a paragraph, a line's end is a line's end."""
    parts = EMPTY_LINES.split(text.replace("\r\n", "\n").strip())
    return "".join(f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in parts if part.strip())
