"""A form field for such a text, and its control: a text area that becomes an editor where scripts run."""

import re
from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.foundation.errors import PortalError
from portal.foundation.rich_text.cleaning import clean_html

MARKUP = re.compile(r"</?[a-zA-Z][^>]*>")
EMPTY_LINES = re.compile(r"\n[ \t]*\n\s*")


class RichTextWidget(forms.Textarea):
    """`upload_url` takes a picture by POST (multipart, field `file`) and answers `{"url": "/files/<uuid>/picture/"}`; without it there are no pictures."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, upload_url: str = "") -> None:
        super().__init__(attrs)
        self.upload_url = upload_url


class RichTextField(forms.CharField):
    """Cleans to HTML that may be stored. Plain text, as typed without scripts, becomes paragraphs."""

    widget = RichTextWidget

    def __init__(self, *, upload_url: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("strip", False)
        super().__init__(**kwargs)
        if upload_url and isinstance(self.widget, RichTextWidget):
            self.widget.upload_url = upload_url

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
